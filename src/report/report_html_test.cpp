#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/html_text.h"
#include "report/report.h"
#include "report/report_charts.h"
#include "report/testing/read_text.h"

namespace gander::report {
namespace {

using base::shortened;

using testing::golden_file;
using ::testing::HasSubstr;
using testing::make_report;
using ::testing::Not;
using testing::options_from;
using testing::read_text;
using testing::rendered;

std::string html_of(std::string_view arguments, const std::vector<model::StoredAlert>& alerts) {
  return rendered(render_html, make_report(options_from(arguments, model::Compat::Mended), alerts));
}

size_t count_of(const std::string& text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ReportHtml, ChartsAndTables) {
  const std::string page = html_of("-n Daily -r rule srcip",
                                   read_text(golden_file("report-dump/input.alerts"), model::Compat::Mended).alerts);
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_THAT(page, HasSubstr("<h1>Daily</h1>"));
  EXPECT_THAT(page, HasSubstr("Alerts per hour"));
  for (const char* heading :
       {"Top source addresses", "Top users", "Alerts by level", "Top groups", "Top locations", "Top rules"}) {
    EXPECT_THAT(page, HasSubstr("<h2>" + std::string(heading) + "</h2>")) << heading;
  }
  EXPECT_EQ(count_of(page, "<svg "), 7U);
  EXPECT_EQ(count_of(page, "</svg>"), 7U);
  EXPECT_EQ(count_of(page, "<desc id="), 7U);
  EXPECT_EQ(count_of(page, "<table class=\"rows\">"), 7U);
  EXPECT_THAT(page, HasSubstr("100 - login seen"));
  EXPECT_THAT(page, HasSubstr("<td>srcip 10.0.0.1, srcip 10.0.0.2</td>"));
}

TEST(ReportHtml, NothingIsLoadedAndNothingRuns) {
  const std::string page =
      html_of("", read_text(golden_file("report-dump/input.alerts"), model::Compat::Mended).alerts);
  for (const char* part : {"<script", "src=", "href=", "@import", "url(", "<link", "<img", "<iframe"}) {
    EXPECT_EQ(count_of(page, part), 0U) << part;
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(ReportHtml, HostileLogTextIsEscaped) {
  const std::string evil = "</svg><script>alert(1)</script>\" onload='x' &amp; \x1b[2J \xff \u202e";
  model::StoredAlert a;
  a.date = "2024 Mar 05 10:00:00";
  a.group = " " + evil;
  a.location = evil;
  a.user = evil;
  a.src_ip = evil;
  a.filename = evil;
  a.description = evil;
  a.log = {evil};
  ReportOptions o;
  o.title = evil;
  o.show_alerts = true;
  for (const char* name : {"srcip", "user", "level", "group", "location", "rule", "filename"}) {
    ASSERT_TRUE(o.set_relation(name, "user"));
  }
  const std::string page = rendered(render_html, make_report(o, {a}));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("\" onload")));
  EXPECT_EQ(page.find('\x1b'), std::string::npos);
  EXPECT_EQ(page.find('\xff'), std::string::npos);
  EXPECT_EQ(page.find("\u202e"), std::string::npos);
  EXPECT_THAT(page, HasSubstr("&lt;/svg&gt;&lt;script&gt;"));
  EXPECT_THAT(page, HasSubstr("&amp;amp; ?[2J \uFFFD ?"));
  EXPECT_EQ(count_of(page, "<svg "), count_of(page, "</svg>"));
}

TEST(ReportHtml, NoAlert) {
  const std::string page = html_of("-n Zero", {});
  EXPECT_THAT(page, HasSubstr("No alert passed the filters."));
  EXPECT_THAT(page, Not(HasSubstr("<svg")));
}

TEST(ReportHtml, LongTablesAreCutWithANote) {
  std::vector<model::StoredAlert> alerts(40);
  for (size_t i = 0; i < alerts.size(); ++i) alerts[i].user = "user" + std::to_string(i);
  EXPECT_THAT(html_of("", alerts), HasSubstr("and 15 more"));
}

TEST(TimeColumns, HoursWithGaps) {
  const TimeColumns c = time_columns({{"2024-02-29 23", 2}, {"2024-03-01 02", 1}});
  EXPECT_EQ(c.unit, "hour");
  ASSERT_EQ(c.bars.size(), 4U);
  EXPECT_EQ(c.bars[0].label, "2024-02-29 23:00");
  EXPECT_EQ(c.bars[0].value, 2U);
  EXPECT_EQ(c.bars[1].value, 0U);
  EXPECT_EQ(c.bars[3].label, "2024-03-01 02:00");
}

TEST(TimeColumns, LongSpansArePutTogether) {
  EXPECT_EQ(time_columns({{"2024-03-01 00", 1}, {"2024-03-31 00", 1}}).unit, "day");
  const TimeColumns ages = time_columns({{"0000-01-01 00", 1}, {"9999-99-99 99", 1}});
  EXPECT_LE(ages.bars.size(), 200U);
  uint64_t all = 0;
  for (const Bar& b : ages.bars) all += b.value;
  EXPECT_EQ(all, 2U);
}

TEST(Shortened, CountsCharacters) {
  EXPECT_EQ(shortened("äöü", 3), "äöü");
  EXPECT_EQ(shortened("äöü", 2), "äö…");
  EXPECT_EQ(shortened("\xff\xff\xff", 2), "\xff\xff…");
}

}  // namespace
}  // namespace gander::report
