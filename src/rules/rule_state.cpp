#include "rules/rule_state.h"

namespace gander::rules {

uint64_t FiredTimes::count(const Rule& rule, base::Instant time) {
  look_at_hour(time);
  Counter& counter = counters_[rule.index];
  if (counter.hour != hour_) counter = {hour_, 0};
  return ++counter.count;
}

void FiredTimes::take_over(const FiredTimes& before, const RuleMap& rules) {
  hour_ = before.hour_;
  begin_ = before.begin_;
  end_ = before.end_;
  for (size_t i = 0; i < rules.size(); ++i) {
    if (const Rule* const now = rules.now(i)) counters_[now->index] = before.counters_[i];
  }
}

void FiredTimes::look_at_hour(base::Instant time) {
  const int64_t now = base::unix_seconds(time);
  if (now >= begin_ && now < end_) return;
  const base::Civil civil = zone_.civil(time);
  begin_ = now - int64_t{civil.minute} * 60 - civil.second;
  end_ = begin_ + 3600;
  ++hour_;
}

}  // namespace gander::rules
