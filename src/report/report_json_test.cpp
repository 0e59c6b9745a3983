#include <gtest/gtest.h>
#include <simdjson.h>

#include "report/report.h"
#include "report/testing/read_text.h"

namespace gander::report {
namespace {

using testing::golden_file;
using testing::make_report;
using testing::options_from;
using testing::read_text;
using testing::rendered;

std::string json_of(std::string_view arguments, std::string_view input) {
  return rendered(render_json, make_report(options_from(arguments, model::Compat::Mended),
                                           read_text(input, model::Compat::Mended).alerts));
}

void expect_valid(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element element;
  EXPECT_EQ(parser.parse(json).get(element), simdjson::SUCCESS) << json;
}

TEST(ReportJson, CountsRelationsAndAlerts) {
  EXPECT_EQ(
      json_of("-n Dump -s -f rule 101 -r rule srcip", golden_file("report-dump/input.alerts")),
      R"({"title":"Dump","processed_alerts":8,"post_filter_alerts":2,"first_alert":"2024 Mar 05 10:00:09",)"
      R"("last_alert":"2024 Mar 05 10:00:21","tables":{"srcip":[{"key":"10.0.0.1","count":1},)"
      R"({"key":"10.0.0.3","count":1}],"user":[{"key":"root","count":2}],"level":[{"key":"Severity 8","count":2}],)"
      R"("group":[{"key":"adm","count":2},{"key":"t","count":2}],"location":[{"key":"h1->stdin","count":1},)"
      R"({"key":"h2->stdin","count":1}],"rule":[{"key":"101 - root login","count":2,"related":{"srcip":)"
      R"(["10.0.0.3","10.0.0.1"]}}]},"hours":[{"hour":"2024-03-05 10","count":2}],"alerts":[)"
      R"("2024 Mar 05 10:00:09 h1->stdin\nRule: 101 (level 8) -> 'root login'\nMar  5 10:00:00 h1 app: login )"
      R"(user=root src=10.0.0.3","2024 Mar 05 10:00:21 h2->stdin\nRule: 101 (level 8) -> 'root login'\n)"
      R"(Mar  5 10:00:00 h2 app: login user=root src=10.0.0.1"]})"
      "\n");
}

TEST(ReportJson, NoAlert) {
  EXPECT_EQ(json_of("", ""), "{\"processed_alerts\":0,\"post_filter_alerts\":0,\"tables\":{},\"hours\":[]}\n");
}

TEST(ReportJson, AnyBytesGiveValidJson) {
  model::StoredAlert a;
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes.push_back(static_cast<char>(c));
  a.date = bytes;
  a.location = bytes;
  a.group = bytes;
  a.user = bytes;
  a.log = {bytes};
  ReportOptions o;
  o.title = bytes;
  o.show_alerts = true;
  ASSERT_TRUE(o.set_relation("user", "group"));
  expect_valid(rendered(render_json, make_report(o, {a})));
}

}  // namespace
}  // namespace gander::report
