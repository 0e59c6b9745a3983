// Option: one line of a section's table. Reading, checks, `gander explain` and the reference page all come from it.
//
// Owns:    nothing; tables are constants.
// Threads: constants.
#pragma once

#include <span>
#include <string_view>

namespace gander::config {

enum class Kind {
  Text,
  Path,
  YesNo,
  OnlyYes,      // anything but "yes" means no
  Present,      // the element's presence means yes
  Number,       // digits; `allowed` "0..20" bounds it
  Seconds,      // as Number
  Words,        // one of `allowed`, "a|b"
  AnyCaseWord,  // as Words, without case
  Numbers,      // list of numbers
  Mail,         // somebody@somewhere
  Address,      // address, address/bits or any, may be negated
  HostAddress,  // one address
  Match,        // match pattern
  Regex,        // OSSEC regex
  Time,         // 8:30, 20, 8:30 pm
  Days,         // monday, weekdays, !weekends
  Special       // read by the section itself; `allowed` says how in words
};

enum class NameCase { Exact, Any };
enum class Repeats { LastWins, Appends, FirstWins };
// Whether OSSEC's analysis reads the element, or only another daemon.
enum class ReadBy { Analysis, Others };
enum class Attributes { None, Some };
// What OSSEC says of a bad value before its closing lines.
enum class BadValue { Usual1235, Nothing, Port1205 };

struct OptionInfo {
  std::string_view name;
  Kind kind = Kind::Text;
  std::string_view allowed;
  std::string_view fallback;
  std::string_view help;
  Repeats repeats = Repeats::LastWins;
  NameCase name_case = NameCase::Exact;
  ReadBy read_by = ReadBy::Analysis;
  BadValue bad_value = BadValue::Usual1235;
  Attributes attributes = Attributes::None;
  std::string_view build = {};  // OSSEC knows it only in builds with this library
};

struct AttributeInfo {
  std::string_view element;
  std::string_view name;
  std::string_view allowed;
  std::string_view fallback;
  std::string_view help;
};

// "0..20" → bounds; false when `allowed` is no range.
bool parse_range(std::string_view allowed, long& least, long& most);

}  // namespace gander::config
