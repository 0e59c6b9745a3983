// Plug-in decoders.
#include <gtest/gtest.h>

#include <string>

#include "decode/testing/decoding.h"

namespace gander::decode {
namespace {

using model::Category;
using model::Compat;
using model::Field;
using testing::Decoders;

std::string decoder_with(const std::string& plugin) {
  return "<decoder name=\"p\"><prematch_pcre2>.*</prematch_pcre2><plugin_decoder>" + plugin +
         "</plugin_decoder></decoder>";
}

std::string all_fields(const Decoders& d) {
  static constexpr const char* kNames[] = {"dstuser", "srcuser", "srcip", "dstip", "srcport", "dstport", "protocol",
                                           "action",  "id",      "url",   "data",  "status",  "system",  "filename"};
  std::string out;
  for (size_t i = 0; i < model::kFieldCount; ++i) {
    if (d.event.fields[i].data()) out += std::string(kNames[i]) + "=" + std::string(d.event.fields[i]) + ";";
  }
  return out;
}

struct Row {
  const char* plugin;
  const char* line;
  const char* fields;
  Category category = Category::Syslog;
};

class Plugins : public ::testing::TestWithParam<Row> {};

TEST_P(Plugins, FillFields) {
  const Row& row = GetParam();
  for (const Compat compat : {Compat::Ossec43, Compat::Mended}) {
    Decoders d(decoder_with(row.plugin), compat);
    ASSERT_FALSE(d.diagnostics.has_errors()) << d.rendered();
    d.decode(row.line);
    EXPECT_EQ(d.name(), "p");
    EXPECT_EQ(all_fields(d), row.fields) << row.line;
    EXPECT_EQ(d.event.category, row.category) << row.line;
    EXPECT_TRUE(d.filled.empty());
    d.expect_slow_agrees();
  }
}

constexpr const char* kPf = "PF_Decoder";
INSTANTIATE_TEST_SUITE_P(
    Pf, Plugins,
    ::testing::Values(Row{kPf, "rule 4/(match) pass in on em0: 192.0.2.1.1025 > 198.51.100.2.53:  udp 30",
                          "srcip=192.0.2.1;dstip=198.51.100.2;srcport=1025;dstport=53;protocol=UDP;action=pass;"},
                      Row{kPf, "rule 0/(match) block in on em0: 192.0.2.1 > 198.51.100.2: icmp: echo",
                          "srcip=192.0.2.1;dstip=198.51.100.2;protocol=ICMP;action=block;"},
                      Row{kPf, "(m) block x: 1.2.3.4.5.6 > a.b:S",
                          "srcip=1.2.3.4;dstip=a.b;srcport=5.6;protocol=TCP;action=block;"},
                      Row{kPf, "(m) block x: 1.2.3.4 > ::1.5:  ", "srcip=1.2.3.4;dstip=;protocol=TCP;action=block;"},
                      Row{kPf, "(m) block x: 1.2.3.4 > 2.3.4.5:  ", "srcip=1.2.3.4;dstip=2.3.4.5;action=block;"},
                      Row{kPf, "(m) pass x: 1.2.3.4 < 2.3.4.5: ", "srcip=1.2.3.4;action=pass;"},
                      Row{kPf, "(m) pass x: 1.2.3.4", "action=pass;"}, Row{kPf, "(m) pass x:1", "action=pass;"},
                      Row{kPf, "(m) match x: 1.2.3.4 > ", ""}, Row{kPf, "(m)pass x: ", ""}, Row{kPf, "m pass", ""},
                      Row{kPf, "(m) ", ""}));

constexpr const char* kSymantec = "SymantecWS_Decoder";
INSTANTIATE_TEST_SUITE_P(Symantec, Plugins,
                         ::testing::Values(Row{kSymantec, "1=x,10=bob,11=192.0.2.1,60=http://x/,3=12,2=9",
                                               "dstuser=bob;srcip=192.0.2.1;id=3=12,2=9;url=http://x/;"},
                                           Row{kSymantec, "10=bob,11=a,11=b", "srcip=a;"},
                                           Row{kSymantec, "x,3=1,2=1", "id=3=1,2=1;"},
                                           Row{kSymantec, "x,2=123456789012,3=1", "id=2=1234567;"},
                                           Row{kSymantec, "no comma 10=x", ""},
                                           Row{kSymantec, "x,10=,110=z", "dstuser=;"}));

constexpr const char* kSonicWall = "SonicWall_Decoder";
INSTANTIATE_TEST_SUITE_P(
    SonicWall, Plugins,
    ::testing::Values(
        Row{kSonicWall, "pri=6 c=1024 m=537 msg src=192.0.2.1:1025:LAN dst=198.51.100.2:80:WAN proto=tcp/http",
            "srcip=192.0.2.1;dstip=198.51.100.2;srcport=1025;dstport=80;protocol=tcp;action=close;id=537;status=6;",
            Category::Firewall},
        Row{kSonicWall, "pri=6 c=1024 m=36 src=1.2.3.4:5:L dst=2.3.4.5:6:W proto=longname1",
            "srcip=1.2.3.4;dstip=2.3.4.5;srcport=5;dstport=6;protocol=longna;action=drop;id=36;status=6;",
            Category::Firewall},
        Row{kSonicWall, "pri=6 c=1024 m=98 src=1.2.3.4:5:L dst=2.3.4.5:6:W",
            "srcip=1.2.3.4;dstip=2.3.4.5;srcport=5;dstport=6;action=pass;id=98;status=6;", Category::Firewall},
        Row{kSonicWall, "pri=6 c=32 m=98 src=1.2.3.4:5:L dst=2.3.4.5:6:W",
            "srcip=1.2.3.4;dstip=2.3.4.5;srcport=5;dstport=6;id=98;status=6;", Category::Ids},
        Row{kSonicWall,
            "pri=6 c=1 m=97 src=1.2.3.4:5:L dst=2.3.4.5:6:W proto=tcp/http op=1 result=200 dstname=a.b arg=/c",
            "srcip=1.2.3.4;dstip=2.3.4.5;srcport=5;dstport=6;protocol=tcp;id=200;url=a.b/c;status=6;", Category::Squid},
        Row{kSonicWall, "pri=6 c=1 m=97 src=1.2.3.4:5:L dst=2.3.4.5:6:W result=200",
            "srcip=1.2.3.4;dstip=2.3.4.5;srcport=5;dstport=6;id=97;status=6;", Category::Squid},
        Row{kSonicWall, "pri=6 c=1 m=1 src=1.2.3.4:5:L dst=2.3.4.5:6:W",
            "srcip=1.2.3.4;dstip=2.3.4.5;srcport=5;dstport=6;id=1;status=6;"},
        Row{kSonicWall, "pri=6 c=32 m=98 src=1.2.3.4", "id=98;status=6;"}, Row{kSonicWall, "pri=6 c=32", ""}));

TEST(OssecAlert, RuleAndFieldsAreTakenOver) {
  Decoders d(decoder_with("OSSECAlert_Decoder"));
  d.decode("Alert Level: 5; Rule: 5 - d; Location: (a) 192.0.2.1->/x; srcip: 198.51.100.2; user: bob;  original text",
           "/var/log/in");
  EXPECT_TRUE(d.event.decided_elsewhere);
  EXPECT_EQ(d.event.decided_rule, 5);
  EXPECT_EQ(d.event.location, "/var/log/in|(a) 192.0.2.1->/x");
  EXPECT_EQ(d.event.hostname, d.event.location);
  EXPECT_EQ(all_fields(d), "dstuser=bob;srcip=198.51.100.2;");
  EXPECT_EQ(d.event.full_log, "original text");
  EXPECT_EQ(d.event.log, "original text");
  EXPECT_TRUE(d.event.notes.empty());
  d.expect_slow_agrees();
}

TEST(OssecAlert, UnknownRuleIsReportedAndDropped) {
  Decoders d(decoder_with("OSSECAlert_Decoder"));
  d.decode("ossec: Alert Level: 5; Rule: 77 - d; Location: a; x");
  EXPECT_TRUE(d.event.decided_elsewhere);
  EXPECT_EQ(d.event.decided_rule, 0);
  ASSERT_EQ(d.event.notes.size(), 1u);
  EXPECT_EQ(d.event.notes[0],
            "ossec-analysisd: WARN: Rule id '77 - d; Location: a; x' not found internally: "
            "ossec: Alert Level: 5; Rule: 77 - d; Location: a; x");
}

TEST(OssecAlert, BrokenTexts) {
  for (const char* const line :
       {"", "Alert Level: ", "Alert Level: 5", "Alert Level: 5;", "Alert Level: 5; Rule:", "Alert Level: 5; Rule: ",
        "Alert Level: 5; Rule: 5", "Alert Level: 5; Rule: 5 - d", "Alert Level: 5; Rule: 5 - d;",
        "Alert Level: 5; Rule: 5 - d; Location", "Alert Level: 5; Rule: 5 - d; Location: ", "something else",
        "Alert Level: 5; Rule: 99999999999999999999 - d; Location: x; y"}) {
    Decoders d(decoder_with("OSSECAlert_Decoder"));
    d.decode(line);
    EXPECT_TRUE(d.event.decided_elsewhere) << line;
    EXPECT_EQ(d.event.decided_rule, 0) << line;
    EXPECT_EQ(d.event.location, "stdin") << line;
  }
}

TEST(OssecAlert, OpenItemStopsBehindTheLocation) {
  Decoders d(decoder_with("OSSECAlert_Decoder"));
  d.decode("Alert Level: 5; Rule: 5 - d; Location: x; srcip: 192.0.2.1; user: bob");
  EXPECT_EQ(d.event.decided_rule, 0);
  EXPECT_EQ(d.event.location, "stdin|x");
  EXPECT_EQ(all_fields(d), "srcip=192.0.2.1;");
}

TEST(OssecAlert, LongTextsAreCutInOssecOnly) {
  const std::string place(300, 'p');
  const std::string text(5000, 't');
  for (const Compat compat : {Compat::Ossec43, Compat::Mended}) {
    Decoders d(decoder_with("OSSECAlert_Decoder"), compat);
    d.decode("Alert Level: 5; Rule: 5 - d; Location: " + place + ";  " + text);
    const bool exact = compat == Compat::Ossec43;
    EXPECT_EQ(d.event.location.size(), exact ? 254u : 306u);
    EXPECT_EQ(d.event.log.size(), exact ? 4094u : 5000u);
  }
}

TEST(OssecAlert, DamagedTextKeepsItsEncodings) {
  Decoders d(decoder_with("OSSECAlert_Decoder"));
  d.decode("Alert Level: 5; Rule: 5 - d; Location: x; user: caf\xE9;  plain");
  EXPECT_EQ(d.event.log_encoding, text::Encoding::Ascii);
  EXPECT_EQ(d.event.subject(d.event.field(Field::DstUser)).encoding, text::Encoding::Invalid);
}

// The plug-in of a child without prematch runs for an event that stays its parent's.
TEST(OssecAlert, HelpsADecoderOfAnotherKind) {
  Decoders d(R"(<decoder name="a"><prematch>^Alert</prematch></decoder><decoder name="b"><parent>a</parent>
    <plugin_decoder>OSSECAlert_Decoder</plugin_decoder></decoder>)");
  d.decode("Alert Level: 5; Rule: 5 - d; Location: x;  text");
  EXPECT_FALSE(d.event.decided_elsewhere);
  EXPECT_EQ(d.event.decided_rule, 5);
  EXPECT_EQ(d.event.log, "text");
  d.expect_slow_agrees();
}

}  // namespace
}  // namespace gander::decode
