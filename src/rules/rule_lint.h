// lint_rules: what is probably not meant in rules that load: for `gander check`, OSSEC says nothing of it.
//
// Threads: a function of its arguments.
// Cost:    one walk over the tree.
#pragma once

#include "base/diagnostic.h"
#include "rules/rule_tree.h"

namespace gander::rules {

void lint_rules(const RuleTree& tree, Diagnostics& diagnostics);

}  // namespace gander::rules
