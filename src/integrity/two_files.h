// TwoFiles: digests of many files, two of which are read at any time, so that their SHA-256 is made in step
// (sha256_lanes.h); MD5 and SHA-1 come from OpenSSL in the same read.
//
// Owns:    a buffer of 128 KiB and contexts for each of the two.
// Threads: one thread at a time.
// Cost:    one read of each file, no allocation.
// Fails:   as Hasher::read(), in Reading::error.
#pragma once

#include <array>
#include <atomic>
#include <vector>

#include "integrity/hasher.h"
#include "integrity/sha256_lanes.h"

namespace gander::integrity {

// A file that is open at its beginning, and what comes of reading it.
struct Reading {
  int fd = -1;
  uint64_t expected = 0;  // bytes, as far as is known
  unsigned checks = 0;    // with Check::Sha256
  Digests digests;
  uint64_t read_bytes = 0;
  int error = 0;
};

class TwoFiles {
 public:
  // Where the files come from.
  class Source {
   public:
    virtual ~Source() = default;
    // The next file for this lane; null: there is none. It stays as it is until ended().
    virtual Reading* next(size_t lane) = 0;
    virtual void ended(size_t lane) = 0;
  };

  // Only where Sha256Lanes::available(). `stop` may be null.
  explicit TwoFiles(const std::atomic<bool>* stop) : stop_(stop) {}

  void run(Source& source);

 private:
  struct Lane {
    Reading* reading = nullptr;  // null: none under way
    bool padded = false;         // the last blocks are there
    bool no_more = false;
    const uint8_t* data = nullptr;  // what is not hashed yet
    size_t blocks = 0;
    size_t rest = 0;  // bytes behind the blocks
    Hasher others;
    std::vector<uint8_t> buffer = std::vector<uint8_t>(Sha256Lanes::kBlock + kReadSize + Sha256Lanes::kMostPadding);
  };
  bool has_blocks(size_t lane, Source& source);
  int read_more(Lane& lane);
  void end(size_t lane, int error, Source& source);
  void skip(Lane& lane, size_t blocks);

  const std::atomic<bool>* stop_;
  Sha256Lanes sums_;
  std::array<Lane, Sha256Lanes::kLanes> lanes_;
};

}  // namespace gander::integrity
