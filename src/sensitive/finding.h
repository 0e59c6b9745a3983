// Finding: a place that holds something sensitive, told without telling it.
//
// Owns:    the masked text. There is no way from a Finding to what was found but the bytes that the caller has.
// Threads: values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sensitive/kinds.h"

namespace gander::sensitive {

struct Finding {
  Kind kind = Kind::Card;
  std::string_view what;  // "Visa card", "GitHub token", "RSA private key, encrypted"; lives for ever
  uint64_t offset = 0;    // bytes from the start of the text or file
  uint64_t length = 0;    // bytes
  uint64_t line = 0;      // 1-based
  bool bare = false;      // a card number without groups or a word that names it: may be chance
  std::string masked;     // "4111********1111", "ghp_****"; of keys and passwords nothing: "****"
};

}  // namespace gander::sensitive
