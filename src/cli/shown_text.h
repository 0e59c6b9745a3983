// Text of strangers as a terminal may show it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace gander::cli {

// Bytes that act on a terminal, and those that are no UTF-8, as "?".
std::string shown_text(std::string_view text);
// "45 s", "10 min", "3 h 20 min", "2 d 4 h"; negative ones as "0 s".
std::string shown_duration(std::chrono::seconds time);

}  // namespace gander::cli
