#include "integrity/examiner.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/descriptor.h"
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

Examined Examiner::examine(const Request& r) {
  Examined out;
  struct statx entry {};
  if (const int error = stat_entry(r, AT_SYMLINK_NOFOLLOW, entry); error != 0) {
    out.outcome = is_gone(error) ? Outcome::Vanished : Outcome::Unreadable;
    out.error = error;
    return out;
  }
  const bool is_link = S_ISLNK(entry.stx_mode);
  if (!is_link && !S_ISREG(entry.stx_mode)) return out;
  FileState& s = out.state;
  s.checks = r.checks & config::WatchedPaths::kAll;
  take_entry(entry, s);
  s.read_ns = r.now_ns;
  s.stamp = stamp_of(entry);
  if (is_link) {
    struct statx target {};
    s.stamp = stat_entry(r, 0, target) == 0 && S_ISREG(target.stx_mode) ? stamp_of(target) : Stamp{};
    entry.stx_blocks = target.stx_blocks;
    if (r.skip_directory_links && S_ISDIR(target.stx_mode)) return out;
  }
  if (r.content == Content::WhenMetadataDiffer && r.before && r.before->stamp == s.stamp &&
      r.before->entry_changed_ns == s.entry_changed_ns && r.before->checks == s.checks && seen_whole(*r.before)) {
    out.outcome = Outcome::Unchanged;
    return out;
  }
  out.outcome = Outcome::Read;
  allocated_ = entry.stx_blocks * 512;
  read_content(r, is_link, entry.stx_attributes, out);
  return out;
}

void Examiner::read_content(const Request& r, bool is_link, uint64_t flags, Examined& out) {
  const unsigned sums = r.checks & config::WatchedPaths::kSum;
  FileState& s = out.state;
  const auto attributes = [&](int fd) {
    if (!r.attributes) return;
    s.attributes = fd >= 0 ? read_attributes(fd, "", flags)
                           : read_attributes(-1, "/proc/self/fd/" + std::to_string(r.directory) + "/" + r.name, flags);
  };
  const bool no_content = sums == 0 || (is_link && s.stamp == Stamp{});
  std::optional<Digests> known;
  if (!no_content && is_link && cache_) known = cache_->find(s.stamp, sums);
  if (known) s.digests = *known;
  if (no_content || known) return attributes(-1);
  for (int tries = 0; tries < kTries; ++tries) {
    const base::Descriptor fd = is_link ? open_target(r) : open_entry(r, kReadFlags | O_NOFOLLOW);
    if (!fd) {
      if (is_link) return;  // not a regular file any more: there is no content
      // ELOOP: became a link since it was looked at; the next scan sees what it is.
      out.outcome = is_gone(errno) || errno == ELOOP || errno == ENXIO ? Outcome::Vanished : Outcome::Unreadable;
      out.error = errno;
      return;
    }
    struct statx after {};
    if (tries > 0) {
      // It was not what it seemed: look before reading.
      if (::statx(fd.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &after) != 0 || !S_ISREG(after.stx_mode)) {
        out.outcome = Outcome::Vanished;
        return;
      }
      s.stamp = stamp_of(after);
      allocated_ = after.stx_blocks * 512;
    }
    const int error = read_once(fd.get(), r, s.stamp.size, allocated_, out);
    if (error == EOVERFLOW || error == EAGAIN) continue;
    if (error != 0) {
      out.outcome = error == ECANCELED ? Outcome::Stopped : Outcome::Unreadable;
      out.error = error;
      return;
    }
    if (::statx(fd.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &after) != 0) continue;
    const bool steady = stamp_of(after) == s.stamp;
    s.stamp = stamp_of(after);
    if (!steady && !is_link) take_entry(after, s);
    if (!steady && tries + 1 == kTries) s.flags |= FileState::Unstable;
    if (!steady && tries + 1 < kTries) continue;
    attributes(is_link ? -1 : fd.get());
    if (steady && cache_) cache_->add(s.stamp, s.digests);
    return;
  }
  out.outcome = Outcome::Unreadable;
  out.error = EAGAIN;
}

int Examiner::read_once(int fd, const Request& r, uint64_t size, uint64_t allocated, Examined& out) {
  const unsigned checks = r.checks & config::WatchedPaths::kSum;
  unsigned of_file = checks;
  Digests filtered;
  if (source_) {
    const unsigned wanted = checks & (Check::Md5 | Check::Sha1);
    if (wanted != 0 && source_->digests(r.path, hasher_, wanted, filtered)) of_file &= ~wanted;
  }
  const int error = hasher_.read(fd, size, allocated, of_file, stop_, out.state.digests, out.read_bytes);
  if (of_file != checks) {
    out.state.digests.md5 = filtered.md5;
    out.state.digests.sha1 = filtered.sha1;
    out.state.digests.present |= filtered.present;
  }
  return error;
}

}  // namespace gander::integrity
