// LiteralForm: `^P`, `P$` and `^P$`, compared byte by byte with ASCII case folding, without PCRE2.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/pattern.h"

namespace gander::text {

struct LiteralForm {
  std::string lower;  // P, ASCII letters in lower case
  bool at_start = false;
  bool at_end = false;

  // The literal form of a pattern of this dialect; nullopt when it has to be searched.
  static std::optional<LiteralForm> of(Dialect dialect, std::string_view pattern);
  // The longest run of ASCII in P, if it is worth a search: a text without it does not match.
  std::vector<std::string> required() const;
  // A PCRE2 text that does the same, byte by byte.
  std::string as_pcre2() const;
  bool search(std::string_view subject, size_t& begin, size_t& end) const noexcept;
};

char ascii_lower(char c) noexcept;
bool equal_caseless(std::string_view subject, std::string_view lower) noexcept;

}  // namespace gander::text
