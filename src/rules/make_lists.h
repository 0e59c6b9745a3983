// make_lists: compiles the text lists of the configuration, as `gander makelists` and ossec-makelists do.
//
// Threads: one call, one thread.
// Fails:   a list that cannot be read or written is said through `log`; the others are still made.
#pragma once

#include <functional>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

namespace gander::rules {

struct ListSource {
  std::string name;       // as OSSEC shows it, without ".cdb": "rules/blocked"
  std::string text_path;  // key:value lines
  std::string cdb_path;   // to write
};

enum class MakeLists { Outdated, All };

// ` * File …` lines go to `out`, with All one line for each entry to `err`, OSSEC's log lines (without time) to `log`.
// The number of lists that could not be made.
size_t make_lists(std::span<const ListSource> lists, MakeLists which, std::ostream& out, std::ostream& err,
                  const std::function<void(const std::string&)>& log);

}  // namespace gander::rules
