#include "store/spool.h"

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/file.h"
#include "model/alert_record.h"
#include "store/posix_file.h"
#include "store/spool_files.h"

namespace gander::store {
namespace {

constexpr size_t kReadSize = size_t{1} << 20;

uint32_t load32(const char* bytes) {
  uint32_t value = 0;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

uint32_t checksum(std::string_view record) {
  return static_cast<uint32_t>(XXH3_64bits(record.data(), record.size()));
}

}  // namespace

void finish_frame(std::string& frames, size_t begin, size_t end) {
  const std::string_view record = std::string_view(frames).substr(begin + kFrameHead, end - begin - kFrameHead);
  const uint32_t words[2] = {static_cast<uint32_t>(record.size()), checksum(record)};
  std::memcpy(frames.data() + begin, words, sizeof words);
}

Frame first_frame(std::string_view bytes) {
  if (bytes.size() < kFrameHead) return {};
  const size_t size = load32(bytes.data());
  if (size == 0 || size > model::kMaxRecord) return {Frame::State::Damaged, {}, 0};
  if (bytes.size() - kFrameHead < size) return {Frame::State::NeedsMore, {}, kFrameHead + size};
  const std::string_view record = bytes.substr(kFrameHead, size);
  if (checksum(record) != load32(bytes.data() + 4)) return {Frame::State::Damaged, {}, 0};
  return {Frame::State::Whole, record, kFrameHead + size};
}

struct SpoolReader::Impl {
  std::string home;
  std::string name;
  PosixFile segment;
  SpoolPlace place;    // behind the record given last
  std::string buffer;  // bytes of the segment from `at` on
  uint64_t at = 0;
  bool broken = false;  // the rest of this segment is not read
  uint64_t skipped = 0;
  int watch = -1;

  ~Impl() {
    if (watch >= 0) ::close(watch);
  }

  Result<void> open_watch() {
    const std::string folder = spool_folder(home);
    watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watch < 0) return tl::unexpected(system_error("A204", "watch", folder, errno));
    if (::inotify_add_watch(watch, folder.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_ONLYDIR) < 0) {
      return tl::unexpected(system_error("A204", "watch", folder, errno));
    }
    return {};
  }

  void go_to(SpoolPlace to) {
    place = to;
    at = to.offset;
    buffer.clear();
    broken = false;
    segment.close();
  }

  // Moves to a segment that exists; false: there is none yet.
  Result<bool> open_segment() {
    if (segment.is_open()) return true;
    const std::string path = base::join(home, segment_name(place.segment));
    Result<PosixFile> opened = PosixFile::open_read(path);
    if (opened) {
      segment = std::move(*opened);
      return true;
    }
    if (base::exists(path)) return tl::unexpected(opened.error());
    const std::vector<uint64_t> segments = segments_of(home);
    const auto next = std::lower_bound(segments.begin(), segments.end(), place.segment);
    if (next == segments.end()) return false;
    if (*next == place.segment) return false;  // it came just now
    go_to({*next, 0});
    return open_segment();
  }

  Frame frame() const { return first_frame(std::string_view(buffer).substr(static_cast<size_t>(place.offset - at))); }

  // More bytes behind those that are there. False: there are none.
  Result<bool> fill(size_t wanted) {
    buffer.erase(0, static_cast<size_t>(place.offset - at));
    at = place.offset;
    std::string more;
    const size_t size = std::max(kReadSize, wanted > buffer.size() ? wanted - buffer.size() : 0);
    const Result<void> read = segment.read_at(at + buffer.size(), size, more);
    if (!read) return tl::unexpected(read.error());
    buffer += more;
    return !more.empty();
  }

  // The end of this segment: the next one if there is one. Nobody adds to a segment once the next one exists, so what
  // is left then is what a power cut tore.
  Result<bool> next_segment() {
    const std::vector<uint64_t> segments = segments_of(home);
    const auto next = std::upper_bound(segments.begin(), segments.end(), place.segment);
    if (next == segments.end()) return false;
    if (!broken) {
      const Result<bool> more = fill(0);
      if (!more) return more;
      if (*more) return true;
    }
    const Result<uint64_t> size = segment.size();
    if (size && *size > place.offset) skipped += *size - place.offset;
    go_to({*next, 0});
    return true;
  }
};

SpoolReader::SpoolReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SpoolReader::~SpoolReader() = default;
SpoolReader::SpoolReader(SpoolReader&&) noexcept = default;
SpoolReader& SpoolReader::operator=(SpoolReader&&) noexcept = default;

Result<SpoolReader> SpoolReader::open(const std::string& home, std::string name, Start start) {
  auto impl = std::make_unique<Impl>();
  impl->home = home;
  impl->name = std::move(name);
  if (!impl->name.empty()) {
    const Result<void> made = make_folders_of(spool_folder(home) + "/readers/");
    if (!made) return tl::unexpected(made.error());
  }
  const Result<void> watched = impl->open_watch();
  if (!watched) return tl::unexpected(watched.error());
  const Result<SpoolPlace> known =
      impl->name.empty() ? fail("A204", "") : read_place_file(reader_file(home, impl->name));
  SpoolReader reader(std::move(impl));
  if (known) {
    const Result<void> sought = reader.seek(*known);
    if (!sought) return tl::unexpected(sought.error());
    return reader;
  }
  const Result<SpoolExtent> extent = spool_extent(home);
  if (!extent) return tl::unexpected(extent.error());
  reader.impl_->go_to(start == Start::Oldest ? extent->oldest : extent->end);
  const Result<void> published = reader.publish();
  if (!published) return tl::unexpected(published.error());
  return reader;
}

Result<std::optional<std::string_view>> SpoolReader::next() {
  Impl& s = *impl_;
  for (;;) {
    const Result<bool> there = s.open_segment();
    if (!there) return tl::unexpected(there.error());
    if (!*there) return std::nullopt;
    const Frame frame = s.broken ? Frame{} : s.frame();
    if (frame.state == Frame::State::Whole) {
      s.place.offset += frame.size;
      return frame.record;
    }
    if (frame.state == Frame::State::Damaged) s.broken = true;
    if (!s.broken) {
      const Result<bool> more = s.fill(frame.size);
      if (!more) return tl::unexpected(more.error());
      if (*more) continue;
    }
    const Result<bool> moved = s.next_segment();
    if (!moved) return tl::unexpected(moved.error());
    if (!*moved) {
      // A frame whose bytes are still on their way looks damaged; it is looked at again the next time.
      if (s.broken) s.go_to(s.place);
      return std::nullopt;
    }
  }
}

SpoolPlace SpoolReader::place() const {
  return impl_->place;
}

Result<void> SpoolReader::seek(SpoolPlace place) {
  impl_->go_to(place);
  const Result<bool> there = impl_->open_segment();
  if (!there) return tl::unexpected(there.error());
  return {};
}

Result<void> SpoolReader::publish() {
  if (impl_->name.empty()) return {};
  return write_place_file(reader_file(impl_->home, impl_->name), impl_->place);
}

int SpoolReader::descriptor() const {
  return impl_->watch;
}

void SpoolReader::drain() {
  char events[4096];
  while (::read(impl_->watch, events, sizeof events) > 0) {
  }
}

uint64_t SpoolReader::skipped_bytes() const {
  return impl_->skipped;
}

Result<void> SpoolReader::forget(const std::string& home, const std::string& name) {
  const std::string path = reader_file(home, name);
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return tl::unexpected(system_error("A201", "remove", path, errno));
  return {};
}

Result<SpoolExtent> spool_extent(const std::string& home) {
  SpoolExtent extent;
  const std::vector<uint64_t> segments = segments_of(home);
  for (const uint64_t segment : segments) {
    const Result<PosixFile> file = PosixFile::open_read(base::join(home, segment_name(segment)));
    if (!file) continue;  // removed meanwhile
    const Result<uint64_t> size = file->size();
    if (!size) return tl::unexpected(size.error());
    if (extent.end.segment == 0) extent.oldest = {segment, 0};
    extent.end = {segment, *size};
    extent.bytes += *size;
  }
  return extent;
}

}  // namespace gander::store
