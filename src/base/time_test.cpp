#include "base/time.h"

#include <gtest/gtest.h>

namespace gander::base {
namespace {

int64_t parsed(std::string_view text, const TimeZone& zone = TimeZone::utc()) {
  const Result<Instant> t = parse_instant(text, zone);
  EXPECT_TRUE(t.has_value()) << text;
  return t ? unix_seconds(*t) : -1;
}

TEST(Calendar, DaysAndDatesAreEachOthersInverse) {
  EXPECT_EQ(days_from_civil(1970, 1, 1), 0);
  EXPECT_EQ(days_from_civil(2000, 3, 1), 11017);
  EXPECT_EQ(days_from_civil(1969, 12, 31), -1);
  int64_t expected = days_from_civil(-801, 1, 1);
  for (int year = -801; year <= 2801; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int day = 1; day <= days_in_month(year, month); ++day, ++expected) {
        ASSERT_EQ(days_from_civil(year, month, day), expected);
        const Civil c = civil_from_days(expected);
        ASSERT_TRUE(c.year == year && c.month == month && c.day == day) << year << '-' << month << '-' << day;
      }
    }
  }
}

TEST(Calendar, Weekdays) {
  EXPECT_EQ(civil_from_days(0).weekday, 4);
  EXPECT_EQ(civil_from_days(days_from_civil(2026, 1, 15)).weekday, 4);
  EXPECT_EQ(civil_from_days(-5).weekday, 6);
  EXPECT_EQ(civil_from_days(-4).weekday, 0);
}

TEST(Calendar, MonthNames) {
  EXPECT_EQ(month_name(1), "Jan");
  EXPECT_EQ(month_name(12), "Dec");
  EXPECT_EQ(month_number("sEp 3"), 9);
  EXPECT_EQ(month_number("Sept"), 9);
  EXPECT_EQ(month_number("Foo"), 0);
  EXPECT_EQ(month_number("Ja"), 0);
  EXPECT_EQ(month_number(""), 0);
}

TEST(ParseInstant, Forms) {
  EXPECT_EQ(parsed("2026-01-15T12:00:00Z"), 1768478400);
  EXPECT_EQ(parsed("2026-01-15 12:00:00"), 1768478400);
  EXPECT_EQ(parsed("2026-01-15 12:00"), 1768478400);
  EXPECT_EQ(parsed("2026-01-15T14:00:00+02:00"), 1768478400);
  EXPECT_EQ(parsed("2026-01-15T06:30:00 -0530"), 1768478400);
  EXPECT_EQ(parsed("2026-01-15"), 1768435200);
  EXPECT_EQ(parsed("1768478400"), 1768478400);
  EXPECT_EQ(parsed("-1"), -1);
  EXPECT_EQ(parsed("0"), 0);
  EXPECT_EQ(parsed("2016-12-31T23:59:60Z"), 1483228800);
  EXPECT_EQ(*parse_instant("1768478400.25", TimeZone::utc()) - from_unix(1768478400), std::chrono::milliseconds(250));
  EXPECT_EQ(*parse_instant("2026-01-15T12:00:00.123456789Z", TimeZone::utc()) - from_unix(1768478400),
            std::chrono::microseconds(123456));
}

TEST(ParseInstant, ZoneAppliesWhenTheTextNamesNone) {
  const TimeZone zone = *TimeZone::named("+02:00");
  EXPECT_EQ(parsed("2026-01-15 14:00:00", zone), 1768478400);
  EXPECT_EQ(parsed("2026-01-15T12:00:00Z", zone), 1768478400);
}

TEST(ParseInstant, RefusesWhatIsNoTime) {
  for (const char* const text :
       {"", " ", "-", "now", "2026-02-30", "2026-13-01", "2026-00-01", "2026-01-15T24:00:00Z", "2026-01-15T12:60:00Z",
        "2026-01-15T12:00:00Zx", "2026-01-15T12", "2026-1-5", "99999999999999999999", "1768478400x", "1768478400.",
        "2026-01-15T12:00:00+25:00", "0000-01-01", "2025-02-29"}) {
    const Result<Instant> t = parse_instant(text, TimeZone::utc());
    ASSERT_FALSE(t.has_value()) << text;
    EXPECT_EQ(t.error().code, "C041");
  }
}

TEST(Instants, FarOnesAreClampedNotOverflowed) {
  EXPECT_EQ(unix_seconds(from_unix(INT64_MAX)), 9'200'000'000'000);
  EXPECT_EQ(unix_seconds(from_unix(INT64_MIN)), -9'200'000'000'000);
  Civil far;
  far.year = INT32_MAX;
  EXPECT_EQ(TimeZone::utc().instant(far), from_unix(INT64_MAX));
}

}  // namespace
}  // namespace gander::base
