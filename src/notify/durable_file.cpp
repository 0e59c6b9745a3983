#include "notify/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace gander::notify {
namespace {

int write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written == 0 ? EIO : errno;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

}  // namespace

Result<void> write_durably(const std::string& path, std::string_view content) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
  if (file < 0) return fail("I002", path + ": " + std::strerror(errno));
  int problem = write_all(file, content);
  if (::close(file) != 0 && problem == 0) problem = errno;
  if (problem == 0) return {};
  ::unlink(path.c_str());
  return fail("I002", path + ": " + std::strerror(problem));
}

Result<void> replace_durably(const std::string& path, std::string_view content) {
  const std::string next = path + ".new";
  if (Result<void> written = write_durably(next, content); !written) return written;
  if (::rename(next.c_str(), path.c_str()) != 0) {
    const int problem = errno;
    ::unlink(next.c_str());
    return fail("I002", path + ": " + std::strerror(problem));
  }
  sync_folder(path.substr(0, path.rfind('/')));
  return {};
}

void sync_folder(const std::string& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return;
  ::fsync(file);
  ::close(file);
}

}  // namespace gander::notify
