// CompatPlan: what the compatible correlation needs to know of the rules, worked out once.
//
// Owns:    its tables; points to rules of the tree, which must outlive it.
// Threads: immutable.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/event_copy.h"
#include "rules/rule_tree.h"

namespace gander::rules {

struct CompatComposite {
  static constexpr uint32_t kNoList = UINT32_MAX;

  const Rule* rule = nullptr;
  uint32_t list = kNoList;       // searched; kNoList: the sid is unknown
  ComparedBits key = 0;          // what same_* asks for; 0: every entry counts
  bool other_url = false;        // different_url
  bool impossible = false;       // different_srcgeoip: no event carries that text
  bool store_is_shared = false;  // some rule may show what its unsuccessful searches collected
};

struct CompatPlan {
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Feed {
    uint32_t list = 0;
    int times = 1;
  };

  explicit CompatPlan(const RuleTree& tree);

  std::vector<CompatComposite> composites;
  std::vector<uint32_t> composite_of;     // by Rule::index; kNone
  std::vector<uint32_t> sid_list_of;      // by Rule::index; kNone: it keeps none
  std::vector<std::vector<Feed>> groups;  // by Rule::index: lists that its events join, or are taken from
  std::vector<uint32_t> store_owner_of;   // by Rule::index: composite whose lines it may show; kNone
  uint32_t lists = 0;                     // how many; those of if_matched_regex among them
  ComparedBits compared = 0;
  bool has_regex = false;
  int most_frequent = 0;  // the largest frequency of any rule

 private:
  void add_lists(const RuleTree& tree);
  void add_composite(const Rule& rule, const RuleTree& tree);
  void share_stores(const RuleTree& tree);
};

}  // namespace gander::rules
