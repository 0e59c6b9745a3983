// Sha256Lanes: SHA-256 of two messages in step. The processor's SHA instructions wait for each other within one
// message; with two, the waits of one are filled by the other, which hashes 1.7 times as many bytes a second as
// OpenSSL's one (docs/decisions/0005-two-files-at-a-time.md).
//
// Owns:    values.
// Threads: values; one thread at a time for each.
// Cost:    about one cycle a byte for each of two lanes.
// Fails:   cannot; only where available() says yes may compress() be called.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace gander::integrity {

class Sha256Lanes {
 public:
  static constexpr size_t kLanes = 2;
  static constexpr size_t kBlock = 64;
  static constexpr size_t kMostPadding = 2 * kBlock;

  // Whether this processor has the instructions.
  static bool available();

  // Begins a message in this lane.
  void start(size_t lane);
  // Takes `blocks` whole blocks of both messages.
  void compress(const std::array<const uint8_t*, kLanes>& data, size_t blocks);
  // The same for one of them.
  void compress(size_t lane, const uint8_t* data, size_t blocks);
  // The digest, after all blocks with the padding.
  std::array<uint8_t, 32> digest(size_t lane) const;

  // Puts the end of a message of `size` bytes behind its last `rest` (< kBlock) bytes at `data`, which has room for
  // kMostPadding; returns how many blocks that makes.
  static size_t pad(uint8_t* data, size_t rest, uint64_t size);

 private:
  // In the order of the instructions: ABEF, CDGH.
  struct alignas(16) Lane {
    std::array<uint32_t, 4> abef;
    std::array<uint32_t, 4> cdgh;
  };
  std::array<Lane, kLanes> lanes_{};
};

}  // namespace gander::integrity
