#include "notify/syslog_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <simdjson.h>

namespace gander::notify {
namespace {

using config::SyslogOutput;
using model::Compat;
using Format = SyslogOutput::Format;
using ::testing::HasSubstr;
using ::testing::Not;

model::StoredAlert sample() {
  model::StoredAlert a;
  a.date = "2024 Mar 05 10:00:00";
  a.location = "h1->/l";
  a.rule = 100;
  a.level = 8;
  a.description = "d";
  a.group = " t,";
  a.log = {"line"};
  return a;
}

TEST(SyslogFormat, PlaceholdersOfOssecSwallowNames) {
  model::StoredAlert a = sample();
  a.user = "anna";
  EXPECT_THAT(syslog_message(a, Format::Default, "h", Compat::Ossec43), Not(HasSubstr("anna")));
  EXPECT_THAT(syslog_message(a, Format::Default, "h", Compat::Mended), HasSubstr(" user: anna;"));
  a.user = "(none)";
  EXPECT_THAT(syslog_message(a, Format::Default, "h", Compat::Mended), Not(HasSubstr("user:")));
  a.location = "(n1) 10.0.0.1->/l";
  EXPECT_THAT(syslog_message(a, Format::Cef, "h", Compat::Ossec43), Not(HasSubstr("cs1=")));
  EXPECT_THAT(syslog_message(a, Format::Cef, "h", Compat::Mended), HasSubstr("cs1=(n1)"));
}

TEST(SyslogFormat, LongLogsAreCut) {
  model::StoredAlert a = sample();
  a.log = {std::string(10000, 'x')};
  for (const Format f : {Format::Default, Format::Cef, Format::Splunk}) {
    const std::string m = syslog_message(a, f, "h", Compat::Mended);
    EXPECT_EQ(m.size(), kMostMessage);
    EXPECT_THAT(m, HasSubstr("..."));
  }
  a.log = {std::string(10000, '"')};
  const std::string m = syslog_message(a, Format::Splunk, "h", Compat::Mended);
  EXPECT_LE(m.size(), kMostMessage);
  EXPECT_TRUE(m.ends_with("\\\"...\"")) << m.substr(m.size() - 20);
}

TEST(SyslogFormat, LongJsonIsCutNotEmptied) {
  model::StoredAlert a = sample();
  a.log = {std::string(10000, '\x01')};
  EXPECT_THAT(syslog_message(a, Format::Json, "h", Compat::Ossec43),
              HasSubstr("ossec: {\"crit\":8,\"id\":100,\"truncated\":true}"));
  const std::string m = syslog_message(a, Format::Json, "h", Compat::Mended);
  EXPECT_LE(m.size(), kMostMessage);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(m.substr(m.find('{'))).get(root), simdjson::SUCCESS);
  EXPECT_GT(std::string_view(root["message"]).size(), 500u);
  EXPECT_TRUE(bool(root["truncated"]));
}

TEST(SyslogFormat, HostNames) {
  EXPECT_EQ(shown_host("ids1.example.org", false), "ids1");
  EXPECT_EQ(shown_host("ids1.example.org", true), "ids1.example.org");
}

}  // namespace
}  // namespace gander::notify
