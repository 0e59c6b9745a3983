// Line difference of two texts in the classic form (`2c2`, `< old`, `---`, `> new`).
//
// Threads: functions of their arguments.
// Cost:    time O((lines) * (differences)) up to a bound, then a coarser difference; memory O(lines).
// Fails:   cannot; total over all byte strings.
#pragma once

#include <string>
#include <string_view>

namespace gander::integrity {

// Empty when the texts are equal. A last line without its end is followed by "\ No newline at end of file".
std::string line_difference(std::string_view old_text, std::string_view new_text);

// The piece of a difference that OSSEC sends: 4095 bytes, 20 lines, and a mark when something was left out.
std::string shortened_difference(std::string_view difference);

}  // namespace gander::integrity
