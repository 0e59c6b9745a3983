// Translation of os_match and os_regex patterns to PCRE2 texts.
#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "text/pattern.h"

namespace gander::text {

std::string translate_os_match(std::string_view pattern);
tl::expected<std::string, PatternError> translate_os_regex(std::string_view pattern);

}  // namespace gander::text
