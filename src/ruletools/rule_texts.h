// What tools say of a rule: its tags and groups, its parents, its tests as text.
//
// Threads: functions of their arguments; RulePlaces is immutable.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "rules/rule_tree.h"

namespace gander::ruletools {

// The words of a rule's group string, and those that are tags (rules/README.md, "Tags").
std::vector<std::string_view> groups_of(const rules::Rule& rule);
bool is_tag(std::string_view group);
// "T1110.001" of "mitre_T1110.001"; empty for another group.
std::string_view technique_of(std::string_view group);

// "match 'a|b'", as the rule has it.
std::string test_text(const rules::Condition& condition);
// "5 earlier events of rule 5710 within 120 s, same source_ip"; empty for a rule that does not count.
std::string counting_text(const rules::Rule& rule);
// Every test in the order in which they are made, those with memory included.
std::vector<std::string> tests_of(const rules::Rule& rule);

// Parents and children of rules in the tree.
class RulePlaces {
 public:
  explicit RulePlaces(const rules::RuleTree& tree);

  // Each once; empty for roots and rules that stand nowhere.
  const std::vector<const rules::Rule*>& parents(const rules::Rule& rule) const { return at(parents_, rule); }
  const std::vector<const rules::Rule*>& children(const rules::Rule& rule) const { return at(children_, rule); }
  bool is_root(const rules::Rule& rule) const { return parents(rule).empty(); }

 private:
  using Lists = std::unordered_map<const rules::Rule*, std::vector<const rules::Rule*>>;
  static const std::vector<const rules::Rule*>& at(const Lists& lists, const rules::Rule& rule);
  void walk(const rules::RuleNode& node);

  Lists parents_;
  Lists children_;
};

}  // namespace gander::ruletools
