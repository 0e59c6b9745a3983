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
  uint16_t key_kind = 0;       // number in KeyedPlan::key_kinds
  uint16_t number = 0;         // among those of its kind
};

struct KeyedPlan {
  static constexpr uint32_t kNoComposite = UINT32_MAX;

  explicit KeyedPlan(const RuleTree& tree);

  // In `ages`: the longest timeframe of these composites and of those fed by a regex.
  uint32_t longest_age(const std::vector<uint32_t>& fed) const;

  std::vector<KeyedComposite> composites;    // those that can fire
  std::vector<uint32_t> composite_of;        // by Rule::index; kNoComposite
  std::vector<std::vector<uint32_t>> feeds;  // by Rule::index: composites that count its events, each once, by kind
  std::vector<uint32_t> regex_composites;    // fed by every event whose log text matches
  struct Kind {
    ComparedBits key = 0;
    ComparedBits different = 0;
    std::vector<uint32_t> composites;
  };
  std::vector<Kind> key_kinds;   // distinct pairs of same and different
  std::vector<int64_t> ages;     // distinct timeframes
  std::vector<uint32_t> age_of;  // by Rule::index: in `ages`, the longest that its events may be asked for
  ComparedBits compared = 0;     // values that any of them looks at
  ComparedBits keyed = 0;        // values that are in the key of any

 private:
  void add(const Rule& rule);
  uint16_t kind_of(ComparedBits key, ComparedBits different);
  void feed(const RuleTree& tree);
  void sort_by_kind(std::vector<uint32_t>& fed) const;
  void sort_by_age();
};

}  // namespace gander::rules
