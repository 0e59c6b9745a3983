// IgnoreList: events that rules asked to be ignored from now on (<ignore>, <check_if_ignored>); IgnoreTimers: the
// silence after an alert that a rule's `ignore` attribute asks for.
//
// Owns:    the lines known; the time of each rule's last opening alert. IgnoreList borrows the StateStore.
// Threads: one thread.
// Cost:    one hash look-up per question; at most kMaxLines lines of at most kMaxLine bytes (one that is longer is not
//          kept: its events go on to alert).
// Fails:   cannot.
// OSSEC:   4.3 compares the first 255 bytes of a line, and takes data and system name of a check from the rule's
//          <ignore>; mended, whole lines are compared and a check means what it says.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/time.h"
#include "model/compat.h"
#include "model/event.h"
#include "model/state_store.h"
#include "rules/first_seen.h"
#include "rules/rule.h"
#include "rules/rule_map.h"

namespace gander::rules {

class IgnoreList {
 public:
  static constexpr size_t kMaxLine = 8192;
  static constexpr size_t kMaxLines = 1'000'000;

  // StoreWrites::No: <ignore> adds nothing, neither to the store nor to what is known (OSSEC's test tool).
  IgnoreList(model::StateStore& store, StoreWrites writes, model::Compat compat);

  // False when the rule's check finds the event among the lines. Otherwise the rule's <ignore> adds it.
  bool allows(const Rule& rule, const model::Event& event);

 private:
  void build_line(const model::Event& event, uint32_t items);
  std::string compared(const std::string& line) const;

  model::StateStore& store_;
  StoreWrites writes_;
  model::Compat compat_;
  std::string line_;
  std::unordered_set<std::string> known_;
};

// Daemon: the first event outside the window alerts and opens a new one. TestTool: it alerts and closes the window, so
// that the next alerts too, and that one opens a window.
enum class IgnoreBehaviour { Daemon, TestTool };

class IgnoreTimers {
 public:
  // Mended: a time that stepped back by more than the window does not keep the rule silent.
  IgnoreTimers(IgnoreBehaviour behaviour, size_t rules, model::Compat compat = model::Compat::Mended);

  // False when the rule is silent at this time.
  bool allows(const Rule& rule, base::Instant time);
  // Goes on with the silences of an old ruleset.
  void take_over(const IgnoreTimers& before, const RuleMap& rules);

 private:
  IgnoreBehaviour behaviour_;
  model::Compat compat_;
  std::vector<std::optional<int64_t>> opened_;  // by Rule::index, seconds since 1970
};

}  // namespace gander::rules
