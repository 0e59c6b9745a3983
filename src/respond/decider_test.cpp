#include "respond/decider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gander::respond {
namespace {

using model::Compat;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

config::Config parse(const std::string& text) {
  Diagnostics diagnostics;
  config::Config config =
      config::parse_config("<ossec_config>" + text + "</ossec_config>", "ossec.conf", {}, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity == Severity::Error) ADD_FAILURE() << render(d, Colour::Off);
  }
  return config;
}

constexpr const char* kIp =
    "<command><name>ip</name><executable>ip.sh</executable><expect>srcip</expect><timeout_allowed>yes</timeout_allowed>"
    "</command>";

std::string on(const std::string& command, const std::string& rest) {
  return "<active-response><command>" + command + "</command>" + rest + "</active-response>";
}

Occasion attack(std::string_view srcip) {
  Occasion o;
  o.rule = 5712;
  o.level = 10;
  o.group = "syslog,sshd,";
  o.srcip = srcip;
  o.location = "/var/log/auth.log";
  o.alert_id = "1.1";
  o.stable_id = "ab";
  return o;
}

std::vector<std::string> names(const Decider::Answer& answer) {
  std::vector<std::string> out;
  for (const ResponseRequest& r : answer.requests) out.push_back(r.response + " " + r.srcip);
  return out;
}

TEST(Decider, LevelIdAndGroupAreAlternatives) {
  const config::Config config =
      parse(std::string(kIp) + on("ip", "<location>local</location><level>10</level><timeout>1</timeout>") +
            on("ip", "<location>local</location><rules_id>1,5712</rules_id><timeout>2</timeout>") +
            on("ip", "<location>local</location><rules_group>web|sshd</rules_group><timeout>3</timeout>") +
            on("ip", "<location>local</location><level>11</level><timeout>4</timeout>") +
            on("ip", "<location>local</location><timeout>5</timeout>"));
  Decider decider(config, Compat::Mended);
  EXPECT_THAT(names(decider.decide(attack("10.0.0.1"))), ElementsAre("ip1 10.0.0.1", "ip2 10.0.0.1", "ip3 10.0.0.1"));
}

TEST(Decider, NoArAndLevelZeroAskForNothing) {
  Decider decider(parse(std::string(kIp) + on("ip", "<location>local</location><rules_id>5712</rules_id>")),
                  Compat::Mended);
  Occasion o = attack("10.0.0.1");
  EXPECT_EQ(decider.decide(o).requests.size(), 1u);
  o.answers = RuleAnswers::Never;
  EXPECT_THAT(decider.decide(o).requests, IsEmpty());
  o = attack("10.0.0.1");
  o.level = 0;
  EXPECT_THAT(decider.decide(o).requests, IsEmpty());
}

TEST(Decider, UserIsTheTargetElseTheSource) {
  Decider decider(parse("<command><name>u</name><executable>u.sh</executable><expect>user</expect></command>" +
                        on("u", "<location>local</location><level>1</level>")),
                  Compat::Mended);
  Occasion o = attack("10.0.0.1");
  EXPECT_THAT(decider.decide(o).requests, IsEmpty());
  o.src_user = "alice";
  EXPECT_EQ(decider.decide(o).requests.at(0).user, "alice");
  EXPECT_EQ(decider.decide(o).requests.at(0).srcip, "");
  o.dst_user = "-";
  EXPECT_EQ(decider.decide(o).requests.at(0).user, "alice");
  o.dst_user = "bob";
  EXPECT_EQ(decider.decide(o).requests.at(0).user, "bob");
}

TEST(Decider, HostileTextsAreToldAndNotPassed) {
  Decider decider(
      parse(std::string(kIp) + "<command><name>u</name><executable>u.sh</executable><expect>user</expect></command>" +
            on("ip", "<location>local</location><level>1</level>") +
            on("u", "<location>local</location><level>1</level>")),
      Compat::Mended);
  Occasion o = attack("10.0.0.1`id`");
  o.dst_user = "$(reboot)";
  const auto& answer = decider.decide(o);
  EXPECT_THAT(answer.requests, IsEmpty());
  EXPECT_THAT(answer.log,
              ElementsAre("ossec-analysisd(1271): WARN: Invalid IP Address '10.0.0.1`id`'. Possible logging attack.",
                          "ossec-analysisd(1272): WARN: Invalid username '$(reboot)'. Possible logging attack."));
}

TEST(Decider, TheBeginningOfAnAllowedNameIsAllowedByOssecOnly) {
  const config::Config config = parse(
      "<global><white_list>trusted.example.org</white_list></global>"
      "<command><name>h</name><executable>h.sh</executable><expect>srcip, hostname</expect>"
      "</command>" +
      on("h", "<location>local</location><level>1</level>"));
  Decider ossec(config, Compat::Ossec43);
  Decider mended(config, Compat::Mended);
  EXPECT_THAT(ossec.decide(attack("t")).requests, IsEmpty());
  EXPECT_EQ(ossec.decide(attack("t")).allowed, 1u);
  EXPECT_EQ(mended.decide(attack("t")).requests.size(), 1u);
  EXPECT_THAT(mended.decide(attack("Trusted.Example.org")).requests, IsEmpty());
}

TEST(Decider, AnAllowedAddressInAnySpelling) {
  Decider decider(parse("<global><white_list>10.9.0.0/16</white_list><white_list>2001:db8::/32</white_list></global>" +
                        std::string(kIp) + on("ip", "<location>local</location><level>1</level>")),
                  Compat::Mended);
  for (const char* const source :
       {"10.9.1.1", "::ffff:10.9.1.1", "::FFFF:10.9.1.1", "0:0:0:0:0:ffff:0a09:0101", "2001:DB8::5"})
    EXPECT_THAT(decider.decide(attack(source)).requests, IsEmpty()) << source;
  EXPECT_THAT(names(decider.decide(attack("10.10.1.1"))), ElementsAre("ip0 10.10.1.1"));
}

TEST(Decider, NamesAndDashesAreAddressesToOssecOnly) {
  const config::Config config = parse(std::string(kIp) + on("ip", "<location>local</location><level>1</level>"));
  Decider ossec(config, Compat::Ossec43);
  Decider mended(config, Compat::Mended);
  EXPECT_EQ(ossec.decide(attack("-")).requests.size(), 1u);
  EXPECT_EQ(ossec.decide(attack("evil.example.org")).requests.size(), 1u);
  EXPECT_THAT(mended.decide(attack("-")).requests, IsEmpty());
  EXPECT_THAT(mended.decide(attack("evil.example.org")).requests, IsEmpty());
}

TEST(Decider, AnUnusedNameIsToldOnce) {
  Decider decider(parse(std::string(kIp) + on("ip", "<location>local</location><level>1</level>")), Compat::Mended);
  EXPECT_EQ(decider.decide(attack("evil.example.org")).log.size(), 1u);
  EXPECT_EQ(decider.decide(attack("evil2.example.org")).log.size(), 0u);
}

TEST(Decider, WhereItRuns) {
  const config::Config config =
      parse(std::string(kIp) + on("ip", "<location>local</location><level>1</level><timeout>1</timeout>") +
            on("ip", "<location>server</location><level>1</level><timeout>2</timeout>") +
            on("ip", "<location>all</location><level>1</level><timeout>3</timeout>") +
            on("ip", "<location>defined-agent</location><agent_id>007</agent_id><level>1</level><timeout>4</timeout>"));
  Decider decider(config, Compat::Mended);
  Occasion o = attack("10.0.0.1");
  o.location = "(web1) 10.1.1.1->/var/log/auth.log";
  std::vector<std::pair<std::string, Target>> got;
  for (const ResponseRequest& r : decider.decide(o).requests) got.emplace_back(r.response, r.target);
  EXPECT_THAT(got, ElementsAre(std::pair("ip1", Target::OriginAgent), std::pair("ip2", Target::Here),
                               std::pair("ip3", Target::AllAgents), std::pair("ip4", Target::GivenAgent)));
  o.location = "/var/log/auth.log";
  EXPECT_EQ(decider.decide(o).requests.at(0).target, Target::Here);
  EXPECT_EQ(decider.decide(o).requests.at(3).agent_id, "007");
}

TEST(Decider, OnlyAllIsSilentInOssec) {
  const config::Config config = parse(std::string(kIp) + on("ip", "<location>all</location><level>1</level>"));
  EXPECT_THAT(Decider(config, Compat::Ossec43).decide(attack("10.0.0.1")).requests, IsEmpty());
  EXPECT_EQ(Decider(config, Compat::Mended).decide(attack("10.0.0.1")).requests.size(), 1u);
}

TEST(Decider, TwoBlocksForOneResponseRunItOnceWhenMended) {
  const config::Config config = parse(std::string(kIp) + on("ip", "<location>local</location><level>1</level>") +
                                      on("ip", "<location>local</location><rules_id>5712</rules_id>"));
  EXPECT_EQ(Decider(config, Compat::Mended).decide(attack("10.0.0.1")).requests.size(), 1u);
  Decider ossec(config, Compat::Ossec43);
  const auto& twice = ossec.decide(attack("10.0.0.1")).requests;
  ASSERT_EQ(twice.size(), 2u);
  EXPECT_NE(twice[0].stable_id, twice[1].stable_id);
}

TEST(Decider, ADisabledBlockSwitchesOffThoseBefore) {
  Decider decider(parse(std::string(kIp) + on("ip", "<location>local</location><level>1</level><timeout>1</timeout>") +
                        "<active-response><disabled>yes</disabled></active-response>" +
                        on("ip", "<location>local</location><level>1</level><timeout>2</timeout>")),
                  Compat::Mended);
  EXPECT_THAT(names(decider.decide(attack("10.0.0.1"))), ElementsAre("ip2 10.0.0.1"));
}

}  // namespace
}  // namespace gander::respond
