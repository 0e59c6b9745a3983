// KeyedPlan: what the keyed correlation needs to know of the rules, worked out once.
//
// Owns:    its tables; points to rules of the tree, which must outlive it.
// Threads: immutable.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/event_copy.h"
#include "rules/rule_tree.h"

namespace gander::rules {

struct KeyedComposite {
  const Rule* rule = nullptr;
  int level = 0;
  int64_t timeframe = 0;
  uint32_t need = 1;           // earlier events that make it fire
  uint32_t lines = 0;          // of them, those shown
  uint32_t keep = 1;           // newest entries of a window that can matter
  ComparedBits same = 0;       // the key; kCategoryBit for if_matched_regex
  ComparedBits different = 0;  // values that no two of the events may share
  uint32_t key_kind = 0;       // number of the distinct `same` in KeyedPlan::key_kinds
};

struct KeyedPlan {
  static constexpr uint32_t kNoComposite = UINT32_MAX;

  explicit KeyedPlan(const RuleTree& tree);

  std::vector<KeyedComposite> composites;    // those that can fire
  std::vector<uint32_t> composite_of;        // by Rule::index; kNoComposite
  std::vector<std::vector<uint32_t>> feeds;  // by Rule::index: composites that count the rule's events, each once
  std::vector<uint32_t> regex_composites;    // fed by every event whose log text matches
  std::vector<ComparedBits> key_kinds;       // distinct keys
  ComparedBits compared = 0;                 // values that any of them looks at

 private:
  void add(const Rule& rule);
  void feed(const RuleTree& tree);
};

}  // namespace gander::rules
