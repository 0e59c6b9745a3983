// RuleTree: the loaded rules, each once, and the tree of their places.
//
// Owns:    every Rule and node. Returned pointers live as long as the tree.
// Threads: immutable after loading.
// OSSEC:   same visiting order; differences in docs/compat.md.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "rules/rule.h"

namespace gander::rules {

class RuleTree {
 public:
  // The first rule loaded with this id; null when there is none.
  const Rule* find(RuleId id) const {
    const auto it = by_id.find(id);
    return it == by_id.end() ? nullptr : it->second;
  }

  std::vector<std::unique_ptr<Rule>> rules;      // load order; rules[i]->index == i
  std::vector<std::unique_ptr<RuleNode>> roots;  // in the order in which they are tried
  std::unordered_map<RuleId, Rule*> by_id;
};

}  // namespace gander::rules
