#include "cli/stored_files.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "base/file.h"

namespace gander::cli {

Result<base::Instant> time_since(const std::string& text, base::Instant now, const base::TimeZone& zone) {
  constexpr std::pair<char, int> kUnits[] = {{'d', 86400}, {'h', 3600}, {'m', 60}, {'s', 1}};
  constexpr int kMost = 1'000'000;
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  for (const auto& [unit, seconds] : kUnits) {
    const bool fits = error == std::errc() && count >= 0 && count <= kMost;
    if (fits && end + 1 == text.data() + text.size() && *end == unit)
      return now - base::Seconds(int64_t{count} * seconds);
  }
  return base::parse_instant(text, zone);
}

std::vector<std::string> stored_files(const std::string& home, StoredKind kind, base::Instant from, base::Instant to,
                                      const base::TimeZone& zone) {
  const char* const stem_of = kind == StoredKind::Alerts ? "{}/logs/alerts/{:04}/{}/ossec-alerts-{:02}"
                                                         : "{}/logs/archives/{:04}/{}/ossec-archive-{:02}";
  std::vector<std::string> files;
  const auto day_of = [&](base::Instant t) {
    const base::Civil c = zone.civil(t);
    return base::days_from_civil(c.year, c.month, c.day);
  };
  for (int64_t day = day_of(from); day <= day_of(to); ++day) {
    const base::Civil c = base::civil_from_days(day);
    const std::string stem = fmt::format(fmt::runtime(stem_of), home, c.year, base::month_name(c.month), c.day);
    for (const char* const ending : {".log", ".log.gz", ".log.zst", ".json", ".json.gz", ".json.zst"}) {
      if (!base::exists(stem + ending)) continue;
      files.push_back(stem + ending);
      break;
    }
  }
  return files;
}

}  // namespace gander::cli
