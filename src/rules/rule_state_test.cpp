#include "rules/rule_state.h"

#include <gtest/gtest.h>

namespace gander::rules {
namespace {

constexpr int64_t kNoon = 1'709'640'000;  // 2024-03-05 12:00:00 UTC

TEST(FiredTimes, CountsUntilTheHourChanges) {
  FiredTimes fired(base::TimeZone::utc(), 2);
  Rule one;
  Rule other;
  other.index = 1;
  EXPECT_EQ(fired.count(one, base::from_unix(kNoon)), 1U);
  EXPECT_EQ(fired.count(one, base::from_unix(kNoon + 3599)), 2U);
  EXPECT_EQ(fired.count(other, base::from_unix(kNoon + 3599)), 1U);
  EXPECT_EQ(fired.count(one, base::from_unix(kNoon + 3600)), 1U);
  EXPECT_EQ(fired.count(one, base::from_unix(kNoon + 3601)), 2U);
}

TEST(FiredTimes, TimeThatStepsBackIsAnotherHourToo) {
  FiredTimes fired(base::TimeZone::utc(), 1);
  const Rule rule;
  EXPECT_EQ(fired.count(rule, base::from_unix(kNoon)), 1U);
  EXPECT_EQ(fired.count(rule, base::from_unix(kNoon - 1)), 1U);
  EXPECT_EQ(fired.count(rule, base::from_unix(kNoon)), 1U);
}

TEST(FiredTimes, HoursAreThoseOfTheZone) {
  const auto zone = base::TimeZone::named("+05:30");
  ASSERT_TRUE(zone);
  FiredTimes fired(*zone, 1);
  const Rule rule;
  EXPECT_EQ(fired.count(rule, base::from_unix(kNoon + 1799)), 1U);
  EXPECT_EQ(fired.count(rule, base::from_unix(kNoon + 1800)), 1U);
  EXPECT_EQ(fired.count(rule, base::from_unix(kNoon + 3600)), 2U);
}

}  // namespace
}  // namespace gander::rules
