#include "ruletools/backtest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using testing::app_line;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::Pair;

TEST(Backtest, NewRulesAreSetAgainstWhatWasRaisedBefore) {
  const Folder before_folder;
  const Folder after_folder;
  const auto before = testing::small_ruleset(before_folder);
  const auto after = testing::small_ruleset(
      after_folder, {},
      "<group name=\"new,\"><rule id=\"201\" "
      "level=\"8\"><if_sid>101</if_sid><user>^eve$</user><description>d</description></rule>"
      "<rule id=\"202\" level=\"3\"><if_sid>100</if_sid><match>^hello</match><description>d</description></rule>"
      "<rule id=\"203\" "
      "level=\"3\"><if_sid>100</if_sid><match>^never</match><description>d</description></rule></group>");
  Backtest backtest(before, after, {});
  const auto at = [](int64_t seconds) { return base::from_unix(1'000'000 + seconds); };
  backtest.line(app_line("login from 192.0.2.1 as eve"), "l", at(0));
  backtest.line(app_line("login from 192.0.2.2 as eve"), "l", at(100));
  backtest.line(app_line("login from 192.0.2.2 as bob"), "l", at(200));
  backtest.line(app_line("hello"), "l", at(300));
  const auto rows = backtest.rows({after_folder.path("r2.xml")});
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].rule->info.id, 201);
  EXPECT_EQ(rows[0].alerts, 2U);
  EXPECT_EQ(rows[0].last, at(100));
  EXPECT_THAT(rows[0].sources, ElementsAre("192.0.2.1", "192.0.2.2"));
  EXPECT_THAT(rows[0].instead, ElementsAre(Pair(101, 2U)));
  EXPECT_THAT(rows[1].instead, ElementsAre(Pair(0, 1U)));
  EXPECT_EQ(rows[1].examples.size(), 1U);
  EXPECT_EQ(rows[2].alerts, 0U);
  EXPECT_THAT(backtest.changed({after_folder.path("r2.xml")}), ElementsAre(Pair(101, Pair(3U, 1U))));
  EXPECT_EQ(backtest.totals().lines, 4U);
  EXPECT_EQ(backtest.totals().before, 3U);
  EXPECT_EQ(backtest.totals().after, 4U);
}

}  // namespace
}  // namespace gander::ruletools
