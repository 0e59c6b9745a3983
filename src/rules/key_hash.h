// KeyHash: stands for the values of a composite rule's key. 128 bits under a secret that is drawn at the start and
// never shown, so that nobody can look for two keys that meet, and chance does not find them (among 10^9 keys: 10^-21).
//
// Threads: immutable.
// Source:  XXH3 with a secret of 192 random bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "rules/event_copy.h"

namespace gander::rules {

struct KeyHash {
  uint64_t low = 0;
  uint64_t high = 0;

  // The event misses a value of the key.
  bool none() const { return low == 0 && high == 0; }
  bool operator==(const KeyHash&) const = default;
};

class KeyHasher {
 public:
  KeyHasher();
  KeyHash operator()(const model::Event& event, ComparedBits key) const;

 private:
  KeyHash of_text(std::string_view text) const;

  std::array<std::byte, 192> secret_{};
};

}  // namespace gander::rules
