#include "store/dated_log.h"

#include <dirent.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "base/file.h"

namespace gander::store {
namespace {

struct Names {
  std::string_view folder;
  std::string_view stem;
  std::string_view suffix;
  std::string_view fixed;
};

constexpr std::array<Names, kLogKinds> kNames = {
    {{"logs/alerts", "ossec-alerts-", ".log", "logs/alerts/alerts.log"},
     {"logs/alerts", "ossec-alerts-", ".json", "logs/alerts/alerts.json"},
     {"logs/archives", "ossec-archive-", ".log", "logs/archives/archives.log"},
     {"logs/archives", "ossec-archive-", ".json", "logs/archives/archives.json"},
     {"logs/firewall", "ossec-firewall-", ".log", "logs/firewall/firewall.log"}}};

const Names& names_of(LogKind kind) {
  return kNames[static_cast<size_t>(kind)];
}

std::string two_digits(int number) {
  return {static_cast<char>('0' + number / 10 % 10), static_cast<char>('0' + number % 10)};
}

std::string four_digits(int number) {
  char text[16];
  std::snprintf(text, sizeof text, "%04d", number);
  return text;
}

// All digits of `text`, or -1.
int number_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0 ? number : -1;
}

Day shifted(const Day& day, int64_t by) {
  return Day::of(base::civil_from_days(base::days_from_civil(day.year, day.month, day.day) + by));
}

// Days with a file NAME + one of `tails`.
std::vector<Day> days_with(const std::string& home, LogKind kind, std::initializer_list<std::string_view> tails) {
  namespace fs = std::filesystem;
  const Names& names = names_of(kind);
  std::vector<Day> days;
  std::error_code error;
  fs::recursive_directory_iterator at(base::join(home, std::string(names.folder)), error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (at.depth() != 2) continue;
    const std::string file = at->path().filename();
    if (file.size() < names.stem.size() + 2) continue;
    const fs::path month = at->path().parent_path();
    const Day day{number_of(month.parent_path().filename().string()), base::month_number(month.filename().string()),
                  number_of(std::string_view(file).substr(names.stem.size(), 2))};
    if (day.year < 0 || !Day::from_iso(day.iso())) continue;
    // The name must be the one that this day has, to the letter.
    const std::string name = base::join(home, dated_name(kind, day));
    const bool ours = std::any_of(tails.begin(), tails.end(),
                                  [&](std::string_view tail) { return at->path() == name + std::string(tail); });
    if (ours) days.push_back(day);
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

}  // namespace

Day Day::next() const {
  return shifted(*this, 1);
}

Day Day::previous() const {
  return shifted(*this, -1);
}

std::string Day::iso() const {
  return four_digits(year) + "-" + two_digits(month) + "-" + two_digits(day);
}

std::optional<Day> Day::from_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const Day day{number_of(text.substr(0, 4)), number_of(text.substr(5, 2)), number_of(text.substr(8, 2))};
  if (day.year < 0 || day.month < 1 || day.month > 12 || day.day < 1) return std::nullopt;
  if (day.day > base::days_in_month(day.year, day.month)) return std::nullopt;
  return day;
}

std::string dated_name(LogKind kind, const Day& day) {
  const Names& names = names_of(kind);
  std::string out(names.folder);
  out += "/" + four_digits(day.year) + "/";
  out.append(base::month_name(day.month)).append("/").append(names.stem);
  return out.append(two_digits(day.day)).append(names.suffix);
}

std::string_view fixed_name(LogKind kind) {
  return names_of(kind).fixed;
}

std::vector<Day> days_of(const std::string& home, LogKind kind) {
  return days_with(home, kind, {"", ".gz"});
}

std::vector<Day> chained_days_of(const std::string& home, LogKind kind) {
  return days_with(home, kind, {".chain"});
}

}  // namespace gander::store
