// BeginningTable: many patterns asked at once which of them a text may match, by its first eight bytes.
//
// Owns:    its table (a few KiB a hundred patterns).
// Threads: immutable after finish().
// Cost:    eight look-ups of a bit row, whatever the number of patterns (a row has a bit for each beginning).
// Fails:   cannot. Passing proves nothing; a pattern that is left out does not match.
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <vector>

#include "decode/beginnings.h"

namespace gander::decode {

class BeginningTable {
 public:
  // Patterns are numbered in the order of the calls; empty beginnings: nothing is known of it.
  void add(const std::vector<Beginning>& beginnings);
  void finish();

  // Calls f(number) in rising order for those that may match.
  template <class F>
  void candidates(std::string_view text, const F& f) const {
    if (count_ == 0) return;
    const Row* rows[kBeginningSize] = {};
    for (size_t i = 0; i < kBeginningSize; ++i) {
      const size_t byte = i < text.size() ? static_cast<unsigned char>(text[i]) : kEnd;
      // A letter can be folded from several bytes: nothing is known of such a text.
      if (i < text.size() && byte >= kEnd) return all(f);
      rows[i] = &rows_[(i * kBytes + byte) * words_];
    }
    uint32_t last = UINT32_MAX;
    for (size_t word = 0; word < words_; ++word) {
      Row left = rows[0][word];
      for (size_t i = 1; i < kBeginningSize; ++i) left &= rows[i][word];
      for (; left != 0; left &= left - 1) {
        const uint32_t number = pattern_of_[word * 64 + static_cast<size_t>(std::countr_zero(left))];
        if (number != last) f(number);
        last = number;
      }
    }
  }

 private:
  using Row = uint64_t;
  static constexpr size_t kEnd = 128;  // stands for a place behind the text
  static constexpr size_t kBytes = kEnd + 1;

  template <class F>
  void all(const F& f) const {
    for (uint32_t number = 0; number < count_; ++number) f(number);
  }

  uint32_t count_ = 0;
  size_t words_ = 0;
  std::vector<Beginning> beginnings_;  // until finish()
  std::vector<uint32_t> pattern_of_;   // by beginning
  std::vector<Row> rows_;              // by place, byte and word
};

}  // namespace gander::decode
