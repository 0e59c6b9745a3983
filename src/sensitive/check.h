// What the checks behind the prefilter share: the text, and what one of them found.
//
// Threads: functions of their arguments. Fails: never; `at` is inside the text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sensitive/kinds.h"

namespace gander::sensitive {

// A place that a check accepts.
struct Hit {
  Kind kind = Kind::Card;
  std::string_view what;
  size_t begin = 0;
  size_t end = 0;
  size_t shown_front = 0;  // bytes that may be shown, counted without separators for numbers
  size_t shown_back = 0;
  bool bare = false;  // see Finding
};

// What a check says of a run: the hit, and where the next check may begin (a run of digits is looked at once).
struct Look {
  std::optional<Hit> hit;
  size_t next = 0;
  bool near_miss = false;  // a bare number like a card's, but its checksum is wrong
};

// numbers.cpp
// `at`: the first digit of a run.
Look look_at_digits(std::string_view text, size_t at, KindSet kinds) noexcept;
// `at`: two capital letters and two digits.
std::optional<Hit> look_at_iban(std::string_view text, size_t at) noexcept;

// keys.cpp; `at`: the word BEGIN, PuTT or AGE-.
std::optional<Hit> look_at_key(std::string_view text, size_t at) noexcept;

// tokens.cpp; `at`: where the prefix of a token may begin.
std::optional<Hit> look_at_token(std::string_view text, size_t at) noexcept;

// passwords.cpp; `at`: the colon of "://", or the start of a word such as "pass" inside a name.
std::optional<Hit> look_at_url(std::string_view text, size_t at) noexcept;
Look look_at_name(std::string_view text, size_t at, KindSet kinds) noexcept;

}  // namespace gander::sensitive
