// Gate: the first bytes that a text must have for a pattern to match it; most patterns are told "no" by it alone.
//
// Threads: immutable after construction.
// Cost:    one table look-up.
// Fails:   a pattern that it does not understand lets every text pass: passing proves nothing, not passing does.
#pragma once

#include <bitset>
#include <string_view>

#include "text/pattern.h"

namespace gander::decode {

class Gate {
 public:
  // Lets everything pass.
  Gate() { first_.set(); }
  Gate(text::Dialect dialect, std::string_view pattern);

  bool passes(std::string_view subject) const noexcept {
    return first_[subject.empty() ? kEmpty : static_cast<unsigned char>(subject.front())];
  }
  // Number of places in a table by first byte; place_of() is below it.
  static constexpr size_t kPlaces = 257;
  static size_t place_of(std::string_view subject) noexcept {
    return subject.empty() ? kEmpty : static_cast<unsigned char>(subject.front());
  }
  bool passes_place(size_t place) const noexcept { return first_[place]; }

 private:
  static constexpr size_t kEmpty = 256;
  std::bitset<kPlaces> first_;
};

}  // namespace gander::decode
