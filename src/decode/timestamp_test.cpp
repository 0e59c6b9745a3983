#include "decode/timestamp.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>
#include <vector>

namespace gander::decode {
namespace {

using base::Instant;
using base::TimeZone;

// "2026-03-14 10:00:01" with "+3600" and ".250000" where the line has them; "____" for an absent year; "" for no time.
std::string found(std::string_view line) {
  const std::optional<WrittenTime> t = find_timestamp(line);
  if (!t) return "";
  char text[80];
  const base::Civil& c = t->civil;
  int n = t->has_year ? std::snprintf(text, sizeof text, "%04d", c.year) : std::snprintf(text, sizeof text, "____");
  n +=
      std::snprintf(text + n, sizeof text - n, "-%02d-%02d %02d:%02d:%02d", c.month, c.day, c.hour, c.minute, c.second);
  if (t->microsecond != 0) n += std::snprintf(text + n, sizeof text - n, ".%06d", t->microsecond);
  if (t->has_offset) std::snprintf(text + n, sizeof text - n, " %+d", static_cast<int>(c.offset));
  return text;
}

struct Shape {
  const char* line;
  const char* expected;
};

class KnownShapes : public ::testing::TestWithParam<Shape> {};

TEST_P(KnownShapes, AreUnderstood) {
  EXPECT_EQ(found(GetParam().line), GetParam().expected) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    Syslog, KnownShapes,
    ::testing::Values(Shape{"Dec 29 10:00:01 host sshd[12]: msg", "____-12-29 10:00:01"},
                      Shape{"Mar  4 09:08:07 host cron: msg", "____-03-04 09:08:07"},
                      Shape{"Mar 4 09:08:07 host cron: msg", "____-03-04 09:08:07"},
                      Shape{"Feb 29 09:08:07 host cron: msg", "____-02-29 09:08:07"},
                      Shape{"Mar 14 10:00:01.123456 host p: m", "____-03-14 10:00:01.123456"},
                      Shape{"<34>Oct 11 22:14:15 mymachine su: failed", "____-10-11 22:14:15"},
                      Shape{"<34>1 2003-10-11T22:14:15.003Z mymachine su - ID47 - m", "2003-10-11 22:14:15.003000 +0"},
                      Shape{"1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - m",
                            "2003-08-24 05:14:15.000003 -25200"},
                      Shape{"<165>1 - host app - - - no time", ""},
                      Shape{"Mar 14 2026 10:00:01 fw1 : %ASA-6-302013: built", "2026-03-14 10:00:01"},
                      Shape{"Mar 14 2026 10:00:01 UTC: %SYS-5: m", "2026-03-14 10:00:01 +0"},
                      Shape{"<189>000123: *Mar  1 00:00:01.003: %SYS-5-CONFIG_I: m", "____-03-01 00:00:01.003000"},
                      Shape{"<189>123: .Mar  1 00:00:01: %SYS", "____-03-01 00:00:01"},
                      Shape{"2015 Dec 29 10:00:01 WinEvtLog: Security", "2015-12-29 10:00:01"},
                      Shape{"2019:11:06-00:08:03 utm httpproxy[1]: m", "2019-11-06 00:08:03"},
                      Shape{"May 17 00:00:60 host p: leap second", "____-05-17 00:00:60"}));

INSTANTIATE_TEST_SUITE_P(
    Iso, KnownShapes,
    ::testing::Values(Shape{"2007-06-14T15:48:55-04:00 host p: m", "2007-06-14 15:48:55 -14400"},
                      Shape{"2007-06-14T15:48:55.3-04:00 host p: m", "2007-06-14 15:48:55.300000 -14400"},
                      Shape{"2015-04-16 21:51:02,805 host p: m", "2015-04-16 21:51:02.805000"},
                      Shape{"2015-04-16 21:51:02 status installed", "2015-04-16 21:51:02"},
                      Shape{"2015-04-16 21:51:02.123 UTC [99] LOG:  m", "2015-04-16 21:51:02.123000 +0"},
                      Shape{"2015-04-16 21:51:02.123 CET [99] LOG:  m", "2015-04-16 21:51:02.123000"},
                      Shape{"2015-04-16 21:51:02+0530 m", "2015-04-16 21:51:02 +19800"},
                      Shape{"2015-04-16 21:51:02 +0100 m", "2015-04-16 21:51:02 +3600"},
                      Shape{"2015-04-16 21:51:02 -12 bottles", "2015-04-16 21:51:02"},
                      Shape{"2015-04-16T21:51:02Zebra", "2015-04-16 21:51:02"},
                      Shape{"20260314T100000Z m", "2026-03-14 10:00:00 +0"},
                      Shape{"20260314 10:00:00 m", "2026-03-14 10:00:00"},
                      Shape{"080414  9:05:06 [Note] mysqld: ready", "2008-04-14 09:05:06"}));

INSTANTIATE_TEST_SUITE_P(
    Services, KnownShapes,
    ::testing::Values(
        Shape{"Mon Apr 17 18:27:14 2006 1 192.0.2.1 1234 /a b _ o a b ftp 0 * c", "2006-04-17 18:27:14"},
        Shape{"Sat Mar 14 10:00:01 CET 2026: backup began", "2026-03-14 10:00:01"},
        Shape{"Sat Mar 14 10:00:01 UTC 2026", "2026-03-14 10:00:01 +0"},
        Shape{"01/28-09:13:16.240702  [**] [1:1:1] m", "____-01-28 09:13:16.240702"},
        Shape{"01/28/09-09:13:16.240702  [**] m", "2009-01-28 09:13:16.240702"},
        Shape{"01/28/1979-09:13:16.240702  [**] m", "1979-01-28 09:13:16.240702"},
        Shape{"[Fri Feb 11 18:06:35 2004] [error] [client 192.0.2.1] m", "2004-02-11 18:06:35"},
        Shape{"[Fri Feb 11 18:06:35.123456 2005] [core:error] [pid 1] m", "2005-02-11 18:06:35.123456"},
        Shape{"[Time 2006.12.28 15:53:55 UTC] [Facility auth] m", "2006-12-28 15:53:55 +0"},
        Shape{"[10-Oct-2000 13:55:36 Europe/Rome] PHP Warning: m", "2000-10-10 13:55:36"},
        Shape{"[10-Oct-2000 13:55:36 UTC] PHP Warning: m", "2000-10-10 13:55:36 +0"},
        Shape{"10-Oct-2000 13:55:36.250 queries: info: m", "2000-10-10 13:55:36.250000"},
        Shape{"2015/10/21 10:00:00 [error] 12#12: *1 open() failed", "2015-10-21 10:00:00"},
        Shape{"[2026-03-14 10:00:00] production.ERROR: m", "2026-03-14 10:00:00"},
        Shape{"[1140804070] SERVICE ALERT: m", "2006-02-24 18:01:10 +0"},
        Shape{"1140804070.368  11623 192.0.2.1 TCP_MISS/200 1 GET", "2006-02-24 18:01:10.368000 +0"},
        Shape{"type=SYSCALL msg=audit(1234567890.123:45): arch=1", "2009-02-13 23:31:30.123000 +0"},
        Shape{"node=web1 type=LOGIN msg=audit(1234567890.123:45): m", "2009-02-13 23:31:30.123000 +0"},
        Shape{"date=2026-03-14 time=10:00:00 devname=fw", "2026-03-14 10:00:00"},
        Shape{"time=\"2026-03-14T10:00:00Z\" level=info msg=m", "2026-03-14 10:00:00 +0"},
        Shape{"ts=1768478400.5 caller=x", "2026-01-15 12:00:00.500000 +0"},
        Shape{"id=firewall sn=00 time=\"2007-05-22 10:00:00\" fw=192.0.2.1 msg=\"m\"", "2007-05-22 10:00:00"},
        Shape{"192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] \"GET / HTTP/1.0\" 200 1", "2000-10-10 13:55:36 -25200"},
        Shape{"192.0.2.1 - - [1/Apr/2014:00:00:01 -0500] \"POST / HTTP/1.1\" 403 1", "2014-04-01 00:00:01 -18000"},
        Shape{"www:80 192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] \"GET /\" 200 1", "2000-10-10 13:55:36 +0"}));

INSTANTIATE_TEST_SUITE_P(
    Json, KnownShapes,
    ::testing::Values(
        Shape{R"({"timestamp":"2026-03-14T10:00:00.123456+0100","event":"x"})", "2026-03-14 10:00:00.123456 +3600"},
        Shape{R"(  { "a" : 1, "@timestamp" : "2026-03-14T10:00:00Z" })", "2026-03-14 10:00:00 +0"},
        Shape{R"({"ts":1768478400.25,"level":"info"})", "2026-01-15 12:00:00.250000 +0"},
        Shape{R"({"time":1768478400123})", "2026-01-15 12:00:00.123000 +0"},
        Shape{R"({"time":1768478400})", "2026-01-15 12:00:00 +0"},
        Shape{R"({"__REALTIME_TIMESTAMP":"1768478400123456","MESSAGE":"m"})", "2026-01-15 12:00:00.123456 +0"},
        Shape{R"({"time":1768478400123456789})", "2026-01-15 12:00:00.123456 +0"},
        Shape{R"({"time":0.25,"date":"14/Mar/2026:10:00:00 +0000"})", "2026-03-14 10:00:00 +0"},
        Shape{R"({"user":{"time":"2001-01-01T00:00:00Z"},"time":"2026-03-14T10:00:00Z"})", "2026-03-14 10:00:00 +0"},
        Shape{R"({"msg":"\",\"time\":\"2001-01-01T00:00:00Z\"","time":"2026-03-14T10:00:00Z"})",
              "2026-03-14 10:00:00 +0"},
        Shape{R"({"a":["time","2001-01-01T00:00:00Z"],"b":"time"})", ""}, Shape{R"({"time":"soon"})", ""},
        Shape{R"({"time")", ""}, Shape{R"({"time":)", ""}, Shape{R"({"time":")", ""}, Shape{R"({"time\)", ""},
        Shape{"{", ""}, Shape{"{}}}}{{", ""}));

INSTANTIATE_TEST_SUITE_P(NoTime, KnownShapes,
                         ::testing::Values(Shape{"", ""}, Shape{"hello world", ""},
                                           Shape{"Feb 30 10:00:01 host p: m", ""},
                                           Shape{"Feb 31 10:00:01 host p: m", ""},
                                           Shape{"Jun 31 10:00:01 host p: m", ""}, Shape{"2025-02-29 10:00:00 m", ""},
                                           Shape{"2026-13-01 10:00:00 m", ""}, Shape{"2026-03-14 24:00:00 m", ""},
                                           Shape{"Mar 14 10:60:00 host", ""}, Shape{"Mar 14 10:00:61 host", ""},
                                           Shape{"Mar 0 10:00:00 host", ""}, Shape{"Mar 14 10:00:001 host", ""},
                                           Shape{"Mars 14 10:00:00", ""}, Shape{"1140804070 no fraction", ""},
                                           Shape{"1234567890", ""}, Shape{"<999999>Mar 14 10:00", ""}, Shape{"[", ""},
                                           Shape{"[[[[[[", ""}, Shape{"type=x audit(", ""},
                                           Shape{"    0.123456] kernel: m", ""}));

TEST(FindTimestamp, AUserNameCannotPoseAsAnAccessLogsDate) {
  EXPECT_EQ(found("192.0.2.1 - [01/Jan/1990:00:00:00 +0000] [10/Oct/2000:13:55:36 +0000] \"GET / HTTP/1.0\" 200 1"),
            "2000-10-10 13:55:36 +0");
  EXPECT_EQ(found("192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] \"GET /[01/Jan/1990:00:00:00 +0000] \" 200 1"),
            "2000-10-10 13:55:36 +0");
}

TEST(FindTimestamp, ABracketedDateIsLookedForNearTheBeginningOnly) {
  const std::string date = "[10/Oct/2000:13:55:36 +0000]";
  EXPECT_NE(found(std::string(511, 'x') + date), "");
  EXPECT_EQ(found(std::string(512, 'x') + date), "");
}

TEST(FindTimestamp, IsTotalOverDamagedLines) {
  const std::vector<std::string> lines = {"<34>1 2003-10-11T22:14:15.003Z m",
                                          "Dec 29 10:00:01 host p: m",
                                          "[Fri Feb 11 18:06:35.1 2004] m",
                                          "{\"a\":{\"b\":\"\\\"\"},\"time\":1768478400123}",
                                          "type=SYSCALL msg=audit(1234567890.123:45): m",
                                          "a - - [10/Oct/2000:13:55:36 -0700] \"GET",
                                          "Sat Mar 14 10:00:01 UTC 2026"};
  std::mt19937 random(5);
  for (int i = 0; i < 60000; ++i) {
    std::string line = lines[random() % lines.size()];
    for (uint32_t k = random() % 4; k > 0; --k) line[random() % line.size()] = static_cast<char>(random());
    // A copy of its exact size lets the sanitizer see a read beyond the end.
    const std::vector<char> exact(line.begin(), line.begin() + static_cast<int>(random() % (line.size() + 1)));
    if (const auto t = find_timestamp({exact.data(), exact.size()})) {
      EXPECT_TRUE(t->civil.month >= 1 && t->civil.month <= 12 && t->civil.day >= 1 && t->civil.hour <= 23);
    }
  }
}

Instant utc(std::string_view text) {
  return *base::parse_instant(text, TimeZone::utc());
}

TimestampReader reader(std::string_view reference, std::optional<int> year = std::nullopt) {
  return TimestampReader({.zone = TimeZone::utc(), .reference = utc(reference), .year = year});
}

TEST(TimestampReader, TheYearIsThatOfTheLastChange) {
  EXPECT_EQ(reader("2026-03-20").read("Mar 14 10:00:01 h p: m"), utc("2026-03-14 10:00:01"));
  EXPECT_EQ(reader("2026-01-05").read("Dec 30 10:00:01 h p: m"), utc("2025-12-30 10:00:01"));
  EXPECT_EQ(reader("2025-12-31 23:59:00").read("Jan  1 00:00:01 h p: m"), utc("2025-01-01 00:00:01"));
}

TEST(TimestampReader, AFewHoursAheadOfTheLastChangeAreAnotherZoneNotAnotherYear) {
  EXPECT_EQ(reader("2026-03-14 01:00:00").read("Mar 14 10:00:01 h p: m"), utc("2026-03-14 10:00:01"));
}

TEST(TimestampReader, NewYearWithinAFile) {
  TimestampReader r = reader("2026-01-05");
  EXPECT_EQ(r.read("Dec 31 23:59:59 h p: m"), utc("2025-12-31 23:59:59"));
  EXPECT_EQ(r.read("Jan  1 00:00:00 h p: m"), utc("2026-01-01 00:00:00"));
  EXPECT_EQ(r.read("Dec 31 23:59:59 h p: straggler"), utc("2025-12-31 23:59:59"));
  EXPECT_EQ(r.backward_steps(), 1U);
  EXPECT_EQ(r.read("Jan  1 00:00:01 h p: m"), utc("2026-01-01 00:00:01"));
  EXPECT_EQ(r.backward_steps(), 1U);
}

TEST(TimestampReader, NewYearIsSteppedOverAlsoPastTheLastChange) {
  TimestampReader r = reader("2026-12-30");
  EXPECT_EQ(r.read("Dec 10 06:55:46 h p: m"), utc("2026-12-10 06:55:46"));
  EXPECT_EQ(r.read("Jan  7 17:07:25 h p: m"), utc("2027-01-07 17:07:25"));
  EXPECT_EQ(r.read("Jan  8 17:07:25 h p: m"), utc("2027-01-08 17:07:25"));
}

TEST(TimestampReader, QuietMonthsOverNewYear) {
  TimestampReader r = reader("2026-05-01");
  EXPECT_EQ(r.read("Nov 10 06:00:00 h p: m"), utc("2025-11-10 06:00:00"));
  EXPECT_EQ(r.read("Apr  2 06:00:00 h p: m"), utc("2026-04-02 06:00:00"));
}

TEST(TimestampReader, AnOlderLogBehindANewerOne) {
  TimestampReader r = reader("2026-02-10");
  EXPECT_EQ(r.read("Feb  9 06:00:00 h p: m"), utc("2026-02-09 06:00:00"));
  EXPECT_EQ(r.read("Nov 10 06:00:00 h p: m"), utc("2025-11-10 06:00:00"));
  EXPECT_EQ(r.read("Aug 10 06:00:00 h p: m"), utc("2025-08-10 06:00:00"));
}

TEST(TimestampReader, ALiveStreamRunsPastItsReference) {
  TimestampReader r = reader("2026-02-27");
  EXPECT_EQ(r.read("Feb 27 00:00:00 h p: m"), utc("2026-02-27"));
  EXPECT_EQ(r.read("Feb 28 06:00:00 h p: m"), utc("2026-02-28 06:00:00"));
  EXPECT_EQ(r.read("Mar  3 06:00:00 h p: m"), utc("2026-03-03 06:00:00"));
}

TEST(TimestampReader, AGivenYearIsThatOfTheFirstLine) {
  TimestampReader r = reader("2026-05-01", 2014);
  EXPECT_EQ(r.read("Dec 31 23:59:59 h p: m"), utc("2014-12-31 23:59:59"));
  EXPECT_EQ(r.read("Jan  1 00:00:00 h p: m"), utc("2015-01-01 00:00:00"));
  EXPECT_EQ(r.read("Dec 31 23:59:59 h p: straggler"), utc("2014-12-31 23:59:59"));
  EXPECT_EQ(r.read("Jan  1 00:00:02 h p: m"), utc("2015-01-01 00:00:02"));
}

TEST(TimestampReader, ALeapDayNeedsALeapYear) {
  TimestampReader guessed = reader("2026-05-01");
  EXPECT_EQ(guessed.read("Feb 29 10:00:00 h p: m"), utc("2024-02-29 10:00:00"));
  EXPECT_EQ(guessed.read("Mar  1 10:00:00 h p: m"), utc("2024-03-01 10:00:00"));
  TimestampReader given = reader("2026-05-01", 2025);
  EXPECT_EQ(given.read("Feb 28 10:00:00 h p: m"), utc("2025-02-28 10:00:00"));
  EXPECT_EQ(given.read("Feb 29 10:00:00 h p: m"), utc("2025-02-28 10:00:00"));
  EXPECT_EQ(given.without_time(), 1U);
}

TEST(TimestampReader, ALineWithoutATimeHasThatOfTheLineBefore) {
  TimestampReader r = reader("2026-03-20");
  EXPECT_EQ(r.read("no time"), utc("2026-03-20"));
  EXPECT_EQ(r.read("2026-03-14 10:00:00.5 m"), utc("2026-03-14 10:00:00.5"));
  EXPECT_EQ(r.read("\tat frame 2"), utc("2026-03-14 10:00:00.5"));
  EXPECT_EQ(r.without_time(), 2U);
  EXPECT_EQ(r.backward_steps(), 0U);
}

TEST(TimestampReader, BackwardStepsAreHonouredAndCounted) {
  TimestampReader r = reader("2026-03-20");
  r.read("2026-03-14 10:00:00 m");
  EXPECT_EQ(r.read("2026-03-14 09:00:00 m"), utc("2026-03-14 09:00:00"));
  EXPECT_EQ(r.read("2026-03-14 09:30:00 m"), utc("2026-03-14 09:30:00"));
  EXPECT_EQ(r.backward_steps(), 1U);
}

TEST(TimestampReader, ZoneAppliesUnlessTheLineNamesOne) {
  TimestampReader r({.zone = *TimeZone::named("America/New_York"), .reference = utc("2026-03-20"), .year = {}});
  EXPECT_EQ(r.read("Mar 14 10:00:00 h p: m"), utc("2026-03-14 14:00:00"));
  EXPECT_EQ(r.read("2026-03-14T10:00:00Z m"), utc("2026-03-14 10:00:00"));
  EXPECT_EQ(r.read("2026-03-14T10:00:00+01:00 m"), utc("2026-03-14 09:00:00"));
}

}  // namespace
}  // namespace gander::decode
