#include "base/time.h"

#include <optional>

namespace gander::base {

namespace {

constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Reads a time text from the left.
struct Scanner {
  std::string_view rest;

  bool take(char c) {
    if (rest.empty() || rest.front() != c) return false;
    rest.remove_prefix(1);
    return true;
  }
  bool digits(size_t count, int low, int high, int& out) {
    if (rest.size() < count) return false;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!is_digit(rest[i])) return false;
      value = value * 10 + (rest[i] - '0');
    }
    rest.remove_prefix(count);
    out = value;
    return value >= low && value <= high;
  }
  // ".25" or ",25" in microseconds; further digits are dropped
  bool fraction(int64_t& micros) {
    micros = 0;
    if (!take('.') && !take(',')) return true;
    size_t n = 0;
    int64_t unit = 100000;
    for (; n < rest.size() && is_digit(rest[n]); ++n, unit /= 10) micros += (rest[n] - '0') * unit;
    rest.remove_prefix(n);
    return n > 0;
  }
  // "Z", "+02:00", "-0530", "+02"; seconds east
  bool offset(std::optional<int64_t>& out) {
    if (take('Z')) {
      out = 0;
      return true;
    }
    const bool minus = take('-');
    if (!minus && !take('+')) return true;
    int hours = 0;
    int minutes = 0;
    if (!digits(2, 0, 24, hours)) return false;
    if ((take(':') || !rest.empty()) && !digits(2, 0, 59, minutes)) return false;
    const int64_t east = hours * 3600 + minutes * 60;
    out = minus ? -east : east;
    return true;
  }
};

std::optional<Instant> parse_seconds(std::string_view text) {
  Scanner in{text};
  const bool minus = in.take('-');
  size_t n = 0;
  int64_t value = 0;
  while (n < in.rest.size() && n < 12 && is_digit(in.rest[n])) value = value * 10 + (in.rest[n++] - '0');
  in.rest.remove_prefix(n);
  int64_t micros = 0;
  if (n == 0 || !in.fraction(micros) || !in.rest.empty()) return std::nullopt;
  const std::chrono::microseconds since = std::chrono::seconds(value) + std::chrono::microseconds(micros);
  return Instant(minus ? -since : since);
}

std::optional<Instant> parse_date_time(std::string_view text, const TimeZone& zone) {
  Scanner in{text};
  Civil c;
  int64_t micros = 0;
  std::optional<int64_t> east;
  if (!in.digits(4, 1, 9999, c.year) || !in.take('-') || !in.digits(2, 1, 12, c.month) || !in.take('-'))
    return std::nullopt;
  if (!in.digits(2, 1, days_in_month(c.year, c.month), c.day)) return std::nullopt;
  if (!in.rest.empty()) {
    if (!in.take('T') && !in.take(' ')) return std::nullopt;
    if (!in.digits(2, 0, 23, c.hour) || !in.take(':') || !in.digits(2, 0, 59, c.minute)) return std::nullopt;
    if (in.take(':') && (!in.digits(2, 0, 60, c.second) || !in.fraction(micros))) return std::nullopt;
    in.take(' ');
    if (!in.offset(east) || !in.rest.empty()) return std::nullopt;
  }
  const Instant t = east ? TimeZone::utc().instant(c) - std::chrono::seconds(*east) : zone.instant(c);
  return t + std::chrono::microseconds(micros);
}

}  // namespace

std::string_view month_name(int month) {
  return month >= 1 && month <= 12 ? kMonths[month - 1] : std::string_view("???");
}

int month_number(std::string_view text) {
  if (text.size() < 3) return 0;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (int m = 0; m < 12; ++m) {
    const std::string_view name = kMonths[m];
    if (lower(text[0]) == lower(name[0]) && lower(text[1]) == name[1] && lower(text[2]) == name[2]) return m + 1;
  }
  return 0;
}

int days_in_month(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 31;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Both ways count 400-year eras from 1 March of year 0, so that the leap day is a year's last.
int64_t days_from_civil(int year, int month, int day) {
  const int64_t y = int64_t{year} - (month <= 2 ? 1 : 0);
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t year_of_era = y - era * 400;
  const int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  const int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

Civil civil_from_days(int64_t days) {
  const int64_t z = days + 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const int64_t day_of_era = z - era * 146097;
  const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int64_t shifted_month = (5 * day_of_year + 2) / 153;
  Civil c;
  c.day = static_cast<int>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  c.month = static_cast<int>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  c.year = static_cast<int>(year_of_era + era * 400 + (c.month <= 2 ? 1 : 0));
  c.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  return c;
}

Result<Instant> parse_instant(std::string_view text, const TimeZone& zone) {
  if (const std::optional<Instant> t = parse_seconds(text)) return *t;
  if (const std::optional<Instant> t = parse_date_time(text, zone)) return *t;
  return fail("C041", "'" + std::string(text) +
                          "' is not a time; write 2026-01-15T12:00:00Z, 2026-01-15 12:00:00 or seconds since 1970");
}

}  // namespace gander::base
