// lint: what is probably not meant in rules that load, beyond what their loader warns of (rules/rule_lint.h).
//
//   R220  never reached: it and a rule above it ask for different decoders
//   R221  never reached: a sibling with fewer of the same conditions comes first and is always taken
//   R222  the same as another rule: parents, conditions and counting
//   R223  no test expects it
//   R224  of level 3 or above, and no tag says what it means for ATT&CK or compliance
//   R225  slow: a repeated group in a PCRE2 pattern repeats again inside
//
// Threads: a function of its arguments.
// Cost:    siblings are compared in pairs.
#pragma once

#include <vector>

#include "base/diagnostic.h"
#include "rules/rule_tree.h"
#include "ruletools/test_finder.h"

namespace gander::ruletools {

// `packs`: the tests; null: whether there are tests is not asked.
void lint(const rules::RuleTree& tree, const std::vector<TestPack>* packs, Diagnostics& diagnostics);

// Whether an unbounded repetition holds another one that can match the same text in more than one way, as (a+)+ does.
// Possessive and atomic ones do not count.
bool repeats_inside_repetition(std::string_view pcre2);

}  // namespace gander::ruletools
