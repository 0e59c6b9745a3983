// The tree of rules as text, for tests and `gander rules list`.
#pragma once

#include <string>

#include "rules/rule_tree.h"

namespace gander::rules {

enum class DumpDetail { Places, Conditions };

// One line a place, indented by depth: "100 level 5 rank 500 syslog, noalert: description". A rule that stands at
// several places shows their number. Conditions: one line each behind it, then its tests with memory.
std::string dump_rules(const RuleTree& tree, DumpDetail detail);

}  // namespace gander::rules
