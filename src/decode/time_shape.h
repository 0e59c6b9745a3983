// TimeShape: a written form of date and time as a text of fields, matched at the beginning of a text.
//
//   %Y %y year of 4 or 2 digits · %b month name · %m %d two digits · %e day, one or two digits or blank and digit
//   %H %M %S two digits · %k hour, blank and digit or two digits · %f fraction, if there · %a weekday name
//   %z UTC, GMT, Z or offset, if there · %Z zone word · %t a T or a blank · anything else stands for itself
//
// Threads: functions of their arguments.
// Cost:    a look at each character, no allocation.
// Fails:   impossible dates (31 February) and numbers out of range do not match.
#pragma once

#include <string_view>

#include "decode/timestamp.h"

namespace gander::decode {

// Length of what matched, 0 when it does not. A digit behind the match is a mismatch.
size_t match_time(std::string_view shape, std::string_view text, WrittenTime& time);

// "1140804070.368", "1768478400": ten digits and a fraction, if there.
size_t match_epoch(std::string_view text, WrittenTime& time);
// A whole number of seconds (10 digits, fraction allowed), milliseconds (13), microseconds (16) or nanoseconds (19).
bool read_epoch_number(std::string_view text, WrittenTime& time);

}  // namespace gander::decode
