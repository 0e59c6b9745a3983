#include "integrity/examiner.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "integrity/attributes.h"
#include "integrity/descriptor.h"

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
Descriptor open_entry(const Request& r, int flags) {
  Descriptor fd(::openat(r.directory, r.name, flags | O_NOATIME));
  if (!fd && errno == EPERM) fd = Descriptor(::openat(r.directory, r.name, flags));
  return fd;
}

// The file behind a link, opened only once it is known to be a regular one.
Descriptor open_target(const Request& r) {
  const Descriptor path(::openat(r.directory, r.name, O_PATH | O_CLOEXEC));
  struct stat target {};
  if (!path || ::fstat(path.get(), &target) != 0 || !S_ISREG(target.st_mode)) return Descriptor();
  const std::string again = "/proc/self/fd/" + std::to_string(path.get());
  return Descriptor(::open(again.c_str(), kReadFlags));
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
  s.size = entry.stx_size;
  s.mode = entry.stx_mode;
  s.uid = entry.stx_uid;
  s.gid = entry.stx_gid;
  s.entry_changed_ns = nanoseconds(entry.stx_ctime);
  s.read_ns = r.now_ns;
  s.stamp = stamp_of(entry);
  if (is_link) {
    struct statx target {};
    s.stamp = stat_entry(r, 0, target) == 0 && S_ISREG(target.stx_mode) ? stamp_of(target) : Stamp{};
    if (r.skip_directory_links && S_ISDIR(target.stx_mode)) return out;
  }
  if (r.content == Content::WhenMetadataDiffer && r.before && r.before->stamp == s.stamp &&
      r.before->entry_changed_ns == s.entry_changed_ns && r.before->checks == s.checks && seen_whole(*r.before)) {
    out.outcome = Outcome::Unchanged;
    return out;
  }
  out.outcome = Outcome::Read;
  read_content(r, is_link, out);
  if (r.attributes && out.outcome == Outcome::Read) {
    const std::string path = "/proc/self/fd/" + std::to_string(r.directory) + "/" + r.name;
    s.attributes = read_attributes(-1, path, entry.stx_attributes);
  }
  return out;
}

void Examiner::read_content(const Request& r, bool is_link, Examined& out) {
  const unsigned sums = r.checks & config::WatchedPaths::kSum;
  if (sums == 0) return;
  for (int tries = 0; tries < kTries; ++tries) {
    const Descriptor fd = is_link ? open_target(r) : open_entry(r, kReadFlags | O_NOFOLLOW);
    if (!fd) {
      if (is_link) return;  // dangling, or not a regular file: there is no content
      // ELOOP: became a link since it was looked at; the next scan sees what it is.
      out.outcome = is_gone(errno) || errno == ELOOP || errno == ENXIO ? Outcome::Vanished : Outcome::Unreadable;
      out.error = errno;
      return;
    }
    struct statx before {};
    struct statx after {};
    if (::statx(fd.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &before) != 0 || !S_ISREG(before.stx_mode)) {
      out.outcome = Outcome::Vanished;
      return;
    }
    if (const int error = read_once(fd.get(), r, out); error != 0) {
      out.outcome = error == ECANCELED ? Outcome::Stopped : Outcome::Unreadable;
      out.error = error;
      return;
    }
    if (::statx(fd.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &after) != 0) continue;
    const Stamp read = stamp_of(after);
    const bool steady = stamp_of(before) == read;
    out.state.stamp = read;
    if (!is_link) {
      // What was read is what is told, should the name lead elsewhere by now.
      out.state.size = after.stx_size;
      out.state.mode = after.stx_mode;
      out.state.uid = after.stx_uid;
      out.state.gid = after.stx_gid;
      out.state.entry_changed_ns = nanoseconds(after.stx_ctime);
    }
    if (steady) return;
  }
  out.state.flags |= FileState::Unstable;
}

int Examiner::read_once(int fd, const Request& r, Examined& out) {
  const unsigned checks = r.checks & config::WatchedPaths::kSum;
  struct stat info {};
  if (::fstat(fd, &info) != 0) return errno;
  unsigned of_file = checks;
  Digests filtered;
  if (source_) {
    const unsigned wanted = checks & (Check::Md5 | Check::Sha1);
    if (wanted != 0 && source_->digests(r.path, hasher_, wanted, filtered)) of_file &= ~wanted;
  }
  const int error = hasher_.read(fd, static_cast<uint64_t>(info.st_size), static_cast<uint64_t>(info.st_blocks) * 512,
                                 of_file, stop_, out.state.digests, out.read_bytes);
  if (of_file != checks) {
    out.state.digests.md5 = filtered.md5;
    out.state.digests.sha1 = filtered.sha1;
    out.state.digests.present |= filtered.present;
  }
  return error;
}

}  // namespace gander::integrity
