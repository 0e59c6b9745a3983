// SpoolWriter: which segment of the spool the next frames go to, how much there is, and what may be removed.
//
// Owns:    numbers; the bytes are written with the batch.
// Threads: one thread.
// Fails:   A202 when the cap is reached and a reader still needs the oldest segment.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "store/places.h"

namespace gander::store {

class SpoolWriter {
 public:
  enum class Tail { Sound, Doubtful };  // Doubtful: a power cut may have torn it, so go on in a new segment

  SpoolWriter(std::string home, uint64_t segment_bytes, uint64_t cap)
      : home_(std::move(home)), segment_bytes_(segment_bytes), cap_(cap) {}

  Result<void> load(Tail tail);
  // Makes room for `bytes` and says where they belong.
  Result<SpoolPlace> place_for(uint64_t bytes);
  // The end of the segment is not where it should be: goes on in a new one.
  void leave_segment();
  void written(uint64_t bytes);
  size_t remove_passed();
  SpoolPlace end() const { return {segment_, in_segment_}; }
  uint64_t bytes() const { return total_; }

 private:
  // The number below which no reader needs a segment.
  uint64_t first_needed() const;

  std::string home_;
  uint64_t segment_bytes_;
  uint64_t cap_;
  uint64_t segment_ = 1;
  uint64_t in_segment_ = 0;
  uint64_t total_ = 0;
};

}  // namespace gander::store
