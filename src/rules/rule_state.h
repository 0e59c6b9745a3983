// FiredTimes: how often each rule decided an event since the hour changed last.
//
// Threads: one thread.
// Cost:    O(1); the zone is asked only when the hour changes.
// Fails:   cannot.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/time.h"
#include "rules/rule.h"
#include "rules/rule_map.h"

namespace gander::rules {

class FiredTimes {
 public:
  FiredTimes(base::TimeZone zone, size_t rules) : zone_(std::move(zone)), counters_(rules) {}

  // Counts a final match at this time; the count includes it.
  uint64_t count(const Rule& rule, base::Instant time);
  // Goes on with the counts of an old ruleset.
  void take_over(const FiredTimes& before, const RuleMap& rules);

 private:
  struct Counter {
    uint64_t hour = 0;  // number of the hour that `count` belongs to
    uint64_t count = 0;
  };

  void look_at_hour(base::Instant time);

  base::TimeZone zone_;
  std::vector<Counter> counters_;  // by Rule::index
  uint64_t hour_ = 0;
  int64_t begin_ = 0;  // the hour in hand, seconds since 1970
  int64_t end_ = 0;
};

}  // namespace gander::rules
