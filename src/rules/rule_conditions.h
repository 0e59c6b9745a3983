// ConditionSet: the tests of one definition of a rule, kept apart by origin so that an overwriting definition can
// replace some of them and keep others (spec of overwrite in docs/compat.md).
//
// Owns:    shares the conditions.
// Threads: one loader call.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "rules/rule.h"
#include "rules/rule_draft.h"
#include "rules/rule_findings.h"
#include "rules/rule_loader.h"

namespace gander::rules {

struct ConditionSet {
  std::array<std::shared_ptr<const Condition>, kSlotCount> plain;
  std::array<std::shared_ptr<const Condition>, kSlotCount> pcre2;  // tested where there is no plain form
  std::vector<std::shared_ptr<const Condition>> fields;
  std::vector<std::shared_ptr<const Condition>> lists;
  // The definition has an element of the group; without one OSSEC skips all tests of the group.
  bool packet = false;
  bool extra = false;

  // Sets the conditions of `rule`, in the order in which they are tested.
  void apply_to(Rule& rule) const;
};

// Compiles the texts of `draft`; a pattern that does not compile is reported and marks the draft as broken.
ConditionSet compile_conditions(RuleDraft& draft, RuleFindings& findings, const RuleLoaderOptions& options);

// The pattern of if_matched_group or if_matched_regex; null when it does not compile, which has been reported.
std::shared_ptr<const text::Pattern> compile_shared(text::Dialect dialect, const JoinedText& text, RuleDraft& draft,
                                                    RuleFindings& findings, const RuleLoaderOptions& options);

// What the overwriting definition `from` leaves of the one in force, `to`.
void overwrite_conditions(ConditionSet& to, const ConditionSet& from);

}  // namespace gander::rules
