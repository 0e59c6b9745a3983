// DirectoryList: the names of one directory in byte order, small enough for a directory of millions.
//
// Owns:    all names in one string.
// Threads: values.
// Fails:   read() gives errno of the read that failed; what was read before is there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander::integrity {

class DirectoryList {
 public:
  // `fd` stays open; its place moves.
  int read(int fd);

  size_t size() const { return starts_.size(); }
  std::string_view name(size_t i) const { return names_.data() + starts_[i] + 1; }
  // Zero-terminated.
  const char* c_name(size_t i) const { return names_.data() + starts_[i] + 1; }
  // DT_… of <dirent.h>
  unsigned char type(size_t i) const { return static_cast<unsigned char>(names_[starts_[i]]); }

 private:
  std::string names_;  // type, name, zero byte
  std::vector<uint32_t> starts_;
};

}  // namespace gander::integrity
