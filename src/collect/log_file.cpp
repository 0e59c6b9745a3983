#include "collect/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace gander::collect {

namespace {

FileLook look_of(const struct stat& info) {
  FileLook look;
  look.kind = S_ISREG(info.st_mode)    ? FileLook::Kind::Regular
              : S_ISFIFO(info.st_mode) ? FileLook::Kind::Fifo
                                       : FileLook::Kind::Other;
  look.id = {info.st_dev, info.st_ino};
  look.size = info.st_size > 0 ? static_cast<uint64_t>(info.st_size) : 0;
  look.changed = int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
  return look;
}

}  // namespace

FileLook FileLook::at(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) == 0) return look_of(info);
  FileLook none;
  none.error = errno;
  return none;
}

LogFile::LogFile(LogFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

LogFile& LogFile::operator=(LogFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

int LogFile::open(const std::string& path) {
  close();
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor_ < 0) return errno;
  struct stat info {};
  int error = ::fstat(descriptor_, &info) == 0 ? 0 : errno;
  if (error == 0 && S_ISDIR(info.st_mode)) error = EISDIR;
  if (error == 0 && !S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) error = ENOTSUP;
  if (error != 0) close();
  return error;
}

void LogFile::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

FileLook LogFile::look() const {
  struct stat info {};
  if (::fstat(descriptor_, &info) == 0) return look_of(info);
  FileLook none;
  none.error = errno;
  return none;
}

int64_t LogFile::read_at(std::span<char> room, uint64_t offset) const {
  size_t got = 0;
  while (got < room.size()) {
    const ssize_t n = ::pread(descriptor_, room.data() + got, room.size() - got, static_cast<off_t>(offset + got));
    if (n == 0) break;
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return got > 0 ? static_cast<int64_t>(got) : -static_cast<int64_t>(errno);
    got += static_cast<size_t>(n);
  }
  return static_cast<int64_t>(got);
}

int64_t LogFile::read_next(std::span<char> room) const {
  for (;;) {
    const ssize_t n = ::read(descriptor_, room.data(), room.size());
    if (n >= 0) return n;
    if (errno == EAGAIN) return 0;
    if (errno != EINTR) return -static_cast<int64_t>(errno);
  }
}

Fingerprint LogFile::fingerprint(uint64_t from, uint32_t size) const {
  char room[FileMark::kHead];
  size = std::min<uint32_t>(size, sizeof room);
  const int64_t got = read_at({room, size}, from);
  if (got != static_cast<int64_t>(size)) return {};
  return fingerprint_of({room, size});
}

Fingerprint fingerprint_of(std::string_view bytes) {
  return {static_cast<uint32_t>(bytes.size()), XXH3_64bits(bytes.data(), bytes.size())};
}

}  // namespace gander::collect
