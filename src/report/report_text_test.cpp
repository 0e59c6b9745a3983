#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/report.h"
#include "report/testing/read_text.h"

namespace gander::report {
namespace {

using model::Compat;
using testing::golden_file;
using ::testing::HasSubstr;
using testing::make_report;
using ::testing::Not;
using testing::options_from;
using testing::read_text;
using testing::rendered;

struct Case {
  const char* name;
  const char* input;
};

class GoldenReport : public ::testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(Report, GoldenReport,
                         ::testing::Values(Case{"report-dump", "input.alerts"}, Case{"report-group", "input.alerts"},
                                           Case{"report-location", "input.alerts"}, Case{"report-name", "input.alerts"},
                                           Case{"report-none", "input.alerts"},
                                           Case{"report-related-all", "input.alerts"},
                                           Case{"report-rulelist", "input.alerts"},
                                           Case{"report-srcip", "input.alerts"}, Case{"report-user", "input.alerts"},
                                           Case{"email-text-report", "expected.alerts"}));

TEST_P(GoldenReport, TextAndClosingMessage) {
  const std::string folder = std::string(GetParam().name) + "/";
  const std::string input = golden_file(folder + GetParam().input);
  const std::string arguments = golden_file(folder + "report.args");
  ASSERT_FALSE(input.empty());
  for (const Compat compat : {Compat::Ossec43, Compat::Mended}) {
    const Report report = make_report(options_from(arguments, compat), read_text(input, compat).alerts);
    EXPECT_EQ(rendered(render_text, report), golden_file(folder + "expected.report"));
    EXPECT_EQ("2024/03/05 11:00:00 " + report.closing_message() + "\n", golden_file(folder + "expected.report.log"));
  }
}

model::StoredAlert sample() {
  model::StoredAlert a;
  a.group = " t,auth,";
  a.date = "2024 Mar 05 10:00:00";
  a.location = "h1->/l";
  a.rule = 100;
  a.level = 5;
  a.description = "login seen";
  a.src_ip = "10.0.0.1";
  a.log = {"a log"};
  return a;
}

ReportOptions ossec() {
  ReportOptions o;
  o.compat = Compat::Ossec43;
  return o;
}

std::string text_of(const std::vector<model::StoredAlert>& alerts, ReportOptions options = {}) {
  return rendered(render_text, make_report(std::move(options), alerts));
}

TEST(ReportText, LongKeysAreCut) {
  model::StoredAlert a = sample();
  a.location = std::string(76, 'a');
  model::StoredAlert b = sample();
  b.location = std::string(77, 'b');
  const std::string text = text_of({a, b});
  EXPECT_THAT(text, HasSubstr("\n" + std::string(76, 'a') + "  |1       |\r\n"));
  EXPECT_THAT(text, HasSubstr("\n" + std::string(74, 'b') + "..  |1       |\r\n"));
}

TEST(ReportText, RuleKeyIsCutBeforeItIsCounted) {
  model::StoredAlert a = sample();
  a.description = std::string(80, 'x') + "1";
  model::StoredAlert b = sample();
  b.description = std::string(80, 'x') + "2";
  EXPECT_THAT(text_of({a, b}), HasSubstr("\n100 - " + std::string(69, 'x') + "   |2       |\r\n"));
}

TEST(ReportText, MissingDescription) {
  model::StoredAlert a = sample();
  a.description.reset();
  EXPECT_THAT(text_of({a}), HasSubstr("\n100 - (null) "));
}

TEST(ReportText, EqualCountsByKeyInByteOrder) {
  model::StoredAlert low = sample();
  model::StoredAlert high = sample();
  high.level = 10;
  const std::string text = text_of({low, high});
  EXPECT_LT(text.find("Severity 10"), text.find("Severity 5"));
}

TEST(ReportText, NoneIsNotCounted) {
  model::StoredAlert a = sample();
  a.src_ip = "(none)";
  a.user = "(none)";
  const std::string text = text_of({a});
  EXPECT_THAT(text, Not(HasSubstr("Source ip")));
  EXPECT_THAT(text, Not(HasSubstr("Username")));
}

TEST(ReportText, GroupsBlanksAndEmptyParts) {
  model::StoredAlert a = sample();
  a.group = "  a,, b ,a";
  const std::string text = text_of({a});
  EXPECT_THAT(text, HasSubstr("\na" + std::string(77, ' ') + "|2 "));
  EXPECT_THAT(text, HasSubstr("\nb " + std::string(76, ' ') + "|1 "));
}

TEST(ReportText, MoreThan32GroupsStayTogetherForOssec) {
  model::StoredAlert a = sample();
  a.group = " g1";
  for (int i = 2; i <= 40; ++i) a.group->append(",g" + std::to_string(i));
  EXPECT_THAT(text_of({a}, ossec()), HasSubstr("\ng32,g33,g34,g35,g36,g37,g38,g39,g40 "));
  EXPECT_THAT(text_of({a}), HasSubstr("\ng40 "));
}

TEST(ReportText, FileNames) {
  model::StoredAlert a = sample();
  a.filename = "/etc/x";
  ReportOptions o;
  ASSERT_TRUE(o.set_relation("filename", "filename"));
  const std::string text = text_of({a}, o);
  EXPECT_THAT(text, HasSubstr("Top entries for 'Filenames':\r\n"));
  EXPECT_THAT(text, HasSubstr("Related entries for 'Filename':\r\n"));
  EXPECT_THAT(text, HasSubstr("   filename: '/etc/x'\r\n"));
}

TEST(ReportText, RelatedKindsInTheirOrder) {
  model::StoredAlert a = sample();
  a.user = "bob";
  ReportOptions o;
  for (const char* related : {"level", "group", "rule", "user", "srcip", "location"}) {
    ASSERT_TRUE(o.set_relation("rule", related));
  }
  EXPECT_THAT(text_of({a}, o),
              HasSubstr("   location: 'h1->/l'\r\n   srcip: '10.0.0.1'\r\n   user: 'bob'\r\n   rule: '100'\r\n"
                        "   group: ' t,auth,'\r\n   level: '5'\r\n"));
}

TEST(ReportText, ManyRelatedValuesStayDistinctAndInOrder) {
  std::vector<model::StoredAlert> alerts;
  for (int i = 0; i < 100; ++i) {
    alerts.push_back(sample());
    alerts.back().src_ip = "10.0.0." + std::to_string(i % 50);
  }
  ReportOptions o;
  ASSERT_TRUE(o.set_relation("rule", "srcip"));
  const Summary s = make_report(o, alerts).summary();
  for (const Table& t : s.tables) {
    if (t.item != Item::Rule) continue;
    ASSERT_EQ(t.rows.at(0).related.size(), 50U);
    EXPECT_EQ(t.rows[0].related[0].value, "10.0.0.0");
    EXPECT_EQ(t.rows[0].related[49].value, "10.0.0.49");
  }
}

TEST(ReportText, ControlCharactersDoNotReachTheTerminal) {
  model::StoredAlert a = sample();
  a.user = "x\x1b[2J\ry";
  a.log = {"l\x1bog"};
  ReportOptions o;
  o.show_alerts = true;
  const std::string text = text_of({a}, o);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("\nx?[2J?y "));
  o.compat = Compat::Ossec43;
  EXPECT_THAT(text_of({a}, o), HasSubstr("\nx\x1b[2J\ry "));
}

TEST(Report, DistinctKeysHaveAnEnd) {
  Report report({});
  model::StoredAlert a = sample();
  const std::string big(size_t{1024} * 1024, 'k');
  for (int i = 0; i < 300; ++i) {
    a.location = big + std::to_string(i);
    report.add(a);
  }
  const Summary s = report.summary();
  EXPECT_GT(s.uncounted, 40U);
  EXPECT_EQ(s.passed, 300U);
}

TEST(Report, HoursInTimeOrder) {
  std::vector<model::StoredAlert> alerts(4, sample());
  alerts[0].date = "2024 Mar 05 11:59:59";
  alerts[3].date = "no date 12:00:00";
  const Summary s = make_report({}, alerts).summary();
  ASSERT_EQ(s.hours.size(), 2U);
  EXPECT_EQ(s.hours[0].hour, "2024-03-05 10");
  EXPECT_EQ(s.hours[0].count, 2U);
  EXPECT_EQ(s.hours[1].hour, "2024-03-05 11");
}

}  // namespace
}  // namespace gander::report
