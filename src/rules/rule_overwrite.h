// From a RuleDraft to a Rule, and what an overwriting definition changes in an earlier rule.
//
// Threads: functions of their arguments.
// OSSEC:   overwrite takes over what 4.3 takes over and keeps the rest, oddities included (docs/compat.md).
#pragma once

#include "rules/rule.h"
#include "rules/rule_conditions.h"
#include "rules/rule_draft.h"
#include "rules/rule_loader.h"

namespace gander::rules {

// The rule of `draft`, without its conditions. Compiles the patterns of its correlation.
void fill_rule(Rule& rule, RuleDraft& draft, RuleFindings& findings, const RuleLoaderOptions& options);

// Puts the definition `from` over the rule `to`, which keeps its place, category and index.
void overwrite_rule(Rule& to, const Rule& from);

// Says which elements of an overwriting rule have no effect.
void warn_of_lost_elements(const Rule& to, const RuleDraft& draft, RuleFindings& findings);

}  // namespace gander::rules
