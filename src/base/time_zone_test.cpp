#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <string>

#include "base/file.h"
#include "base/posix_tz.h"
#include "base/time.h"
#include "base/zone_file.h"

namespace gander::base {
namespace {

TimeZone zone(std::string_view name) {
  const Result<TimeZone> z = TimeZone::named(name);
  EXPECT_TRUE(z.has_value()) << name;
  return z ? *z : TimeZone::utc();
}

Instant at(std::string_view text) {
  return *parse_instant(text, TimeZone::utc());
}

std::string written(const TimeZone& z, std::string_view utc) {
  const Civil c = z.civil(at(utc));
  char text[64];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d %+d", c.year, c.month, c.day, c.hour, c.minute,
                c.second, static_cast<int>(c.offset));
  return text;
}

// The UTC time of a local one.
std::string utc_of(const TimeZone& z, std::string_view local) {
  Civil c = TimeZone::utc().civil(at(local));
  return written(TimeZone::utc(), std::to_string(unix_seconds(z.instant(c)))).substr(0, 19);
}

class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* const old = std::getenv(name)) old_ = old;
    value != nullptr ? ::setenv(name, value, 1) : ::unsetenv(name);
  }
  ~Variable() { old_ ? ::setenv(name_, old_->c_str(), 1) : ::unsetenv(name_); }

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(TimeZone, Utc) {
  EXPECT_EQ(written(TimeZone::utc(), "2026-01-15T12:34:56Z"), "2026-01-15 12:34:56 +0");
  EXPECT_EQ(written(TimeZone::utc(), "-1"), "1969-12-31 23:59:59 +0");
  EXPECT_EQ(TimeZone::utc().civil(at("2026-01-15T12:34:56Z")).weekday, 4);
}

TEST(TimeZone, NewYorkBothTurnsOfAYear) {
  const TimeZone z = zone("America/New_York");
  EXPECT_EQ(written(z, "2026-03-08T06:59:59Z"), "2026-03-08 01:59:59 -18000");
  EXPECT_EQ(written(z, "2026-03-08T07:00:00Z"), "2026-03-08 03:00:00 -14400");
  EXPECT_EQ(written(z, "2026-11-01T05:59:59Z"), "2026-11-01 01:59:59 -14400");
  EXPECT_EQ(written(z, "2026-11-01T06:00:00Z"), "2026-11-01 01:00:00 -18000");
}

TEST(TimeZone, RepeatedHourIsTheFirstAndSkippedHourIsShifted) {
  const TimeZone z = zone("America/New_York");
  EXPECT_EQ(utc_of(z, "2026-11-01 01:30:00"), "2026-11-01 05:30:00");
  EXPECT_EQ(utc_of(z, "2026-11-01 02:00:00"), "2026-11-01 07:00:00");
  EXPECT_EQ(utc_of(z, "2026-03-08 02:30:00"), "2026-03-08 07:30:00");  // that is 03:30 summer time
  EXPECT_EQ(utc_of(z, "2026-03-08 03:00:00"), "2026-03-08 07:00:00");
}

TEST(TimeZone, RomeOldAndNew) {
  const TimeZone z = zone("Europe/Rome");
  EXPECT_EQ(written(z, "2026-07-01T10:00:00Z"), "2026-07-01 12:00:00 +7200");
  EXPECT_EQ(written(z, "2026-01-01T10:00:00Z"), "2026-01-01 11:00:00 +3600");
  EXPECT_EQ(written(z, "1966-05-21T23:00:00Z"), "1966-05-22 01:00:00 +7200");
  EXPECT_EQ(utc_of(z, "2026-10-25 02:30:00"), "2026-10-25 00:30:00");
}

TEST(TimeZone, LordHoweTurnsByHalfAnHour) {
  const TimeZone z = zone("Australia/Lord_Howe");
  EXPECT_EQ(written(z, "2026-01-15T00:00:00Z"), "2026-01-15 11:00:00 +39600");
  EXPECT_EQ(written(z, "2026-07-15T00:00:00Z"), "2026-07-15 10:30:00 +37800");
  EXPECT_EQ(utc_of(z, "2026-10-04 02:15:00"), "2026-10-03 15:45:00");
}

TEST(TimeZone, SouthernSummerSpansNewYear) {
  const TimeZone z = zone("Australia/Sydney");
  EXPECT_EQ(written(z, "2026-12-31T14:00:00Z"), "2027-01-01 01:00:00 +39600");
  EXPECT_EQ(written(z, "2026-06-30T14:00:00Z"), "2026-07-01 00:00:00 +36000");
}

TEST(TimeZone, FarFutureFollowsTheRuleAtTheEndOfTheFile) {
  EXPECT_EQ(written(zone("America/New_York"), "2150-07-01T12:00:00Z"), "2150-07-01 08:00:00 -14400");
  EXPECT_EQ(written(zone("America/New_York"), "2150-12-01T12:00:00Z"), "2150-12-01 07:00:00 -18000");
  EXPECT_EQ(written(zone("Australia/Sydney"), "2150-01-01T00:00:00Z"), "2150-01-01 11:00:00 +39600");
}

TEST(TimeZone, ADaySkippedAtTheDateLine) {
  EXPECT_EQ(utc_of(zone("Pacific/Apia"), "2011-12-30 12:00:00"), "2011-12-30 22:00:00");
}

TEST(TimeZone, FixedOffsets) {
  EXPECT_EQ(written(zone("+02:00"), "2026-07-01T10:00:00Z"), "2026-07-01 12:00:00 +7200");
  EXPECT_EQ(written(zone("-0530"), "2026-07-01T10:00:00Z"), "2026-07-01 04:30:00 -19800");
  EXPECT_EQ(written(zone("+5"), "2026-07-01T10:00:00Z"), "2026-07-01 15:00:00 +18000");
}

TEST(TimeZone, PosixTexts) {
  EXPECT_EQ(written(zone("EST5EDT"), "2026-07-01T12:00:00Z"), "2026-07-01 08:00:00 -14400");
  EXPECT_EQ(written(zone("<+0330>-3:30"), "2026-07-01T12:00:00Z"), "2026-07-01 15:30:00 +12600");
  EXPECT_EQ(written(zone("CET-1CEST,M3.5.0,M10.5.0/3"), "2026-10-25T00:59:59Z"), "2026-10-25 02:59:59 +7200");
  EXPECT_EQ(written(zone("CET-1CEST,M3.5.0,M10.5.0/3"), "2026-10-25T01:00:00Z"), "2026-10-25 02:00:00 +3600");
  EXPECT_EQ(written(zone("AAA3BBB,J60/0,J300/0"), "2024-03-01T03:00:00Z"), "2024-03-01 01:00:00 -7200");
  EXPECT_EQ(written(zone("AAA3BBB,59/0,300/0"), "2023-03-01T03:00:00Z"), "2023-03-01 01:00:00 -7200");
}

TEST(TimeZone, BadNames) {
  for (const char* const name :
       {"", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "+25:00", "+1:5", "+", "EST", "EST5EDT,M13.1.0,M1.1.0",
        "AB3", "<AB3", "EST5EDT,M3.2.0", "CET-1CEST,M3.6.0,M10.5.0"}) {
    if (std::string_view(name) == "EST" && exists("/usr/share/zoneinfo/EST")) continue;
    const Result<TimeZone> z = TimeZone::named(name);
    ASSERT_FALSE(z.has_value()) << name;
    EXPECT_EQ(z.error().code, "C040");
    EXPECT_NE(z.error().message.find(name), std::string::npos);
  }
}

TEST(TimeZone, LocalFollowsTheVariable) {
  {
    const Variable tz("TZ", ":Asia/Tokyo");
    EXPECT_EQ(written(TimeZone::local(), "2026-07-01T00:00:00Z"), "2026-07-01 09:00:00 +32400");
  }
  {
    const Variable tz("TZ", "");
    EXPECT_EQ(written(TimeZone::local(), "2026-07-01T00:00:00Z"), "2026-07-01 00:00:00 +0");
  }
  {
    const Variable tz("TZ", "no such zone");
    EXPECT_EQ(written(TimeZone::local(), "2026-07-01T00:00:00Z"), "2026-07-01 00:00:00 +0");
  }
  {
    const Variable tz("TZ", "/usr/share/zoneinfo/Asia/Tokyo");
    EXPECT_EQ(TimeZone::local().civil(at("0")).offset, 32400);
  }
}

TEST(TimeZone, CivilAndInstantAreEachOthersInverse) {
  std::mt19937_64 random(1);
  for (const char* const name :
       {"America/New_York", "Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata", "Pacific/Apia"}) {
    const TimeZone z = zone(name);
    for (int i = 0; i < 4000; ++i) {
      const Instant t = from_unix(static_cast<int64_t>(random() % 5'000'000'000) - 500'000'000);
      const Instant back = z.instant(z.civil(t));
      // The second pass of a repeated hour comes back as the first.
      ASSERT_TRUE(back == t || z.civil(back).hour == z.civil(t).hour) << name << ' ' << unix_seconds(t);
    }
  }
}

TEST(ZoneFile, DamagedFilesAreRefusedNotTrusted) {
  const Result<std::string> rome = read_file("/usr/share/zoneinfo/Europe/Rome");
  if (!rome) GTEST_SKIP() << "needs the system's zone files";
  ASSERT_TRUE(parse_zone_file(*rome));
  for (size_t n = 0; n < rome->size(); n += 7) {
    const std::optional<ZoneTable> cut = parse_zone_file(std::string_view(*rome).substr(0, n));
    if (cut) cut->offset_at(1768478400);
  }
  std::mt19937_64 random(2);
  for (int i = 0; i < 3000; ++i) {
    std::string bytes = *rome;
    for (int k = 0; k < 4; ++k) bytes[random() % (k < 2 ? 48 : bytes.size())] = static_cast<char>(random());
    if (const std::optional<ZoneTable> z = parse_zone_file(bytes)) {
      for (const int64_t t : {INT64_MIN, int64_t{0}, int64_t{1768478400}, INT64_MAX}) {
        EXPECT_LE(std::abs(z->offset_at(t)), 26 * 3600);
      }
    }
  }
}

}  // namespace
}  // namespace gander::base
