// required_literals: words that a text must hold, at least one of them, for a PCRE2 pattern to match.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gander::text {

constexpr size_t kShortestRequired = 3;  // bytes; shorter words occur everywhere

// ASCII, lower case, to be searched without case; empty when nothing is sure. Holds for a search with CASELESS, in UTF
// mode only for texts without the letters U+212A and U+017F, which fold to k and s.
std::vector<std::string> required_literals(std::string_view pcre2);

// Whether a word holds a letter to which one outside ASCII folds.
bool has_folding_letter(std::string_view lower) noexcept;
// Whether a text holds one of those two letters.
bool holds_folding_letter(std::string_view utf8) noexcept;

}  // namespace gander::text
