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
