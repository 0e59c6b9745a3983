// Instants and civil time. Time is an argument everywhere: nothing below the roles asks for "now".
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::base {

using Seconds = std::chrono::seconds;
// Microseconds since 1970-01-01T00:00:00Z.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

inline int64_t unix_seconds(Instant t) {
  return std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
}
// Clamped to what an Instant can hold (years -290,000 to 290,000).
inline Instant from_unix(int64_t seconds) {
  constexpr int64_t kMost = 9'200'000'000'000;
  return Instant(std::chrono::seconds(seconds < -kMost ? -kMost : seconds > kMost ? kMost : seconds));
}

struct Civil {
  int year = 1970;
  int month = 1;  // 1-12
  int day = 1;    // 1-31
  int hour = 0;
  int minute = 0;
  int second = 0;      // 0-60
  int weekday = 4;     // 0 = Sunday
  int64_t offset = 0;  // seconds east of UTC

  bool operator==(const Civil&) const = default;
};

// TimeZone: offsets of one zone, read once from the system's zone files (TZif, RFC 8536; POSIX TZ texts also work).
//
// Threads: immutable.
class TimeZone {
 public:
  static TimeZone utc();
  // The TZ variable if set, else /etc/localtime, else UTC.
  static TimeZone local();
  // "UTC", "Europe/Rome", "EST5EDT", "+02:00". Fails with C040 and the name.
  static Result<TimeZone> named(std::string_view name);

  Civil civil(Instant t) const;
  // The instant of a civil time. An hour that occurs twice: the first; one that is skipped: shifted forward.
  Instant instant(const Civil& c) const;

 private:
  struct Data;
  std::shared_ptr<const Data> data_;  // null = UTC
};

// "Jan".."Dec"; month 1-12.
std::string_view month_name(int month);
// 1-12, or 0 when `text` does not start with an English three-letter month (any case).
int month_number(std::string_view text);
// Days since 1970-01-01 of a proleptic Gregorian date.
int64_t days_from_civil(int year, int month, int day);
// The date of a day (year, month, day and weekday are set).
Civil civil_from_days(int64_t days);
// 28-31; month 1-12.
int days_in_month(int year, int month);

// "2026-01-15T12:00:00Z", "2026-01-15 12:00:00" (in `zone`), "2026-01-15" (midnight), fractions and offsets
// of ISO 8601, or seconds since 1970 (with fraction). Fails with C041.
Result<Instant> parse_instant(std::string_view text, const TimeZone& zone);

}  // namespace gander::base
