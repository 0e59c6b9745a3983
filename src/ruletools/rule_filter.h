// RuleFilter: which rules `rules list` shows; all that is given must fit.
//
// Threads: values.
#pragma once

#include <string>
#include <vector>

#include "rules/rule_tree.h"

namespace gander::ruletools {

struct RuleFilter {
  int level = 0;                   // of this level or above
  std::vector<model::RuleId> ids;  // any of these
  std::string group;               // one whole word of the group string
  std::string tag;                 // a tag, its beginning, or a technique: "pci_dss", "T1110", "mitre_T1110.001"
  std::string file;                // a part of the file's name
  std::vector<std::string> words;  // each in the description, groups or a test, whatever the case

  bool fits(const rules::Rule& rule) const;
};

// In the order of their ids.
std::vector<const rules::Rule*> rules_that_fit(const rules::RuleTree& tree, const RuleFilter& filter);

}  // namespace gander::ruletools
