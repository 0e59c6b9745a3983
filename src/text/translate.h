// Translation of os_match and os_regex patterns to PCRE2 texts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "text/pattern.h"

namespace gander::text {

std::string translate_os_match(std::string_view pattern);
tl::expected<std::string, PatternError> translate_os_regex(std::string_view pattern);
// The character that a backslash and `c` stand for in an os_regex; nullopt for classes and for what is no escape.
std::optional<char> plain_escape(char c);
// Whether `pattern[i]` is a quantifier of an os_regex: only the raw byte two places back decides.
bool is_quantifier(std::string_view pattern, size_t i);

}  // namespace gander::text
