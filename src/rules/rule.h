// Rule: one loaded rule; RuleNode: one place of it in the tree.
//
// Owns:    its conditions and texts. Made by the loader, immutable afterwards; lives in the Ruleset.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/category.h"
#include "model/rule_info.h"
#include "rules/condition.h"

namespace gander::rules {

using model::RuleId;

// What an earlier event must share with, or not share with, the current one to be counted by a composite rule.
struct ContextFlags {
  bool same_source_ip = false;
  bool same_user = false;
  bool same_id = false;
  bool same_src_port = false;
  bool same_dst_port = false;
  bool same_location = false;
  bool different_url = false;
  bool different_srcgeoip = false;
  bool different_srcip = false;     // 4.3: no effect (compat); mended: addresses must differ
  bool not_same_source_ip = false;  // as written; 4.3 only cancels an earlier same_*, which the loader has done
  bool not_same_user = false;
  bool not_same_id = false;
  bool not_same_agent = false;
};

enum class Composite { None, Sid, Group, Regex };

// Items of <ignore> and <check_if_ignored> lists.
enum IgnoreItem : uint32_t {
  kIgnoreUser = 1,
  kIgnoreSrcIp = 2,
  kIgnoreDstIp = 4,
  kIgnoreId = 8,
  kIgnoreLocation = 16,
  kIgnoreData = 32,
  kIgnoreName = 64,
};

struct Rule {
  model::RuleInfo info;  // id, level as shown, texts, mail and log flags
  model::Category category = model::Category::Syslog;
  int rank = 0;          // sibling order: level x 100, level 0 = 9900; accuracy 0: the bare level (99 for 0)
  bool silent = false;   // level 0 as written: ends the search without an alert
  bool noalert = false;  // never the result
  int maxsize = 0;       // kept for show; the test is Slot::MaxSize
  std::chrono::seconds timeframe{360};
  int frequency = 0;  // fires when frequency + 1 earlier events are found
  std::chrono::seconds ignore_time{0};
  bool no_active_response = false;

  // Pure tests, in test order: before the stateful ones, and <list> tests, which come behind check_diff and if_fts.
  std::vector<std::shared_ptr<const Condition>> conditions;
  std::vector<std::shared_ptr<const Condition>> list_conditions;

  // Stateful tests, in this order.
  bool check_diff = false;
  bool if_fts = false;
  Composite composite = Composite::None;
  bool correlates = false;           // false for a simple rule overwritten by a composite one: the test is never made
  RuleId matched_sid = 0;            // Composite::Sid
  bool matched_sid_unknown = false;  // names no rule loaded before: each test logs "No sid search." and fails
  std::string matched_group;         // Composite::Group, os_match text
  std::shared_ptr<const text::Pattern> matched_regex;  // Composite::Regex
  ContextFlags context;

  uint32_t ignore_items = 0;            // <ignore>
  uint32_t check_if_ignored_items = 0;  // <check_if_ignored>

  // Where the events of this rule are remembered (spec rules 3.6 step 6).
  bool keeps_sid_list = false;  // some composite names it in if_matched_sid
  // Composites (Composite::Group) whose list its events join when it keeps no sid list, each entry `times` times.
  struct Feed {
    const Rule* composite = nullptr;
    int times = 1;
  };
  std::vector<Feed> feeds_groups;
  int sid_places = 1;  // how often an event joins its sid list (spec rules 3.6 step 6)

  // The line store it shares for good with a parent when it has no correlation of its own (spec rules 4.5); else null.
  const Rule* line_store = nullptr;

  uint32_t index = 0;  // dense number in load order, for arrays of state

  bool stateful() const { return check_diff || if_fts || composite != Composite::None; }
};

struct RuleNode {
  Rule* rule = nullptr;
  std::vector<std::unique_ptr<RuleNode>> children;  // in the order in which they are tried
};

}  // namespace gander::rules
