#include "integrity/examiner.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <utility>

#include "integrity/attributes.h"

namespace gander::integrity {
namespace {

// File systems keep times in ticks of up to two seconds: a change within one tick of the last look may not show.
constexpr int64_t kTick = 2'000'000'000;
constexpr int kTries = 3;
constexpr int kReadFlags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

int64_t nanoseconds(const struct statx_timestamp& t) {
  return static_cast<int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

Stamp stamp_of(const struct statx& x) {
  return {(static_cast<uint64_t>(x.stx_dev_major) << 32) | x.stx_dev_minor, x.stx_ino, x.stx_size,
          nanoseconds(x.stx_mtime), nanoseconds(x.stx_ctime)};
}

// What is told of the entry itself.
void take_entry(const struct statx& x, FileState& s) {
  s.size = x.stx_size;
  s.mode = x.stx_mode;
  s.uid = x.stx_uid;
  s.gid = x.stx_gid;
  s.entry_changed_ns = nanoseconds(x.stx_ctime);
}

int stat_entry(const Request& r, int flags, struct statx& out) {
  return ::statx(r.directory, r.name, flags, STATX_BASIC_STATS, &out) == 0 ? 0 : errno;
}

bool is_gone(int error) {
  return error == ENOENT || error == ENOTDIR;
}

bool seen_whole(const FileState& s) {
  return s.stamp.changed_ns < s.read_ns - kTick && !s.has(FileState::Unstable) && !s.has(FileState::Gone);
}

// Not owner and not root: the kernel refuses to leave the access time alone.
base::Descriptor open_entry(const Request& r, int flags) {
  base::Descriptor fd(::openat(r.directory, r.name, flags | O_NOATIME));
  if (!fd && errno == EPERM) fd = base::Descriptor(::openat(r.directory, r.name, flags));
  return fd;
}

// The file behind a link, opened only once it is known to be a regular one.
base::Descriptor open_target(const Request& r) {
  const base::Descriptor path(::openat(r.directory, r.name, O_PATH | O_CLOEXEC));
  struct stat target {};
  if (!path || ::fstat(path.get(), &target) != 0 || !S_ISREG(target.st_mode)) return base::Descriptor();
  const std::string again = "/proc/self/fd/" + std::to_string(path.get());
  return base::Descriptor(::open(again.c_str(), kReadFlags));
}

}  // namespace

Examined Examiner::examine(const Request& request) {
  Examined out;
  Look look{&request, &out};
  for (bool reads = begin(look); reads; reads = after_reading(look)) read_one(look);
  return out;
}

// Entries in order; a lane whose file is to be read once more goes on with it.
class Examiner::Looks final : public TwoFiles::Source {
 public:
  Looks(Examiner& examiner, std::span<const Request> requests, std::span<Examined* const> out)
      : examiner_(examiner), requests_(requests), out_(out) {}

  Reading* next(size_t lane) override {
    Look& look = looks_[lane];
    if (std::exchange(again_[lane], false)) return &look.reading;
    while (next_ < requests_.size()) {
      look = {&requests_[next_], out_[next_]};
      ++next_;
      for (bool reads = examiner_.begin(look); reads; reads = examiner_.after_reading(look)) {
        const bool in_step = (look.reading.checks & Check::Sha256) != 0 && !look.sparse;
        if (in_step) return &look.reading;
        examiner_.read_one(look);
      }
    }
    return nullptr;
  }
  void ended(size_t lane) override { again_[lane] = examiner_.after_reading(looks_[lane]); }

 private:
  Examiner& examiner_;
  std::span<const Request> requests_;
  std::span<Examined* const> out_;
  size_t next_ = 0;
  std::array<Look, Sha256Lanes::kLanes> looks_;
  std::array<bool, Sha256Lanes::kLanes> again_{};
};

void Examiner::examine(std::span<const Request> requests, std::span<Examined* const> out) {
  if (source_ || !Sha256Lanes::available()) {
    for (size_t i = 0; i < requests.size(); ++i) *out[i] = examine(requests[i]);
    return;
  }
  if (!two_) two_ = std::make_unique<TwoFiles>(stop_);
  Looks looks(*this, requests, out);
  two_->run(looks);
}

// True: its content has to be read, and is open.
bool Examiner::begin(Look& look) {
  const Request& r = *look.request;
  Examined& out = *look.out;
  struct statx entry {};
  if (const int error = stat_entry(r, AT_SYMLINK_NOFOLLOW, entry); error != 0) {
    out.outcome = is_gone(error) ? Outcome::Vanished : Outcome::Unreadable;
    out.error = error;
    return false;
  }
  look.is_link = S_ISLNK(entry.stx_mode);
  if (!look.is_link && !S_ISREG(entry.stx_mode)) return false;
  FileState& s = out.state;
  s.checks = r.checks & config::WatchedPaths::kAll;
  take_entry(entry, s);
  s.read_ns = r.now_ns;
  s.stamp = stamp_of(entry);
  if (look.is_link) {
    struct statx target {};
    s.stamp = stat_entry(r, 0, target) == 0 && S_ISREG(target.stx_mode) ? stamp_of(target) : Stamp{};
    entry.stx_blocks = target.stx_blocks;
    if (r.skip_directory_links && S_ISDIR(target.stx_mode)) return false;
  }
  if (r.content == Content::WhenMetadataDiffer && r.before && r.before->stamp == s.stamp &&
      r.before->entry_changed_ns == s.entry_changed_ns && r.before->checks == s.checks && seen_whole(*r.before)) {
    out.outcome = Outcome::Unchanged;
    return false;
  }
  out.outcome = Outcome::Read;
  look.allocated = entry.stx_blocks * 512;
  look.flags = entry.stx_attributes;
  const unsigned sums = r.checks & config::WatchedPaths::kSum;
  const bool no_content = sums == 0 || (look.is_link && s.stamp == Stamp{});
  std::optional<Digests> known;
  if (!no_content && look.is_link && cache_) known = cache_->find(s.stamp, sums);
  if (known) s.digests = *known;
  if (!no_content && !known) return open_content(look);
  take_attributes(look, -1);
  return false;
}

void Examiner::take_attributes(const Look& look, int fd) {
  const Request& r = *look.request;
  if (!r.attributes) return;
  look.out->state.attributes =
      fd >= 0 ? read_attributes(fd, "", look.flags)
              : read_attributes(-1, "/proc/self/fd/" + std::to_string(r.directory) + "/" + r.name, look.flags);
}

bool Examiner::open_content(Look& look) {
  const Request& r = *look.request;
  Examined& out = *look.out;
  look.fd = look.is_link ? open_target(r) : open_entry(r, kReadFlags | O_NOFOLLOW);
  if (!look.fd) {
    if (look.is_link) return false;  // not a regular file any more: there is no content
    // ELOOP: became a link since it was looked at; the next scan sees what it is.
    out.outcome = is_gone(errno) || errno == ELOOP || errno == ENXIO ? Outcome::Vanished : Outcome::Unreadable;
    out.error = errno;
    return false;
  }
  if (look.tries > 0) {
    // It was not what it seemed: look before reading.
    struct statx now {};
    if (::statx(look.fd.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &now) != 0 || !S_ISREG(now.stx_mode)) {
      out.outcome = Outcome::Vanished;
      return false;
    }
    out.state.stamp = stamp_of(now);
    look.allocated = now.stx_blocks * 512;
  }
  look.reading = {};
  look.reading.fd = look.fd.get();
  look.reading.expected = out.state.stamp.size;
  look.reading.checks = r.checks & config::WatchedPaths::kSum;
  look.sparse = is_sparse(look.reading.expected, look.allocated);
  return true;
}

// By itself, where it cannot be read in step with another.
void Examiner::read_one(Look& look) {
  Reading& reading = look.reading;
  unsigned of_file = reading.checks;
  Digests filtered;
  if (source_) {
    const unsigned wanted = reading.checks & (Check::Md5 | Check::Sha1);
    if (wanted != 0 && source_->digests(look.request->path, hasher_, wanted, filtered)) of_file &= ~wanted;
  }
  reading.error =
      hasher_.read(reading.fd, reading.expected, look.allocated, of_file, stop_, reading.digests, reading.read_bytes);
  if (of_file == reading.checks) return;
  reading.digests.md5 = filtered.md5;
  reading.digests.sha1 = filtered.sha1;
  reading.digests.present |= filtered.present;
}

// True: it changed meanwhile, has to be read once more, and is open.
bool Examiner::after_reading(Look& look) {
  Examined& out = *look.out;
  FileState& s = out.state;
  const base::Descriptor fd = std::move(look.fd);
  out.read_bytes += look.reading.read_bytes;
  const int error = look.reading.error;
  const bool last = ++look.tries == kTries;
  struct statx after {};
  const bool looked = error == 0 && ::statx(fd.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &after) == 0;
  if (error != 0 && error != EOVERFLOW && error != EAGAIN) {
    out.outcome = error == ECANCELED ? Outcome::Stopped : Outcome::Unreadable;
    out.error = error;
    return false;
  }
  if (!looked) {
    if (!last) return open_content(look);
    out.outcome = Outcome::Unreadable;
    out.error = EAGAIN;
    return false;
  }
  s.digests = look.reading.digests;
  const bool steady = stamp_of(after) == s.stamp;
  s.stamp = stamp_of(after);
  if (!steady && !look.is_link) take_entry(after, s);
  if (!steady && !last) return open_content(look);
  if (!steady) s.flags |= FileState::Unstable;
  take_attributes(look, look.is_link ? -1 : fd.get());
  if (steady && cache_) cache_->add(s.stamp, s.digests);
  return false;
}

}  // namespace gander::integrity
