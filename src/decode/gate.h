// Gate: the first bytes (at most eight) that a text must have for a pattern to match it; most patterns are told "no" by
// it alone.
//
// Threads: immutable after construction.
// Cost:    one table look-up, and one comparison an alternative of the pattern.
// Fails:   a pattern that it does not understand lets every text pass: passing proves nothing, not passing does.
#pragma once

#include <bitset>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "text/pattern.h"

namespace gander::decode {

class Gate {
 public:
  // Lets everything pass.
  Gate() { first_.set(); }
  Gate(text::Dialect dialect, std::string_view pattern);

  bool passes(std::string_view subject) const noexcept {
    return first_[place_of(subject)] && (known_.empty() || begins_well(subject));
  }
  // Number of places in a table by first byte; place_of() is below it.
  static constexpr size_t kPlaces = 257;
  static size_t place_of(std::string_view subject) noexcept {
    return subject.empty() ? kEmpty : static_cast<unsigned char>(subject.front());
  }
  bool passes_place(size_t place) const noexcept { return first_[place]; }

 private:
  static constexpr size_t kEmpty = 256;

  // Letters match without case: bytes are compared without the bit that tells the cases apart.
  struct Known {
    uint64_t bytes = 0;
    uint64_t mask = 0;  // of the bytes that are known
  };
  static constexpr uint64_t kFold = 0x2020202020202020;
  static constexpr uint64_t kNotAscii = 0x8080808080808080;

  static Known known_of(const std::vector<std::bitset<128>>& places);
  bool begins_well(std::string_view subject) const noexcept {
    uint64_t word = 0;
    std::memcpy(&word, subject.data(), subject.size() < sizeof word ? subject.size() : sizeof word);
    // What lies outside ASCII may fold to a letter.
    if ((word & kNotAscii) != 0) return true;
    word |= kFold;
    for (const Known& k : known_) {
      if ((word & k.mask) == k.bytes) return true;
    }
    return false;
  }

  std::bitset<kPlaces> first_;
  std::vector<Known> known_;  // the text begins with one of them; empty: not known
};

}  // namespace gander::decode
