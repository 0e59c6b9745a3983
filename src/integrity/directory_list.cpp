#include "integrity/directory_list.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>

namespace gander::integrity {
namespace {

// The kernel's record; glibc has no stream that leaves the descriptor to its owner.
struct Record {
  uint64_t inode;
  int64_t offset;
  uint16_t size;
  unsigned char type;
  char name[1];
};
constexpr size_t kNameAt = offsetof(Record, name);

}  // namespace

int DirectoryList::read(int fd) {
  alignas(Record) std::array<char, 32 * 1024> buffer;
  int error = 0;
  for (;;) {
    const long got = ::syscall(SYS_getdents64, fd, buffer.data(), buffer.size());
    if (got < 0) error = errno;
    if (got <= 0) break;
    for (long at = 0; at < got;) {
      uint16_t size = 0;
      std::memcpy(&size, buffer.data() + at + offsetof(Record, size), sizeof size);
      const char type = buffer[static_cast<size_t>(at) + offsetof(Record, type)];
      const std::string_view name(buffer.data() + at + kNameAt);
      at += size;
      if (name == "." || name == "..") continue;
      if (names_.size() + name.size() + 2 > UINT32_MAX) return EOVERFLOW;
      starts_.push_back(static_cast<uint32_t>(names_.size()));
      names_.append(1, type).append(name).append(1, '\0');
    }
  }
  const auto text = [&](uint32_t start) { return std::string_view(names_.data() + start + 1); };
  std::sort(starts_.begin(), starts_.end(), [&](uint32_t a, uint32_t b) { return text(a) < text(b); });
  return error;
}

}  // namespace gander::integrity
