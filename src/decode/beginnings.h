// Beginnings: what a text must begin with for an anchored pattern to match it, as sets of bytes for its first places.
//
// Threads: any; pure.
// Fails:   cannot. A pattern that is not understood gives no beginnings: nothing is known of it. What is given is never
//          too narrow: a text without one of the beginnings does not match. Only ASCII texts are told: a letter can be
//          folded from more bytes than one.
#pragma once

#include <bitset>
#include <string_view>
#include <vector>

#include "text/pattern.h"

namespace gander::decode {

constexpr size_t kBeginningSize = 8;

// For each place from the first, the ASCII bytes that may stand there; the text is at least as long. At most
// kBeginningSize places, none empty.
using ByteSet = std::bitset<128>;
using Beginning = std::vector<ByteSet>;

// One for each way in which the pattern can begin; empty: not known.
std::vector<Beginning> beginnings_of(text::Dialect dialect, std::string_view pattern);
// The same of a PCRE2 pattern.
std::vector<Beginning> pcre2_beginnings(std::string_view pattern);

}  // namespace gander::decode
