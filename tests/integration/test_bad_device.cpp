// Preloaded by tests: a device that dies. Reading any file whose path holds $GANDER_TEST_BAD_DEVICE fails, and so does
// opening a name that holds it as a directory.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

const char* bad_name() {
  static const char* const name = std::getenv("GANDER_TEST_BAD_DEVICE");
  return name;
}

bool is_bad(int fd) {
  if (bad_name() == nullptr) return false;
  char link[64];
  char path[4096];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t size = ::readlink(link, path, sizeof path - 1);
  if (size <= 0) return false;
  path[size] = '\0';
  return std::strstr(path, bad_name()) != nullptr;
}

}  // namespace

extern "C" {

ssize_t read(int fd, void* out, size_t size) {
  if (is_bad(fd)) {
    errno = EIO;
    return -1;
  }
  return ::syscall(SYS_read, fd, out, size);
}

int openat(int directory, const char* name, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if ((flags & O_DIRECTORY) != 0 && bad_name() != nullptr && std::strstr(name, bad_name()) != nullptr) {
    errno = EIO;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_openat, directory, name, flags, mode));
}
}
