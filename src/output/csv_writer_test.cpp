#include "output/csv_writer.h"

#include <gtest/gtest.h>

#include "output/testing/sample_alert.h"

namespace gander::output {
namespace {

using model::Field;
using testing::SampleAlert;

std::string csv_of(SampleAlert& sample) {
  CsvWriter writer(base::TimeZone::utc());
  std::string out;
  writer.alert(out, sample.alert());
  return out;
}

TEST(CsvWriter, HeaderAndRecord) {
  SampleAlert s;
  s.set(Field::SrcIp, "10.0.0.1").set(Field::DstUser, "bob").log("a log line");
  CsvWriter writer(base::TimeZone::utc());
  std::string out;
  writer.begin(out);
  writer.alert(out, s.alert());
  EXPECT_EQ(out,
            "time,id,level,rule,description,groups,host,location,srcip,srcport,dstip,dstport,user,srcuser,program,"
            "decoder,action,protocol,status,url,log,previous\n"
            "2024-03-05T10:00:00+00:00,1709632800.1,5,100,login seen,t auth,h1,/var/log/app.log,10.0.0.1,,,,bob,,app,"
            "app,,,,,a log line,\n");
}

TEST(CsvWriter, QuotesCommasAndLineFeeds) {
  SampleAlert s;
  s.log("a, \"b\"").set(Field::Url, "x;y");
  s.previous = {"one", "two"};
  EXPECT_TRUE(csv_of(s).ends_with(",\"x;y\",\"a, \"\"b\"\"\",\"one\ntwo\"\n"));
}

TEST(CsvWriter, ALogLineIsNoFormula) {
  for (const std::string_view text : {"=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)"}) {
    SampleAlert s;
    s.log("x").set(Field::Url, text);
    EXPECT_TRUE(csv_of(s).ends_with(",'" + std::string(text) + ",x,\n")) << text;
  }
  SampleAlert tab;
  tab.log("\t=1");
  EXPECT_TRUE(csv_of(tab).ends_with(",\"'\t=1\",\n"));
}

TEST(CsvWriter, BytesThatBreakRecords) {
  SampleAlert s;
  s.log(std::string_view("a\r\0\x1b\xff", 5));
  EXPECT_TRUE(csv_of(s).ends_with(",a???\uFFFD,\n"));
}

}  // namespace
}  // namespace gander::output
