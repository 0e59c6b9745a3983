#include "report/report_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/report.h"

namespace gander::report {
namespace {

using model::Compat;
using ::testing::ElementsAre;

model::StoredAlert sample() {
  model::StoredAlert a;
  a.group = " t,auth,";
  a.date = "2024 Mar 05 10:00:00";
  a.location = "Host1->/var/log/x";
  a.rule = 101;
  a.level = 5;
  a.src_ip = "10.0.0.1";
  a.user = "Bob";
  return a;
}

bool passes(Compat compat, const char* name, const char* value, const model::StoredAlert& alert = sample()) {
  ReportOptions o;
  o.compat = compat;
  EXPECT_TRUE(o.set_filter(name, value));
  Report report(o);
  report.add(alert);
  return report.summary().passed == 1;
}

TEST(ReportOptions, UnknownFilter) {
  ReportOptions o;
  const auto set = o.set_filter("grup", "x");
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, "A100");
  EXPECT_EQ(set.error().message, "no filter is called 'grup'");
  EXPECT_EQ(set.error().hint, "nearest: group");
  EXPECT_THAT(set.error().ossec_lines,
              ElementsAre("ossec-reportd: ERROR: Invalid filter 'grup'.",
                          "ossec-reportd(1202): ERROR: Configuration error at 'user argument'. Exiting."));
}

TEST(ReportOptions, UnknownRelation) {
  ReportOptions o;
  const auto table = o.set_relation("zzzzzz", "rule");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, "A101");
  EXPECT_EQ(table.error().hint, "allowed: srcip, user, level, group, location, rule, filename");
  EXPECT_EQ(table.error().ossec_lines.at(0), "ossec-reportd: ERROR: Invalid related entry 'zzzzzz'.");
  const auto related = o.set_relation("rule", "port");
  ASSERT_FALSE(related);
  EXPECT_EQ(related.error().code, "A102");
  EXPECT_EQ(related.error().ossec_lines.at(0), "ossec-reportd: ERROR: Invalid relation 'port'.");
}

TEST(ReportOptions, ValuesThatCanNeverPassAreRefusedWhenMended) {
  ReportOptions o;
  EXPECT_EQ(o.set_filter("level", "high").error().code, "A103");
  EXPECT_EQ(o.set_filter("rule", "100-200").error().code, "A103");
  EXPECT_EQ(o.set_filter("group", "").error().code, "A103");
  o.compat = Compat::Ossec43;
  EXPECT_TRUE(o.set_filter("level", "high"));
  EXPECT_TRUE(o.set_filter("rule", "100-200"));
}

TEST(ReportFilters, TheLastOfOneNameCounts) {
  ReportOptions o;
  ASSERT_TRUE(o.set_filter("rule", "5"));
  ASSERT_TRUE(o.set_filter("rule", "101"));
  Report report(o);
  report.add(sample());
  EXPECT_EQ(report.summary().passed, 1U);
}

TEST(ReportFilters, DifferentNamesMustAllPass) {
  ReportOptions o;
  ASSERT_TRUE(o.set_filter("rule", "101"));
  ASSERT_TRUE(o.set_filter("user", "eve"));
  Report report(o);
  report.add(sample());
  EXPECT_EQ(report.summary().processed, 1U);
  EXPECT_EQ(report.summary().passed, 0U);
}

TEST(ReportFilters, Group) {
  EXPECT_TRUE(passes(Compat::Ossec43, "group", " t"));
  EXPECT_TRUE(passes(Compat::Ossec43, "group", "aut"));
  EXPECT_FALSE(passes(Compat::Ossec43, "group", "AUTH"));
  model::StoredAlert none = sample();
  none.group.reset();
  EXPECT_FALSE(passes(Compat::Ossec43, "group", "t", none));
}

TEST(ReportFilters, RuleLists) {
  for (const char* list : {"101", "5,101", "5 101", ",,101", "0101"})
    EXPECT_TRUE(passes(Compat::Ossec43, "rule", list)) << list;
  for (const char* list : {"10", "1010", "5;101", "x101", "5,x,101"}) {
    EXPECT_FALSE(passes(Compat::Ossec43, "rule", list)) << list;
  }
}

TEST(ReportFilters, Level) {
  EXPECT_TRUE(passes(Compat::Mended, "level", "5"));
  EXPECT_FALSE(passes(Compat::Mended, "level", "6"));
}

TEST(ReportFilters, LocationIsAPatternWithoutCase) {
  EXPECT_TRUE(passes(Compat::Ossec43, "location", "host1"));
  EXPECT_TRUE(passes(Compat::Ossec43, "location", "nothing|^HOST"));
  EXPECT_FALSE(passes(Compat::Ossec43, "location", "^ost"));
}

TEST(ReportFilters, TextsWithCase) {
  EXPECT_TRUE(passes(Compat::Ossec43, "user", "ob"));
  EXPECT_FALSE(passes(Compat::Ossec43, "user", "bob"));
  EXPECT_TRUE(passes(Compat::Ossec43, "srcip", "10.0."));
  EXPECT_FALSE(passes(Compat::Ossec43, "filename", "x"));
}

}  // namespace
}  // namespace gander::report
