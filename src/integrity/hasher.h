// Hasher: MD5, SHA-1 and SHA-256 of a file in one read.
//
// Owns:    OpenSSL's contexts and a read buffer, used again for each file.
// Threads: one thread at a time.
// Cost:    one read of the file, 128 KiB at a time; holes of sparse files are not read.
// Fails:   read() gives errno of the read that failed; a stop that was asked for gives ECANCELED, more than
//          twice the expected bytes (not the file that was looked at) EOVERFLOW.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "integrity/file_state.h"

namespace gander::integrity {

constexpr size_t kReadSize = 128 * 1024;
constexpr uint64_t kSparseFrom = 16 * 1024 * 1024;

// Whether a file has so large holes that they are not read.
inline bool is_sparse(uint64_t size, uint64_t allocated) {
  return size > kSparseFrom && allocated < size / 2;
}
// Tells the system how a large file is read.
void advise(int fd, uint64_t expected);
// Whether `read` bytes are too many for the file that was looked at.
bool too_long(uint64_t read, uint64_t expected);
// Whether a read of `got` bytes, the last of `read`, was the last one. A short read of a regular file is its end; one
// call saved on most files.
inline bool is_end(size_t got, uint64_t read, uint64_t expected) {
  return got == 0 || (got < kReadSize && read >= expected);
}

class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void start(unsigned checks);
  void add(std::string_view bytes);
  Digests finish();

  // From the descriptor's place to its end; 0 or errno. `read_bytes` counts what was read. The caller looks whether the
  // size (`expected`) changed meanwhile.
  int read(int fd, uint64_t expected, uint64_t allocated, unsigned checks, const std::atomic<bool>* stop,
           Digests& digests, uint64_t& read_bytes);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::integrity
