// What people write where a secret would stand: changeme, ${VAR}, xxxx, <password>, your-key-here.
//
// Threads: functions of their arguments.
#pragma once

#include <string_view>

namespace gander::sensitive {

// Of a password or another value in a configuration or URL.
bool is_placeholder(std::string_view value) noexcept;
// Of the letters behind a token's prefix: words, runs of one letter, 0123… or abcd….
bool is_placeholder_token(std::string_view body) noexcept;

}  // namespace gander::sensitive
