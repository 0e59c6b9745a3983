// RuleMap: which rule of a new ruleset goes on with the memory of which rule of the old one: that with the same id.
//
// Owns:    its table; points to rules of the new tree.
// Threads: immutable.
#pragma once

#include <vector>

#include "rules/rule_tree.h"

namespace gander::rules {

class RuleMap {
 public:
  RuleMap(const RuleTree& before, const RuleTree& now) : now_(before.rules.size()) {
    for (const auto& rule : before.rules) now_[rule->index] = now.find(rule->info.id);
  }

  // Null: there is no such rule any more.
  const Rule* now(const Rule& before) const { return now_[before.index]; }
  const Rule* now(size_t index_before) const { return now_[index_before]; }
  size_t size() const { return now_.size(); }

 private:
  std::vector<const Rule*> now_;  // by Rule::index of the old tree
};

}  // namespace gander::rules
