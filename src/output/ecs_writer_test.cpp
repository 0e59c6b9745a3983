#include "output/ecs_writer.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "output/testing/sample_alert.h"

namespace gander::output {
namespace {

using model::Field;
using testing::SampleAlert;

class Ecs : public ::testing::Test {
 protected:
  simdjson::dom::element of(SampleAlert& sample) {
    EcsWriter writer;
    text_.clear();
    writer.alert(text_, sample.alert());
    simdjson::dom::element element;
    EXPECT_EQ(parser_.parse(text_).get(element), simdjson::SUCCESS) << text_;
    return element;
  }
  static std::string at(simdjson::dom::element e, std::string_view pointer) {
    simdjson::dom::element found;
    if (e.at_pointer(pointer).get(found) != simdjson::SUCCESS) return "(none)";
    return simdjson::minify(found);
  }

  std::string text_;
  simdjson::dom::parser parser_;
};

TEST_F(Ecs, WhoChangedTheFile) {
  model::Actor actor;
  actor.pid = 17;
  actor.parent = 16;
  actor.uid = 1000;
  actor.user = "eve";
  actor.executable = "/usr/bin/vim";
  actor.command_line = "vim /etc/x";
  SampleAlert s;
  s.set(Field::Filename, "/etc/x");
  s.event.actor = &actor;
  const auto e = of(s);
  EXPECT_EQ(at(e, "/process"),
            R"({"name":"app","pid":17,"executable":"/usr/bin/vim","command_line":"vim /etc/x","parent":{"pid":16}})");
  EXPECT_EQ(at(e, "/user"), R"({"name":"eve","id":"1000"})");
  EXPECT_EQ(at(e, "/file/path"), "\"/etc/x\"");
}

TEST_F(Ecs, Names) {
  SampleAlert s;
  s.event.time += std::chrono::milliseconds(250);
  s.rule.group = "syslog,sshd,authentication_failed,";
  s.rule.info.push_back({model::InfoKind::Link, "http://x/"});
  s.set(Field::SrcIp, "10.0.0.1").set(Field::SrcPort, "4711").set(Field::SrcUser, "eve").set(Field::DstUser, "bob");
  s.set(Field::DstIp, "2001:db8::1").set(Field::Url, "/u").set(Field::Action, "drop").set(Field::Protocol, "TCP");
  s.event.log = s.event.keep("login user=bob");
  s.named("color", "red");
  s.previous = {"older"};
  const auto e = of(s);
  EXPECT_EQ(at(e, "/@timestamp"), "\"2024-03-05T10:00:00.250Z\"");
  EXPECT_EQ(at(e, "/ecs/version"), "\"8.11.0\"");
  EXPECT_EQ(at(e, "/event/kind"), "\"alert\"");
  EXPECT_EQ(at(e, "/event/category"), "[\"authentication\"]");
  EXPECT_EQ(at(e, "/event/outcome"), "\"failure\"");
  EXPECT_EQ(at(e, "/event/severity"), "5");
  EXPECT_EQ(at(e, "/event/id"), "\"1709632800.1\"");
  EXPECT_EQ(at(e, "/event/original"), "\"Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=0\"");
  EXPECT_EQ(at(e, "/message"), "\"login user=bob\"");
  EXPECT_EQ(at(e, "/rule/id"), "\"100\"");
  EXPECT_EQ(at(e, "/rule/name"), "\"login seen\"");
  EXPECT_EQ(at(e, "/rule/category"), "\"syslog\"");
  EXPECT_EQ(at(e, "/rule/reference"), "\"http://x/\"");
  EXPECT_EQ(at(e, "/source/ip"), "\"10.0.0.1\"");
  EXPECT_EQ(at(e, "/source/port"), "4711");
  EXPECT_EQ(at(e, "/source/user/name"), "\"eve\"");
  EXPECT_EQ(at(e, "/destination/ip"), "\"2001:db8::1\"");
  EXPECT_EQ(at(e, "/user/name"), "\"bob\"");
  EXPECT_EQ(at(e, "/url/original"), "\"/u\"");
  EXPECT_EQ(at(e, "/network/transport"), "\"tcp\"");
  EXPECT_EQ(at(e, "/process/name"), "\"app\"");
  EXPECT_EQ(at(e, "/host/hostname"), "\"h1\"");
  EXPECT_EQ(at(e, "/log/file/path"), "\"/var/log/app.log\"");
  EXPECT_EQ(at(e, "/observer/product"), "\"Gander\"");
  EXPECT_EQ(at(e, "/tags"), "[\"syslog\",\"sshd\",\"authentication_failed\"]");
  EXPECT_EQ(at(e, "/related/ip"), "[\"10.0.0.1\",\"2001:db8::1\"]");
  EXPECT_EQ(at(e, "/related/user"), "[\"bob\",\"eve\"]");
  EXPECT_EQ(at(e, "/gander/fields/0/name"), "\"color\"");
  EXPECT_EQ(at(e, "/gander/previous"), "[\"older\"]");
}

TEST_F(Ecs, WhatIsNoAddressOrPortIsNotGivenAsOne) {
  SampleAlert s;
  s.set(Field::SrcIp, "evil.example").set(Field::SrcPort, "70000").set(Field::DstIp, "1.2.3");
  const auto e = of(s);
  EXPECT_EQ(at(e, "/source/ip"), "(none)");
  EXPECT_EQ(at(e, "/source/address"), "\"evil.example\"");
  EXPECT_EQ(at(e, "/source/port"), "(none)");
  EXPECT_EQ(at(e, "/destination/address"), "\"1.2.3\"");
  EXPECT_EQ(at(e, "/related/ip"), "(none)");
}

TEST_F(Ecs, AgentAndWebStatus) {
  SampleAlert s;
  s.agent("(web1) 10.1.1.1->/var/log/nginx/access.log").set(Field::Id, "404");
  s.event.category = model::Category::WebLog;
  s.rule.group = "web,accesslog,attack,";
  const auto e = of(s);
  EXPECT_EQ(at(e, "/host/hostname"), "\"web1\"");
  EXPECT_EQ(at(e, "/host/ip"), "[\"10.1.1.1\"]");
  EXPECT_EQ(at(e, "/log/file/path"), "\"/var/log/nginx/access.log\"");
  EXPECT_EQ(at(e, "/http/response/status_code"), "404");
  EXPECT_EQ(at(e, "/event/category"), "[\"web\",\"intrusion_detection\"]");
}

TEST_F(Ecs, DamagedBytesGiveValidJson) {
  SampleAlert s;
  s.log("\xff\x01\"").set(Field::DstUser, std::string_view("a\0b", 3)).named("\xfe", "\xfe");
  EXPECT_EQ(at(of(s), "/event/original"), "\"\uFFFD\\u0001\\\"\"");
}

}  // namespace
}  // namespace gander::output
