// LiteralForm: `^P`, `P$` and `^P$`, compared byte by byte with ASCII case folding, without PCRE2.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "text/pattern.h"

namespace gander::text {

struct LiteralForm {
  std::string lower;  // P, ASCII letters in lower case
  bool at_start = false;
  bool at_end = false;

  // The literal form of a pattern of this dialect; nullopt when it has to be searched.
  static std::optional<LiteralForm> of(Dialect dialect, std::string_view pattern);
  bool search(std::string_view subject, size_t& begin, size_t& end) const noexcept;
};

char ascii_lower(char c) noexcept;
bool equal_caseless(std::string_view subject, std::string_view lower) noexcept;

}  // namespace gander::text
