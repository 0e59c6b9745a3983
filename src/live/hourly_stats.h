// HourlyStats: how many events come in each hour of the day and of the week, what is far above that, and the totals.
//
// Owns:    counters and averages. Files (stats/hourly-average/H, stats/weekly-average/W/H, stats/totals/…) are read
// once
//          and change with the batch in hand.
// Threads: one thread.
// Cost:    O(1) an event; the rules are walked when the hour changes.
// Fails:   cannot; a file that holds no number counts as 0.
// OSSEC:   4.3 never counts the days of the weekly averages, so that they never alert; mended they are counted.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/compat.h"
#include "rules/rule_tree.h"
#include "store/batch.h"

namespace gander::live {

struct StatsLimits {
  int level = 4;  // <stats>: level of the alert; 0 switches the test off
  int64_t most_difference = 999000;
  int64_t least_difference = 1250;
  int64_t percent = 150;
};

class HourlyStats {
 public:
  // Reads a file below the home; empty when there is none.
  using Read = std::function<std::string(const std::string& name)>;

  HourlyStats(StatsLimits limits, base::TimeZone zone, model::Compat compat, const Read& read, store::Batch& batch);

  // An event came in: closes the hour and the day before it, into the batch. Counts towards the totals.
  void event(base::Instant time, const rules::RuleTree& tree);
  // It was not dropped: counts towards the averages. A text when there are too many: the alert's.
  std::optional<std::string> analysed();
  void syscheck_event() { ++syscheck_; }
  void firewall_event() { ++firewall_; }
  void rule_matched(const rules::Rule& rule) { ++matches_[rule.index]; }
  void alerted() { ++alerts_; }
  // Another ruleset: counts of rules that stay are kept.
  void reload(const rules::RuleTree& before, const rules::RuleTree& after);

 private:
  static constexpr size_t kDays = 24;  // place of the number of days learned

  struct Table {
    std::array<int64_t, 25> average{};
    std::array<int64_t, 24> count{};
  };

  std::optional<std::string> excess(const Table& table, std::string_view day) const;
  void close_hour(const rules::RuleTree& tree);
  void close_day();
  void update(Table& table, const std::string& folder, bool learn);
  std::string totals_path() const;

  StatsLimits limits_;
  base::TimeZone zone_;
  model::Compat compat_;
  store::Batch& batch_;
  Table hourly_;
  std::array<Table, 7> weekly_;
  std::optional<base::Civil> now_;
  int64_t hour_begin_ = 0;  // the hour in hand, seconds since 1970
  int64_t hour_end_ = 0;
  int alerts_of_day_ = 0;
  int alerted_hour_ = -1;
  uint64_t events_ = 0;
  uint64_t alerts_ = 0;
  uint64_t syscheck_ = 0;
  uint64_t firewall_ = 0;
  std::vector<uint64_t> matches_;  // by Rule::index
};

}  // namespace gander::live
