#include <sys/stat.h>

#include <cstdlib>
#include <utility>

#include "base/file.h"
#include "base/time.h"
#include "base/zone_file.h"

namespace gander::base {

struct TimeZone::Data {
  ZoneTable table;

  int32_t offset_at(int64_t unix_time) const { return table.offset_at(unix_time); }
};

namespace {

constexpr int64_t kDay = 86400;
constexpr off_t kLargestZoneFile = 1 << 20;

// "+02:00", "-0530", "+2"; ISO's sense: east is plus.
std::optional<int32_t> fixed_offset(std::string_view text) {
  if (text.size() < 2 || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  std::string_view digits = text.substr(1);
  const size_t colon = digits.find(':');
  int value[2] = {0, 0};
  const size_t hours = colon != std::string_view::npos ? colon : digits.size() > 2 ? digits.size() - 2 : digits.size();
  const std::string_view parts[2] = {digits.substr(0, hours),
                                     digits.substr(colon != std::string_view::npos ? colon + 1 : hours)};
  if (parts[0].empty() || parts[0].size() > 2 || (hours < digits.size() && parts[1].size() != 2)) return std::nullopt;
  for (int i = 0; i < 2; ++i) {
    for (const char c : parts[i]) {
      if (c < '0' || c > '9') return std::nullopt;
      value[i] = value[i] * 10 + (c - '0');
    }
  }
  if (value[0] > 24 || value[1] > 59) return std::nullopt;
  const int32_t seconds = value[0] * 3600 + value[1] * 60;
  return text.front() == '-' ? -seconds : seconds;
}

// A device or pipe named by TZ must not be read for ever.
std::optional<ZoneTable> load_zone_file(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > kLargestZoneFile)
    return std::nullopt;
  const Result<std::string> bytes = read_file(path);
  return bytes ? parse_zone_file(*bytes) : std::nullopt;
}

bool is_plain_zone_name(std::string_view name) {
  return !name.empty() && name.front() != '/' && name.find("..") == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

std::optional<ZoneTable> find_zone(std::string_view name) {
  if (const std::optional<int32_t> offset = fixed_offset(name)) return ZoneTable{{}, {}, *offset, std::nullopt};
  if (is_plain_zone_name(name)) {
    const char* const folder = std::getenv("TZDIR");
    if (auto zone = load_zone_file(join(folder != nullptr ? folder : "/usr/share/zoneinfo", std::string(name)))) {
      return zone;
    }
  }
  ZoneTable written;
  written.after = PosixTz::parse(name);
  if (!written.after) return std::nullopt;
  return written;
}

}  // namespace

TimeZone TimeZone::utc() {
  return {};
}

TimeZone TimeZone::local() {
  TimeZone zone;
  std::optional<ZoneTable> table;
  if (const char* const variable = std::getenv("TZ")) {
    std::string_view name = variable;
    if (name.starts_with(':')) name.remove_prefix(1);
    table = name.starts_with('/') ? load_zone_file(std::string(name)) : find_zone(name);
  } else {
    table = load_zone_file("/etc/localtime");
  }
  if (table) zone.data_ = std::make_shared<const Data>(Data{std::move(*table)});
  return zone;
}

Result<TimeZone> TimeZone::named(std::string_view name) {
  TimeZone zone;
  if (name == "UTC" || name == "Z" || name == "GMT") return zone;
  std::optional<ZoneTable> table = find_zone(name);
  if (!table) {
    return fail("C040",
                "'" + std::string(name) + "' is not a time zone; use a name such as Europe/Rome, UTC or +02:00");
  }
  zone.data_ = std::make_shared<const Data>(Data{std::move(*table)});
  return zone;
}

Civil TimeZone::civil(Instant t) const {
  const int64_t seconds = unix_seconds(t);
  const int64_t offset = data_ ? data_->offset_at(seconds) : 0;
  const int64_t local = seconds + offset;
  const int64_t days = local / kDay - (local % kDay < 0 ? 1 : 0);
  const auto in_day = static_cast<int>(local - days * kDay);
  Civil c = civil_from_days(days);
  c.hour = in_day / 3600;
  c.minute = in_day / 60 % 60;
  c.second = in_day % 60;
  c.offset = offset;
  return c;
}

Instant TimeZone::instant(const Civil& c) const {
  const int64_t local =
      days_from_civil(c.year, c.month, c.day) * kDay + c.hour * int64_t{3600} + c.minute * int64_t{60} + c.second;
  if (!data_) return from_unix(local);
  // No zone is further from UTC than 26 hours, and none changes twice within two days.
  constexpr int64_t kFar = int64_t{26} * 3600;
  const int32_t early = data_->offset_at(local - kFar);
  const int32_t late = data_->offset_at(local + kFar);
  if (early == late) return from_unix(local - early);
  if (data_->offset_at(local - early) == early) return from_unix(local - early);
  if (data_->offset_at(local - late) == late) return from_unix(local - late);
  return from_unix(local - early);
}

}  // namespace gander::base
