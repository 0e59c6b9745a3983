#include "report/alert_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/alert_lines.h"
#include "report/testing/read_text.h"

namespace gander::report {
namespace {

using model::Compat;
using ::testing::ElementsAre;
using testing::golden_file;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Read;
using testing::read_text;
using ::testing::SizeIs;

constexpr std::string_view kOne =
    "** Alert 1709632815.4: mail  - t,auth_failures,\n"
    "2024 Mar 05 10:00:15 h1->/var/log/app.log\n"
    "Rule: 101 (level 10) -> 'many 'q''\n"
    "Src IP: 10.0.0.1\nSrc Port: 1000\nDst IP: 2.2.2.2\nDst Port: 22\nUser: bob\n"
    "first line\nsecond line\n\n";

std::string alert_with(std::string_view body) {
  return "** Alert 1.1: - t,\n2024 Mar 05 10:00:15 h1->x\nRule: 5 (level 3) -> 'd'\n" + std::string(body);
}

class BothWays : public ::testing::TestWithParam<Compat> {};
INSTANTIATE_TEST_SUITE_P(AlertReader, BothWays, ::testing::Values(Compat::Ossec43, Compat::Mended));

TEST_P(BothWays, AllParts) {
  for (const size_t piece : {0, 1, 7, 64}) {
    const Read r = read_text(kOne, GetParam(), piece);
    ASSERT_THAT(r.alerts, SizeIs(1));
    const model::StoredAlert& a = r.alerts[0];
    EXPECT_EQ(a.id, "1709632815.4");
    EXPECT_TRUE(a.mail);
    EXPECT_EQ(a.group, " t,auth_failures,");
    EXPECT_EQ(a.date, "2024 Mar 05 10:00:15");
    EXPECT_EQ(a.location, "h1->/var/log/app.log");
    EXPECT_EQ(a.rule, 101);
    EXPECT_EQ(a.level, 10);
    EXPECT_EQ(a.description, "many 'q'");
    EXPECT_EQ(a.src_ip, "10.0.0.1");
    EXPECT_EQ(a.src_port, "1000");
    EXPECT_EQ(a.dst_ip, "2.2.2.2");
    EXPECT_EQ(a.dst_port, "22");
    EXPECT_EQ(a.user, "bob");
    EXPECT_THAT(a.log, ElementsAre("first line", "second line"));
    EXPECT_THAT(r.problems, IsEmpty());
  }
}

TEST_P(BothWays, EveryGoldenAlertIsRead) {
  const std::string text = golden_file("report-dump/input.alerts");
  ASSERT_FALSE(text.empty());
  EXPECT_THAT(read_text(text, GetParam()).alerts, SizeIs(8));
}

TEST_P(BothWays, IntegrityAlert) {
  const Read r = read_text(
      "** Alert 1.1: - ossec,syscheck,\n2024 Mar 05 10:00:15 h1->syscheck\nRule: 550 (level 7) -> 'x'\n"
      "Integrity checksum changed for: '/etc/x'\nSize changed from '1' to '2'\nOwnership was '0', now it is '1'\n"
      "Old md5sum was: 'aa'\nNew md5sum is : 'bb'\n\n\n",
      GetParam());
  ASSERT_THAT(r.alerts, SizeIs(1));
  EXPECT_EQ(r.alerts[0].filename, "/etc/x");
  EXPECT_EQ(r.alerts[0].size_change, "'1' to '2'");
  EXPECT_EQ(r.alerts[0].owner_change, "'0', now it is '1'");
  EXPECT_EQ(r.alerts[0].old_md5, "'aa'");
  EXPECT_EQ(r.alerts[0].new_md5, "'bb'");
  EXPECT_THAT(r.alerts[0].log, ElementsAre("Integrity checksum changed for: '/etc/x'"));
}

TEST_P(BothWays, EmptyFullLogIsTheFirstLogLine) {
  const Read r = read_text(alert_with("\n\n") + std::string(kOne), GetParam());
  ASSERT_THAT(r.alerts, SizeIs(2));
  EXPECT_THAT(r.alerts[0].log, ElementsAre(""));
}

TEST_P(BothWays, GeoIpAndOddRuleNumbers) {
  const Read r = read_text(
      "** Alert 1.1: - t,\n2024 Mar 05 10:00:15 h1->x\nRule: 99999999999 (level -3) -> ''\nlog\n\n", GetParam());
  ASSERT_THAT(r.alerts, SizeIs(1));
  EXPECT_EQ(r.alerts[0].rule, 1215752191);
  EXPECT_EQ(r.alerts[0].level, -3);
  EXPECT_EQ(r.alerts[0].description, "");
}

TEST_P(BothWays, NothingFromNothing) {
  EXPECT_THAT(read_text("", GetParam()).alerts, IsEmpty());
  EXPECT_THAT(read_text("\n\n\n", GetParam()).alerts, IsEmpty());
  EXPECT_THAT(read_text("no alert at all\n\n", GetParam()).alerts, IsEmpty());
}

TEST_P(BothWays, CarriageReturnsStay) {
  const Read r = read_text(alert_with("a log\r\n\n"), GetParam());
  ASSERT_THAT(r.alerts, SizeIs(1));
  EXPECT_THAT(r.alerts[0].log, ElementsAre("a log\r"));
}

TEST(AlertReader, AlertWithoutItsClosingLineIsLostByOssec) {
  const std::string text = alert_with("a log\n");
  EXPECT_THAT(read_text(text, Compat::Ossec43).alerts, IsEmpty());
  EXPECT_THAT(read_text(text, Compat::Mended).alerts, SizeIs(1));
  EXPECT_THAT(read_text(alert_with("a log"), Compat::Mended).alerts, SizeIs(1));
}

TEST(AlertReader, TwentyLogLinesAreKeptByOssec) {
  std::string lines;
  for (int i = 0; i < 30; ++i) lines += "line " + std::to_string(i) + "\n";
  EXPECT_THAT(read_text(alert_with(lines + "\n"), Compat::Ossec43).alerts.at(0).log, SizeIs(20));
  EXPECT_THAT(read_text(alert_with(lines + "\n"), Compat::Mended).alerts.at(0).log, SizeIs(30));
}

TEST(AlertReader, LongLinesComeInPiecesForOssec) {
  const std::string text = alert_with(std::string(2047, 'a') + "bb\n\n");
  for (const size_t piece : {0, 1, 1000}) {
    const Read r = read_text(text, Compat::Ossec43, piece);
    ASSERT_THAT(r.alerts, SizeIs(1));
    EXPECT_THAT(r.alerts[0].log, ElementsAre(std::string(2047, 'a'), "bb"));
    EXPECT_THAT(read_text(text, Compat::Mended, piece).alerts.at(0).log, ElementsAre(std::string(2047, 'a') + "bb"));
  }
}

TEST(AlertReader, ALineThatFillsOssecsPieceLeavesAnEmptyOne) {
  const std::string fits = alert_with(std::string(2046, 'a') + "\nmore\n\n");
  EXPECT_THAT(read_text(fits, Compat::Ossec43).alerts.at(0).log, ElementsAre(std::string(2046, 'a'), "more"));
  const std::string full = alert_with(std::string(2047, 'a') + "\nmore\n\n");
  EXPECT_THAT(read_text(full, Compat::Ossec43).alerts.at(0).log, ElementsAre(std::string(2047, 'a')));
  EXPECT_THAT(read_text(full, Compat::Mended).alerts.at(0).log, ElementsAre(std::string(2047, 'a'), "more"));
}

TEST(AlertReader, NulEndsAPieceForOssec) {
  const std::string text = alert_with(std::string("ab\0cd\n\n", 7));
  EXPECT_THAT(read_text(text, Compat::Ossec43).alerts.at(0).log, ElementsAre("ab"));
  EXPECT_THAT(read_text(text, Compat::Mended).alerts.at(0).log, ElementsAre(std::string("ab\0cd", 5)));
}

TEST(AlertReader, MissingLocationIsDamage) {
  const std::string text = "** Alert 1.1: - t,\n2024:nothing\nRule: 5 (level 3) -> 'd'\nlog\n\n" + std::string(kOne);
  const Read ossec = read_text(text, Compat::Ossec43);
  EXPECT_THAT(ossec.alerts, SizeIs(1));
  EXPECT_THAT(ossec.problems, ElementsAre("ossec-reportd: ERROR: date or location not NULL"));
  EXPECT_EQ(ossec.counters.damaged, 1U);
  const Read mended = read_text(text, Compat::Mended);
  EXPECT_THAT(mended.alerts, SizeIs(1));
  EXPECT_THAT(mended.problems,
              ElementsAre("ossec-reportd: ERROR: line 2: alert 1.1 has no date and location; it is left out"));
}

TEST(AlertReader, MissingDateIsDamage) {
  const Read r = read_text("** Alert 1.1: - t,\nno date\nlog\n\n", Compat::Ossec43);
  EXPECT_THAT(r.problems, ElementsAre("ossec-reportd: ERROR: date or location not NULL or p is NULL"));
}

TEST(AlertReader, HeaderInsideAnAlertLosesBothForOssec) {
  const std::string text = alert_with("a log\n") + std::string(kOne);
  const Read ossec = read_text(text, Compat::Ossec43);
  EXPECT_THAT(ossec.alerts, IsEmpty());
  EXPECT_THAT(ossec.problems, ElementsAre("ossec-reportd: ERROR: date or location not NULL or p is NULL"));
  const Read mended = read_text(text, Compat::Mended);
  ASSERT_THAT(mended.alerts, SizeIs(2));
  EXPECT_EQ(mended.alerts[0].rule, 5);
  EXPECT_EQ(mended.alerts[1].rule, 101);
}

TEST(AlertReader, DamagedRuleLine) {
  for (const std::string_view rule : {"Rule: 7", "Rule: 7 (level", "Rule: 7 (level 3) -> 'x", "Rule: 7 (level 3)"}) {
    const std::string text =
        "** Alert 1.1: - t,\n2024 Mar 05 10:00:15 h1->x\n" + std::string(rule) + "\nlog\n\n" + std::string(kOne);
    EXPECT_THAT(read_text(text, Compat::Ossec43).alerts, SizeIs(1)) << rule;
    EXPECT_THAT(read_text(text, Compat::Mended).alerts, SizeIs(1)) << rule;
  }
}

TEST(AlertReader, RuleNumberOutlivesDamageForOssec) {
  const Read r = read_text(
      alert_with("Rule: 7 (level 2) -> broken\n\n") + "** Alert 2.2: - u,\n2024 Mar 05 10:00:16 h2->y\nlog\n\n",
      Compat::Ossec43);
  ASSERT_THAT(r.alerts, SizeIs(1));
  EXPECT_EQ(r.alerts[0].rule, 7);
  EXPECT_EQ(r.alerts[0].level, 2);
  EXPECT_EQ(r.alerts[0].description, std::nullopt);
  EXPECT_EQ(r.alerts[0].group, " u,");
}

TEST(AlertReader, LogLinesThatLookLikeFields) {
  const std::string text = alert_with("Src IP: 1.1.1.1\na log\nSrc IP: 6.6.6.6\nRule: 1 (level 0) -> 'forged'\n\n");
  const Read ossec = read_text(text, Compat::Ossec43);
  ASSERT_THAT(ossec.alerts, SizeIs(1));
  EXPECT_EQ(ossec.alerts[0].src_ip, "6.6.6.6");
  EXPECT_EQ(ossec.alerts[0].rule, 1);
  const Read mended = read_text(text, Compat::Mended);
  ASSERT_THAT(mended.alerts, SizeIs(1));
  EXPECT_EQ(mended.alerts[0].src_ip, "1.1.1.1");
  EXPECT_EQ(mended.alerts[0].rule, 5);
  EXPECT_THAT(mended.alerts[0].log, ElementsAre("a log", "Src IP: 6.6.6.6", "Rule: 1 (level 0) -> 'forged'"));
}

TEST(AlertReader, GuardedLinesComeBackAsTheyWere) {
  const Read r = read_text(alert_with(" ** Alert 1.1: - x\n User: root\n \n kept\n\n"), Compat::Mended);
  EXPECT_THAT(r.alerts.at(0).log, ElementsAre("** Alert 1.1: - x", "User: root", "", " kept"));
}

TEST(AlertReader, HeaderWithoutColonOrBlankIsIgnored) {
  const std::string text = alert_with("log\n** Alert\n** Alert nothing\n\n");
  EXPECT_THAT(read_text(text, Compat::Ossec43).alerts, SizeIs(1));
  EXPECT_THAT(read_text(text, Compat::Mended).alerts.at(0).log, ElementsAre("log", "** Alert", "** Alert nothing"));
}

TEST(AlertReader, MessagesAboutDamageHaveAnEnd) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "** Alert 1." + std::to_string(i) + ": - t,\nbroken\n";
  const Read r = read_text(text, Compat::Mended);
  EXPECT_EQ(r.counters.damaged, 100U);
  EXPECT_THAT(r.problems, SizeIs(5));
}

TEST(AlertReader, ALineWithoutEndIsCut) {
  std::string text = alert_with("");
  text.append(AlertReader::kMaxLine + 1000, 'x').append("\n\n");
  const Read r = read_text(text, Compat::Mended, 65536);
  EXPECT_THAT(r.alerts.at(0).log.at(0), SizeIs(AlertReader::kMaxLine));
  EXPECT_EQ(r.counters.cut, 1U);
}

TEST(AlertReader, JsonAlerts) {
  const std::string text = golden_file("daemon-outputs/expected/logs/alerts/2024/Mar/ossec-alerts-05.json");
  for (const size_t piece : {0, 100}) {
    const Read r = read_text(text, Compat::Mended, piece);
    ASSERT_THAT(r.alerts, SizeIs(13));
    EXPECT_EQ(r.alerts[2].rule, 101);
    EXPECT_EQ(r.alerts[2].description, "many \"q\"");
    EXPECT_EQ(r.alerts[2].location, "h1->/var/log/app.log");
    EXPECT_EQ(r.alerts[4].location, "(agent1) 10.9.9.9->/var/log/x");
    EXPECT_EQ(r.alerts[12].user, "é\"\\");
  }
  EXPECT_THAT(read_text(text, Compat::Ossec43).alerts, IsEmpty());
}

TEST(AlertReader, JsonAndTextOfOneRunGiveTheSameReport) {
  for (const std::string name : {"daemon-outputs", "daemon-check-diff"}) {
    const std::string stem = name + "/expected/logs/alerts/2024/Mar/ossec-alerts-05.";
    std::vector<std::string> reports;
    for (const char* form : {"log", "json"}) {
      const Read r = read_text(golden_file(stem + form), Compat::Mended);
      reports.push_back(testing::rendered(render_text, testing::make_report({}, r.alerts)));
    }
    EXPECT_EQ(reports[0], reports[1]) << name;
    EXPECT_FALSE(reports[0].empty());
  }
}

TEST(AlertReader, JsonArrays) {
  const std::string object = R"({"rule":{"level":5,"sidid":3},"id":"1.1","location":"/l","full_log":"a\nb","hostname":)"
                             R"("h","timestamp":"2024 Mar 05 10:00:00"})";
  for (const std::string& text : {"[\n" + object + ",\n" + object + "\n]\n", "[" + object + "," + object + "]",
                                  "\n \n" + object + "\r\n" + object}) {
    const Read r = read_text(text, Compat::Mended);
    ASSERT_THAT(r.alerts, SizeIs(2)) << text;
    EXPECT_THAT(r.alerts[0].log, ElementsAre("a", "b"));
    EXPECT_EQ(r.counters.damaged, 0U);
  }
}

TEST(AlertReader, WhoChangedTheFileIsReadBack) {
  const std::string head = R"({"rule":{"level":7,"sidid":550,"group":"syscheck,"},"id":"1.1","location":"syscheck",)"
                           R"("full_log":"x","timestamp":"2024 Mar 05 10:00:00","SyscheckFile":{"path":"/x")";
  const Read r = read_text(head + R"(,"pid":17,"ppid":1,"user":"root","process":"/bin/a"}})" + "\n" + head + "}}\n",
                           Compat::Mended);
  ASSERT_THAT(r.alerts, SizeIs(2));
  EXPECT_EQ(r.alerts[0].actor, R"({"pid":17,"ppid":1,"user":"root","process":"/bin/a"})");
  EXPECT_EQ(r.alerts[1].actor, "");
}

TEST(AlertReader, EcsAlerts) {
  const Read r = read_text(
      R"({"@timestamp":"2024-03-05T10:00:15.250Z","event":{"severity":10,"id":"1709632815.4","original":"log"},)"
      R"("rule":{"id":"101","description":"many"},"source":{"address":"host.example"},"user":{"name":"bob"},)"
      R"("host":{"hostname":"h1"},"log":{"file":{"path":"/l"}},"tags":["a","b"]})",
      Compat::Mended);
  ASSERT_THAT(r.alerts, SizeIs(1));
  EXPECT_EQ(r.alerts[0].date, "2024 Mar 05 10:00:15");
  EXPECT_EQ(r.alerts[0].rule, 101);
  EXPECT_EQ(r.alerts[0].level, 10);
  EXPECT_EQ(r.alerts[0].group, " a,b,");
  EXPECT_EQ(r.alerts[0].src_ip, "host.example");
  EXPECT_EQ(r.alerts[0].location, "h1->/l");
}

TEST(AlertReader, DamagedJson) {
  const Read r = read_text("{\"a\":1}\n{broken\n[1,2]\n\xff\n", Compat::Mended);
  EXPECT_THAT(r.alerts, IsEmpty());
  EXPECT_EQ(r.counters.damaged, 4U);
  EXPECT_THAT(r.problems.at(1), HasSubstr("line 2: not an alert in JSON"));
}

TEST(AlertReader, EachFileHasItsOwnForm) {
  std::vector<int> rules;
  AlertReader reader(
      Compat::Mended, "gander", [&](const model::StoredAlert& a) { rules.push_back(a.rule); },
      [](const std::string&) {});
  reader.feed(R"({"rule":{"sidid":3},"location":"/l","timestamp":"2024 Mar 05 10:00:00"})");
  reader.finish();
  reader.feed(kOne);
  reader.finish();
  EXPECT_THAT(rules, ElementsAre(3, 101));
}

TEST(LeadingInteger, LikeTheCLibrary) {
  EXPECT_EQ(leading_integer(" 12x"), 12);
  EXPECT_EQ(leading_integer("-7"), -7);
  EXPECT_EQ(leading_integer("+"), 0);
  EXPECT_EQ(leading_integer(""), 0);
  EXPECT_EQ(leading_integer("4294967297"), 1);
  EXPECT_EQ(leading_integer("99999999999999999999999"), -1);
}

}  // namespace
}  // namespace gander::report
