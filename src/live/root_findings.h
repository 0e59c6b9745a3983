// RootFindings: what root checks have found, as queue/rootcheck/LOCATION keeps it: `!LAST!FIRST TEXT`, ten digits each.
//
// Threads: functions of their arguments.
// Fails:   cannot; a line of an old version is a text without times, comments and empty lines are left out.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gander::live {

struct RootFinding {
  int64_t last = 0;  // seen, seconds since 1970
  int64_t first = 0;
  std::string text;
};

std::vector<RootFinding> parse_findings(std::string_view content);
std::string findings_text(std::span<const RootFinding> findings);

}  // namespace gander::live
