#include "base/posix_tz.h"

#include "base/time.h"

namespace gander::base {

namespace {

constexpr int64_t kDay = 86400;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_leap(int64_t year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

}  // namespace

// Takes the text apart from the left; each step says whether it found what it looked for.
struct PosixTz::Reader {
  std::string_view rest;

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }

  bool name() {
    if (take('<')) {
      const size_t end = rest.find('>');
      if (end == std::string_view::npos || end < 3) return false;
      rest.remove_prefix(end + 1);
      return true;
    }
    size_t n = 0;
    while (n < rest.size() && is_letter(rest[n])) ++n;
    rest.remove_prefix(n);
    return n >= 3;
  }

  bool number(int most, int& out) {
    int value = 0;
    size_t n = 0;
    while (n < rest.size() && n < 3 && is_digit(rest[n])) value = value * 10 + (rest[n++] - '0');
    rest.remove_prefix(n);
    out = value;
    return n > 0 && value <= most;
  }

  // [+-]hh[:mm[:ss]] in seconds
  bool duration(int most_hours, int32_t& out) {
    const bool minus = take('-');
    if (!minus) take('+');
    int hours = 0;
    int minutes = 0;
    int seconds = 0;
    if (!number(most_hours, hours)) return false;
    if (take(':')) {
      if (!number(59, minutes)) return false;
      if (take(':') && !number(59, seconds)) return false;
    }
    const int32_t value = hours * 3600 + minutes * 60 + seconds;
    out = minus ? -value : value;
    return true;
  }

  bool turn(Turn& t) {
    if (!take(',')) return false;
    if (take('M')) {
      t.kind = Turn::Kind::MonthWeekDay;
      if (!number(12, t.month) || t.month < 1 || !take('.')) return false;
      if (!number(5, t.week) || t.week < 1 || !take('.')) return false;
      if (!number(6, t.day)) return false;
    } else if (take('J')) {
      t.kind = Turn::Kind::JulianNoLeap;
      if (!number(365, t.day) || t.day < 1) return false;
    } else {
      t.kind = Turn::Kind::DayOfYear;
      if (!number(365, t.day)) return false;
    }
    return !take('/') || duration(167, t.time);
  }
};

std::optional<PosixTz> PosixTz::parse(std::string_view text) {
  Reader in{text};
  PosixTz tz;
  int32_t west = 0;
  if (!in.name() || !in.duration(24, west)) return std::nullopt;
  tz.standard_ = -west;
  if (in.rest.empty()) return tz;

  tz.has_summer_ = true;
  tz.summer_ = tz.standard_ + 3600;
  if (!in.name()) return std::nullopt;
  if (!in.rest.empty() && in.rest.front() != ',') {
    if (!in.duration(24, west)) return std::nullopt;
    tz.summer_ = -west;
  }
  // POSIX leaves the turns of a text without them open; everyone takes those of the United States.
  if (in.rest.empty()) in.rest = ",M3.2.0,M11.1.0";
  if (!in.turn(tz.begin_) || !in.turn(tz.end_) || !in.rest.empty()) return std::nullopt;
  return tz;
}

int64_t PosixTz::Turn::local_seconds(int year) const {
  int64_t days = 0;
  switch (kind) {
    case Kind::JulianNoLeap:
      days = days_from_civil(year, 1, 1) + day - 1 + (is_leap(year) && day >= 60 ? 1 : 0);
      break;
    case Kind::DayOfYear:
      days = days_from_civil(year, 1, 1) + day;
      break;
    case Kind::MonthWeekDay: {
      const int64_t first = days_from_civil(year, month, 1);
      const int64_t first_weekday = ((first + 4) % 7 + 7) % 7;
      int64_t in_month = (day - first_weekday + 7) % 7 + int64_t{7} * (week - 1);
      while (in_month >= days_in_month(year, month)) in_month -= 7;
      days = first + in_month;
      break;
    }
  }
  return days * kDay + time;
}

int32_t PosixTz::offset_at(int64_t unix_time) const {
  if (!has_summer_) return standard_;
  unix_time = unix_seconds(from_unix(unix_time));  // clamped, so that the sums below cannot overflow
  const int year = TimeZone::utc().civil(from_unix(unix_time + standard_)).year;
  const int64_t begin = begin_.local_seconds(year) - standard_;
  const int64_t end = end_.local_seconds(year) - summer_;
  // In the south summer spans New Year.
  const bool summer = begin < end ? unix_time >= begin && unix_time < end : unix_time >= begin || unix_time < end;
  return summer ? summer_ : standard_;
}

}  // namespace gander::base
