#include "collect/record_cutter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace gander::collect {
namespace {

using model::Compat;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct CutText {
  std::vector<std::string> texts;
  std::vector<uint64_t> at;
  uint64_t refused = 0;
  uint64_t truncated = 0;
};

CutText cut(const std::string& format, const std::string& text, CutterOptions options = {}, bool finish = true) {
  const auto cutter = make_cutter(format, options);
  CutList list;
  uint64_t at = 0;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    // A copy of its own for each line, so that the sanitizer sees a view that outlives it.
    cutter->line(list.arena.copy(line), at, list);
    at += line.size() + 1;
  }
  if (finish) cutter->finish(list);
  CutText result;
  for (const auto& c : list.records) {
    result.texts.emplace_back(c.text);
    result.at.push_back(c.at);
  }
  result.refused = list.refused;
  result.truncated = list.truncated;
  return result;
}

TEST(LineFormats, EveryNameOfTheFamilyIsALineARecord) {
  for (const char* const format :
       {"syslog", "json", "generic", "apache", "iis", "squid", "snort-fast", "syslog-pipe"}) {
    const CutText c = cut(format, "a\n\n#b\n {\"x\":1}\n");
    EXPECT_THAT(c.texts, ElementsAre("a", "", "#b", " {\"x\":1}")) << format;
    EXPECT_THAT(c.at, ElementsAre(0, 2, 3, 6)) << format;
    EXPECT_EQ(queue_of(format), '1');
  }
}

TEST(Mysql, TheTimeIsKeptForLinesWithout) {
  const CutText c =
      cut("mysql_log", "\t\t      1 Quit early\n070823 21:01:30\t 11 Connect x\nTime Id\n\t\t      12 Query 1\n");
  EXPECT_THAT(c.texts, ElementsAre("MySQL log:  1 Quit early", "MySQL log: 070823 21:01:30 11 Connect x",
                                   "MySQL log: 070823 21:01:30 12 Query 1"));
  EXPECT_EQ(c.refused, 1U);
  EXPECT_EQ(queue_of("mysql_log"), 'a');
}

TEST(Mysql, TheTimeOutlivesARestart) {
  const auto first = make_cutter("mysql_log", {});
  CutList list;
  first->line("070823 21:01:30 11 Connect x", 0, list);
  const auto second = make_cutter("mysql_log", {});
  second->recall(first->memory());
  second->line("\t\t      12 Query 1", 0, list);
  EXPECT_EQ(list.records[1].text, "MySQL log: 070823 21:01:30 12 Query 1");
}

TEST(Djb, HeaderIsTakenOffOrMade) {
  const base::Instant now = base::from_unix(1'709'632'800);
  CutterOptions o;
  o.djb_program = "qmail";
  o.short_host = "ids1";
  o.now = &now;
  const CutText c = cut(
      "djb-multilog", "@40000000463246020c2ca16c hello\n@40000000463246020c2ca16c Apr  7 14:50:32 h p: m\nplain\n", o);
  EXPECT_THAT(c.texts, ElementsAre("Mar 05 10:00:00 ids1 qmail: hello", "h p: m"));
  EXPECT_EQ(c.refused, 1U);
  EXPECT_EQ(djb_program_of("/service/qmail/current"), "qmail");
  EXPECT_EQ(djb_program_of("/service/qmail/log"), std::nullopt);
  EXPECT_EQ(djb_program_of("current"), std::nullopt);
  EXPECT_EQ(djb_program_of("//current"), std::nullopt);
}

TEST(Nmap, OpenPortsOnly) {
  const CutText c = cut("nmapg",
                        "# Nmap\nHost: 192.168.2.1 (gw)\tPorts: 22/open/tcp//ssh///, 80/closed/tcp//http///, "
                        "53/open/udp//domain///\tIgnored\nHost: 1.1.1.1 ()\tStatus: Up\n\nrubbish\n");
  EXPECT_THAT(c.texts, ElementsAre("Host: 192.168.2.1 (gw), open ports: 22(tcp) 53(udp)"));
  EXPECT_EQ(c.refused, 1U);
  EXPECT_EQ(queue_of("nmapg"), '3');
}

TEST(MultiLine, GroupsByCount) {
  CutterOptions o;
  o.lines = 3;
  const CutText c = cut("multi-line", "1\n2\n3\n4\n5\n6\n7\n", o);
  EXPECT_THAT(c.texts, ElementsAre("1 2 3", "4 5 6", "7"));
  EXPECT_THAT(c.at, ElementsAre(0, 6, 12));
  EXPECT_EQ(make_cutter("multi-line", o)->unfinished(), RecordCutter::Unfinished::AtRotation);
}

TEST(Indented, AnEmptyLineOrOneWithoutIndentEndsIt) {
  EXPECT_THAT(cut("multi-line_indented", "head\n  i1\n\ti2\nhead2\n\n  orphan\n").texts,
              ElementsAre("head   i1 \ti2", "head2", "  orphan"));
}

TEST(Mssql, LinesWithoutStampBelongToTheOneBefore) {
  EXPECT_THAT(cut("mssql_log", "2024-03-05 10:00:00.12 Logon a\n  more\nab\nx\n2024-03-05 10:00:02.00 b\n").texts,
              ElementsAre("2024-03-05 10:00:00.12 Logon a   more ab", "2024-03-05 10:00:02.00 b"));
}

TEST(Postgresql, TabsContinue) {
  const CutText c = cut("postgresql_log", "\tlost\n[2024-03-05 10:00:00 UTC] 10.0.0.1 : LOG: a\n\tb\nother\n");
  EXPECT_THAT(c.texts, ElementsAre("[2024-03-05 10:00:00 UTC] 10.0.0.1 : LOG: a \tb"));
  EXPECT_EQ(c.refused, 2U);
  EXPECT_EQ(queue_of("postgresql_log"), 'b');
}

TEST(SnortFull, Records) {
  const std::string head = "[**] [1:100:1] N [**]\n";
  const std::string date = "01/13-15:00:00.1 1.2.3.4:5 -> 6.7.8.9:10\n";
  EXPECT_THAT(cut("snort-full", "noise\n" + head + "[Classification: x] [Priority: 2]\n" + date + "TCP\n\n").texts,
              ElementsAre("[**] [1:100:1] N [**][Classification: x] [Priority: 2]1.2.3.4:5 -> 6.7.8.9:10"));
  EXPECT_THAT(cut("snort-full", head + date).texts,
              ElementsAre("[**] [1:100:1] N [**][Classification: Preprocessor] [Priority: 3] 1.2.3.4:5 -> 6.7.8.9:10"));
  const CutText bad = cut("snort-full", head + "rubbish\n" + head + date);
  EXPECT_EQ(bad.texts.size(), 1U);
  EXPECT_EQ(bad.refused, 2U);
  CutterOptions ossec;
  ossec.compat = Compat::Ossec43;
  EXPECT_EQ(cut("snort-full", head + date, ossec).texts.size(), 2U);
}

TEST(Audit, LinesOfOneIdAreOneRecord) {
  const std::string text =
      "type=A msg=audit(1.1:7): a=1\ntype=B msg=audit(1.1:7): b=2\ntype=A msg=audit(1.2:8): c\nbad\ntype=EOE "
      "msg=audit(1.2:8): \ntype=X msg=audit(1.3:9): d\n";
  const CutText c = cut("audit", text, {}, false);
  EXPECT_THAT(c.texts, ElementsAre("type=A msg=audit(1.1:7): a=1 type=B msg=audit(1.1:7): b=2",
                                   "type=A msg=audit(1.2:8): c", "type=EOE msg=audit(1.2:8): "));
  EXPECT_EQ(c.refused, 1U);
}

TEST(Audit, OnlyOssecStopsAt16Lines) {
  std::string text;
  for (int i = 0; i < 20; ++i) text += "type=A msg=audit(1.1:7): x\n";
  EXPECT_EQ(cut("audit", text).refused, 0U);
  CutterOptions ossec;
  ossec.compat = Compat::Ossec43;
  EXPECT_EQ(cut("audit", text, ossec).refused, 4U);
}

TEST(Modsec, OtherIdsInsideAreContent) {
  const CutText c =
      cut("modsec-audit", "before\n--ab12-A--\n[date] id\n--evil-Z--\n--ab12-B--\nGET / HTTP\n\n--ab12-Z--\r\nafter\n");
  EXPECT_THAT(c.texts, ElementsAre("--ab12-A-- [date] id --evil-Z-- --ab12-B-- GET / HTTP  --ab12-Z--\r"));
  EXPECT_EQ(c.refused, 2U);
}

TEST(Modsec, OnlyOssecDropsLongEntries) {
  std::string text = "--a-A--\n";
  for (int i = 0; i < 200; ++i) text += "line\n";
  text += "--a-Z--\n";
  EXPECT_EQ(cut("modsec-audit", text).texts.size(), 1U);
  CutterOptions ossec;
  ossec.compat = Compat::Ossec43;
  EXPECT_THAT(cut("modsec-audit", text, ossec).texts, IsEmpty());
}

TEST(Modsec, AnEntryWithoutEndDoesNotSwallowTheRest) {
  CutterOptions o;
  o.longest = 100;
  std::string text = "--a-A--\n";
  for (int i = 0; i < 50; ++i) text += "filler\n";
  const CutText c = cut("modsec-audit", text + "--b-A--\nx\n--b-Z--\n", o);
  ASSERT_EQ(c.texts.size(), 2U);
  EXPECT_EQ(c.texts[0].size(), 100U);
  EXPECT_EQ(c.truncated, 1U);
  EXPECT_EQ(c.texts[1], "--b-A-- x --b-Z--");
}

TEST(OssecAlert, HeadingsInTheLogAreNotTaken) {
  const std::string head = "** Alert 1.1: - x,\n2024 Mar 05 10:00:00 host->f\nRule: 5 (level 3) -> 'It's'\n";
  EXPECT_THAT(cut("ossecalert", head + "Src IP: 1.2.3.4\nSrc Port: 1\nUser: (none)\nlog\nUser: mallory\n\n").texts,
              ElementsAre("ossec: Alert Level: 3; Rule: 5 - It's; Location: host->f; srcip: 1.2.3.4;  "
                          "log\nUser: mallory\n"));
  EXPECT_EQ(cut("ossecalert", "** Alert 1.1: - x,\nshort\nmore\n\n").refused, 2U);
}

TEST(EveryFormat, LongRecordsAreCutAndCounted) {
  CutterOptions o;
  o.longest = 64;
  for (const char* const format : {"multi-line_indented", "mssql_log", "audit"}) {
    std::string text = std::string(format) == "audit" ? "type=A msg=audit(1:1): x\n" : "2024-03-05 10:00:00 head\n";
    const std::string more = std::string(format) == "audit" ? "type=A msg=audit(1:1): x\n" : "  more\n";
    for (int i = 0; i < 20; ++i) text += more;
    const CutText c = cut(format, text, o);
    ASSERT_EQ(c.texts.size(), 1U) << format;
    EXPECT_EQ(c.texts[0].size(), 64U) << format;
    EXPECT_EQ(c.truncated, 1U) << format;
  }
}

}  // namespace
}  // namespace gander::collect
