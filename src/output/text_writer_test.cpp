#include "output/text_writer.h"

#include <gtest/gtest.h>

#include "output/testing/sample_alert.h"

namespace gander::output {
namespace {

using model::Compat;
using model::Field;
using testing::golden_record;
using testing::SampleAlert;

std::string text_of(SampleAlert& sample, Compat compat, std::string format = {}) {
  TextWriter writer(compat, base::TimeZone::utc(), std::move(format));
  std::string out;
  writer.begin(out);
  writer.alert(out, sample.alert());
  writer.end(out);
  return out;
}

std::string golden(const std::string& name, std::string_view id) {
  return golden_record(name, "** Alert " + std::string(id), "\n\n");
}

TEST(TextWriter, LocalEventWithAddressAndUser) {
  SampleAlert s;
  s.set(Field::SrcIp, "10.0.0.1").set(Field::DstUser, "bob");
  const std::string expected =
      golden("daemon-outputs/expected/logs/alerts/2024/Mar/ossec-alerts-05.log", "1709632800.1:");
  EXPECT_EQ(text_of(s, Compat::Ossec43), expected);
  EXPECT_EQ(text_of(s, Compat::Mended), expected);
}

TEST(TextWriter, MailFlagAndRememberedLines) {
  SampleAlert s;
  s.number = 3;
  s.rule.id = 101;
  s.rule.level = 10;
  s.rule.mail = true;
  s.rule.description = "many \"q\"";
  s.rule.group = "t,";
  s.set(Field::SrcIp, "10.0.0.1").set(Field::DstUser, "bob");
  s.log("Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=2");
  s.previous = {"Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=1",
                "Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 n=0"};
  EXPECT_EQ(text_of(s, Compat::Ossec43),
            golden("daemon-outputs/expected/logs/alerts/2024/Mar/ossec-alerts-05.log", "1709632800.3:"));
}

TEST(TextWriter, FieldsInTheirOrderAndNoOthers) {
  SampleAlert s;
  s.number = 4;
  s.rule.id = 102;
  s.rule.level = 3;
  s.rule.description = "conn";
  s.rule.group = "t,";
  s.set(Field::SrcIp, "1.1.1.1").set(Field::SrcPort, "10").set(Field::DstIp, "2.2.2.2").set(Field::DstPort, "20");
  s.set(Field::Protocol, "tcp").set(Field::Action, "allow").set(Field::SrcUser, "x").set(Field::Url, "/u");
  s.log("Mar  5 10:00:00 h1 app: conn src=1.1.1.1 sport=10 dst=2.2.2.2 dport=20 proto=tcp act=allow");
  EXPECT_EQ(text_of(s, Compat::Ossec43),
            golden("daemon-outputs/expected/logs/alerts/2024/Mar/ossec-alerts-05.log", "1709632800.4:"));
}

TEST(TextWriter, AgentEventShowsItsLocationOnly) {
  SampleAlert s;
  s.number = 5;
  s.rule.id = 103;
  s.rule.level = 3;
  s.rule.description = "dyn";
  s.rule.group = "t,";
  s.agent("(agent1) 10.9.9.9->/var/log/x").log("Mar  5 10:00:00 h1 app: dyn color=red shape=sq");
  EXPECT_EQ(text_of(s, Compat::Ossec43),
            golden("daemon-outputs/expected/logs/alerts/2024/Mar/ossec-alerts-05.log", "1709632800.5:"));
}

TEST(TextWriter, HostNamedLikeTheLocationIsShownTwice) {
  SampleAlert s;
  s.at("stdin", "stdin");
  EXPECT_NE(text_of(s, Compat::Ossec43).find(" stdin->stdin\n"), std::string::npos);
}

TEST(TextWriter, MissingDescription) {
  SampleAlert s;
  s.rule.description.reset();
  EXPECT_NE(text_of(s, Compat::Mended).find("Rule: 100 (level 5) -> '(null)'\n"), std::string::npos);
}

TEST(TextWriter, EmptyFullLogIsAnEmptyLine) {
  SampleAlert s;
  s.log("");
  EXPECT_TRUE(text_of(s, Compat::Ossec43).ends_with("'login seen'\n\n\n"));
  EXPECT_TRUE(text_of(s, Compat::Mended).ends_with("'login seen'\n\n\n"));
}

TEST(TextWriter, IntegrityTextKeepsItsLinesAndItsExtraLineEnd) {
  SampleAlert s;
  const std::string file = "daemon-syscheck/expected/logs/alerts/2024/Mar/ossec-alerts-05.log";
  s.number = 2;
  s.rule = {};
  s.rule.id = 550;
  s.rule.level = 7;
  s.rule.mail = true;
  s.rule.group = "ossec,syscheck,";
  s.rule.description = "Integrity checksum changed.";
  s.at("ids1", "syscheck").log("Integrity checksum changed for: '/etc/size'\nSize changed from '3' to '4'\n");
  const std::string expected = golden_record(file, "** Alert 1709632800.2:", "\n\n\n");
  EXPECT_EQ(text_of(s, Compat::Ossec43), expected);
  EXPECT_EQ(text_of(s, Compat::Mended), expected);
}

TEST(TextWriter, LongLinesAreCutByOssecAndKeptWhenMended) {
  SampleAlert s;
  const std::string line(3000, 'x');
  s.log(line);
  s.previous = {line};
  const std::string cut = line.substr(0, 1256);
  EXPECT_TRUE(text_of(s, Compat::Ossec43).ends_with("'\n" + cut + "\n" + cut + "\n\n"));
  EXPECT_TRUE(text_of(s, Compat::Mended).ends_with("'\n" + line + "\n" + line + "\n\n"));
}

TEST(TextWriter, ALogLineCannotLookLikeTheFrame) {
  SampleAlert s;
  s.log("Rule: 1 (level 15) -> 'forged'");
  s.previous = {"** Alert 1.1: mail  - x,", "User: root", ""};
  EXPECT_TRUE(text_of(s, Compat::Mended)
                  .ends_with("seen'\n Rule: 1 (level 15) -> 'forged'\n ** Alert 1.1: mail  - x,\n User: root\n \n\n"));
  EXPECT_TRUE(text_of(s, Compat::Ossec43)
                  .ends_with("seen'\nRule: 1 (level 15) -> 'forged'\n** Alert 1.1: mail  - x,\nUser: root\n\n\n"));
}

TEST(TextWriter, AnEmptyLineInsideATextDoesNotEndTheAlert) {
  SampleAlert s;
  s.log("What changed:\n\n** Alert 1.1: - x\n");
  EXPECT_TRUE(text_of(s, Compat::Mended).ends_with("What changed:\n \n ** Alert 1.1: - x\n\n\n"));
  s.previous = {"older"};
  EXPECT_TRUE(text_of(s, Compat::Mended).ends_with("What changed:\n \n ** Alert 1.1: - x\n \nolder\n\n"));
}

TEST(TextWriter, AValueCannotBreakItsLine) {
  SampleAlert s;
  s.set(Field::SrcIp, "1.1.1.1\nUser: root").set(Field::DstUser, "a\rb\x1b[2J");
  s.at("h\n1", "/l\n");
  const std::string text = text_of(s, Compat::Mended);
  EXPECT_NE(text.find("h?1->/l?\n"), std::string::npos);
  EXPECT_NE(text.find("Src IP: 1.1.1.1?User: root\nUser: a?b?[2J\n"), std::string::npos);
}

TEST(TextWriter, CustomFormat) {
  const std::string format =
      "[$TIMESTAMP][$FTELL][$RULEALERT][$HOSTNAME][$LOCATION][$RULEID][$RULELEVEL][$RULECOMMENT][$SRCIP][$DSTUSER]"
      "[$FULLLOG][$RULEGROUP]";
  const std::string file = "daemon-custom-output/expected/logs/alerts/2024/Mar/ossec-alerts-05.log";
  SampleAlert s;
  s.event.time = base::from_unix(1709632826);
  s.number = 4;
  s.rule.id = 101;
  s.rule.level = 6;
  s.rule.description = "login";
  s.rule.group = "t,";
  s.at("h1", "/l").set(Field::SrcIp, "1.1.1.1").set(Field::DstUser, "bob");
  s.log("Mar  5 10:00:00 h1 app: login user=bob src=1.1.1.1 n=0");
  s.previous = {"never shown"};
  const std::string expected = golden_record(file, "[1709632826][4]", "\n");
  EXPECT_EQ(text_of(s, Compat::Ossec43, format), expected);
  EXPECT_EQ(text_of(s, Compat::Mended, format), expected);
}

TEST(TextWriter, CustomFormatAbsentValuesAndMail) {
  SampleAlert s;
  s.rule.mail = true;
  EXPECT_EQ(text_of(s, Compat::Ossec43, "$RULEALERT$SRCIP $DSTUSER"), "mail None None\n");
}

TEST(TextWriter, CustomFormatTokensInsideALog) {
  SampleAlert s;
  s.log("user=$RULEGROUP\nnext");
  EXPECT_EQ(text_of(s, Compat::Ossec43, "$FULLLOG"), "user=t,auth,\\nnext\n");
  EXPECT_EQ(text_of(s, Compat::Mended, "$FULLLOG"), "user=$RULEGROUP\\nnext\n");
}

TEST(TextWriter, CustomFormatCutsValues) {
  SampleAlert s;
  const std::string user(2000, 'u');
  s.set(Field::DstUser, user);
  EXPECT_EQ(text_of(s, Compat::Ossec43, "$DSTUSER"), user.substr(0, 1023) + "\n");
  EXPECT_EQ(text_of(s, Compat::Mended, "$DSTUSER"), user + "\n");
}

TEST(TextWriter, DateFollowsTheEvent) {
  SampleAlert s;
  TextWriter writer(Compat::Mended, base::TimeZone::utc(), {});
  std::string out;
  writer.alert(out, s.alert());
  s.event.time += std::chrono::seconds(1);
  writer.alert(out, s.alert());
  EXPECT_NE(out.find("2024 Mar 05 10:00:00 h1"), std::string::npos);
  EXPECT_NE(out.find("2024 Mar 05 10:00:01 h1"), std::string::npos);
}

}  // namespace
}  // namespace gander::output
