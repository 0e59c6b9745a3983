#include "store/posix_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "base/time.h"

namespace gander::store {
namespace {

constexpr size_t kMostParts = 512;  // IOV_MAX is 1024

tl::unexpected<Error> failed(ErrorCode code, std::string_view what, const std::string& path, int number) {
  return tl::unexpected<Error>(system_error(code, what, path, number));
}

// All of the parts, however the kernel cuts them. 0 or an errno.
int write_all(int fd, uint64_t offset, std::span<iovec> parts) {
  while (!parts.empty()) {
    const auto count = static_cast<int>(std::min(parts.size(), kMostParts));
    const ssize_t n = ::pwritev(fd, parts.data(), count, static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return errno;
    offset += static_cast<uint64_t>(n);
    auto left = static_cast<size_t>(n);
    while (!parts.empty() && left >= parts.front().iov_len) {
      left -= parts.front().iov_len;
      parts = parts.subspan(1);
    }
    if (!parts.empty()) {
      parts.front().iov_base = static_cast<char*>(parts.front().iov_base) + left;
      parts.front().iov_len -= left;
      if (n == 0) return ENOSPC;
    }
  }
  return 0;
}

void halve(std::span<iovec> parts) {
  size_t total = 0;
  for (const iovec& part : parts) total += part.iov_len;
  size_t keep = total / 2;
  for (iovec& part : parts) {
    part.iov_len = std::min(part.iov_len, keep);
    keep -= part.iov_len;
  }
}

}  // namespace

Error system_error(ErrorCode code, std::string_view what, const std::string& path, int number) {
  return {code, "cannot " + std::string(what) + " '" + path + "': " + std::strerror(number), {path}};
}

PosixFile::~PosixFile() {
  close();
}

PosixFile::PosixFile(PosixFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)), path_(std::move(other.path_)) {}

PosixFile& PosixFile::operator=(PosixFile&& other) noexcept {
  if (this == &other) return *this;
  close();
  fd_ = std::exchange(other.fd_, -1);
  path_ = std::move(other.path_);
  return *this;
}

void PosixFile::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Result<PosixFile> PosixFile::open_read(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return failed("A204", "open", path, errno);
  return PosixFile(fd, path);
}

Result<PosixFile> PosixFile::open_write(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  int fd = ::open(path.c_str(), kFlags, 0640);
  if (fd < 0 && errno == ENOENT) {
    const Result<void> made = make_folders_of(path);
    if (!made) return tl::unexpected(made.error());
    fd = ::open(path.c_str(), kFlags, 0640);
  }
  if (fd < 0) return failed("A201", "create", path, errno);
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
    ::close(fd);
    return fail("A201", "cannot write '" + path + "': it is no file", {path});
  }
  return PosixFile(fd, path);
}

Result<uint64_t> PosixFile::size() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return failed("A204", "look at", path_, errno);
  return static_cast<uint64_t>(status.st_size);
}

Result<FileId> PosixFile::id() const {
  struct stat status {};
  if (::fstat(fd_, &status) != 0) return failed("A204", "look at", path_, errno);
  return FileId{status.st_dev, status.st_ino};
}

Result<void> PosixFile::write_at(uint64_t offset, std::string_view bytes, const FaultSeam& seam,
                                 std::string_view step) const {
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  return write_parts_at(offset, {&part, 1}, seam, step);
}

Result<void> PosixFile::write_parts_at(uint64_t offset, std::span<iovec> parts, const FaultSeam& seam,
                                       std::string_view step) const {
  int fault = seam ? seam(step) : 0;
  if (fault == kTorn) {
    halve(parts);
    fault = write_all(fd_, offset, parts);
    seam("torn");
    if (fault == 0) fault = ENOSPC;
  } else if (fault == 0) {
    fault = write_all(fd_, offset, parts);
  }
  if (fault != 0) return failed("A201", "write", path_, fault);
  return {};
}

Result<void> PosixFile::read_at(uint64_t offset, size_t size, std::string& out) const {
  out.resize(size);
  size_t done = 0;
  while (done < size) {
    const ssize_t n = ::pread(fd_, out.data() + done, size - done, static_cast<off_t>(offset + done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("A204", "read", path_, errno);
    if (n == 0) break;
    done += static_cast<size_t>(n);
  }
  out.resize(done);
  return {};
}

Result<void> PosixFile::truncate(uint64_t size) const {
  if (::ftruncate(fd_, static_cast<off_t>(size)) != 0) return failed("A201", "shorten", path_, errno);
  return {};
}

Result<void> PosixFile::flush_data() const {
  if (::fdatasync(fd_) != 0) return failed("A201", "flush", path_, errno);
  return {};
}

void PosixFile::begin_flush(uint64_t offset, uint64_t size) const {
  static_cast<void>(
      ::sync_file_range(fd_, static_cast<off64_t>(offset), static_cast<off64_t>(size), SYNC_FILE_RANGE_WRITE));
}

Result<void> make_folders_of(const std::string& path) {
  for (size_t slash = path.find('/', 1); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (::mkdir(folder.c_str(), 0770) != 0 && errno != EEXIST) {
      const int why = errno;
      struct stat status {};
      if (::stat(folder.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
      return failed("A201", "create", folder, why);
    }
  }
  return {};
}

bool file_id_at(const std::string& path, FileId& id) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  id = {status.st_dev, status.st_ino};
  return true;
}

Result<void> flush_folder(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("A201", "flush", path, errno);
  const int status = ::fsync(fd);
  const int why = errno;
  ::close(fd);
  // Some file systems have nothing to flush in a folder and say EINVAL.
  if (status != 0 && why != EINVAL) return failed("A201", "flush", path, why);
  return {};
}

std::string aside_suffix(int64_t unix_seconds) {
  const base::Civil c = base::TimeZone::utc().civil(base::from_unix(unix_seconds));
  char text[32];
  std::snprintf(text, sizeof text, "%04d%02d%02d-%02d%02d%02d", c.year % 10000, c.month, c.day, c.hour, c.minute,
                c.second);
  return text;
}

}  // namespace gander::store
