#include "collect/location_pattern.h"

#include <fnmatch.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <ctime>

namespace gander::collect {

namespace {
constexpr size_t kLongestName = 256;
constexpr int kHoursBack = 31 * 24;
constexpr std::string_view kWildcards = "*?[";
}  // namespace

bool has_date(std::string_view location) {
  return location.find('%') != std::string_view::npos;
}

bool has_wildcard(std::string_view location) {
  return location.find_first_of(kWildcards) != std::string_view::npos;
}

std::optional<std::string> expand_date(const std::string& location, const base::TimeZone& zone, base::Instant time) {
  const base::Civil c = zone.civil(time);
  std::tm t{};
  t.tm_year = c.year - 1900;
  t.tm_mon = c.month - 1;
  t.tm_mday = c.day;
  t.tm_hour = c.hour;
  t.tm_min = c.minute;
  t.tm_sec = c.second;
  t.tm_wday = c.weekday;
  t.tm_yday = static_cast<int>(base::days_from_civil(c.year, c.month, c.day) - base::days_from_civil(c.year, 1, 1));
  t.tm_gmtoff = c.offset;
  std::array<char, kLongestName> room{};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"  // the pattern is the administrator's
  const size_t size = std::strftime(room.data(), room.size(), location.c_str(), &t);
#pragma GCC diagnostic pop
  if (size == 0) return std::nullopt;
  return std::string(room.data(), size);
}

std::vector<std::string> dates_since(const std::string& location, const base::TimeZone& zone, base::Instant time,
                                     const std::string& last) {
  std::vector<std::string> names;
  for (int hour = 0; hour < kHoursBack; ++hour) {
    const auto name = expand_date(location, zone, time - std::chrono::hours(hour));
    if (!name) return {};
    if (*name == last) {
      std::reverse(names.begin(), names.end());
      return names;
    }
    if (names.empty() || names.back() != *name) names.push_back(*name);
  }
  return {};
}

std::vector<std::string> expand_wildcard(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> paths;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return paths;
}

bool has_plain_folder(std::string_view pattern) {
  return pattern.find('/', pattern.find_first_of(kWildcards)) == std::string_view::npos;
}

bool matches_name(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
}

std::string folder_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

}  // namespace gander::collect
