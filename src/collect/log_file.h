// LogFile: an open log, its identity and its fingerprints. Opening never waits (a FIFO without writer) and has no
// effect.
//
// Owns:    the descriptor.
// Threads: one thread.
// Fails:   open() and read_at() give the system's error number.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "collect/place.h"

namespace gander::collect {

// What stands at a path.
struct FileLook {
  enum class Kind { Regular, Fifo, Other, None } kind = Kind::None;
  int error = 0;  // errno when Kind::None
  FileId id;
  uint64_t size = 0;
  int64_t changed = 0;  // last write, nanoseconds since 1970

  static FileLook at(const std::string& path);
};

class LogFile {
 public:
  LogFile() = default;
  ~LogFile() { close(); }
  LogFile(LogFile&& other) noexcept;
  LogFile& operator=(LogFile&& other) noexcept;

  // 0, or errno; EISDIR and ENOTSUP (neither file nor FIFO) among them.
  int open(const std::string& path);
  void close();
  bool is_open() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

  // As it is now.
  FileLook look() const;
  // Bytes read (0 at the end), or -errno.
  int64_t read_at(std::span<char> room, uint64_t offset) const;
  // FIFO: what is there (0: nothing now), or -errno.
  int64_t read_next(std::span<char> room) const;

  // Of `size` bytes from `from` on; size 0 when they are not all there.
  Fingerprint fingerprint(uint64_t from, uint32_t size) const;
  bool fits_head(const Fingerprint& head) const { return head.size == 0 || fingerprint(0, head.size) == head; }
  // The bytes before `offset`.
  bool fits_tail(const Fingerprint& tail, uint64_t offset) const {
    return tail.size == 0 || (offset >= tail.size && fingerprint(offset - tail.size, tail.size) == tail);
  }

 private:
  int descriptor_ = -1;
};

Fingerprint fingerprint_of(std::string_view bytes);

}  // namespace gander::collect
