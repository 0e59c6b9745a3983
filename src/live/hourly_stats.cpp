#include "live/hourly_stats.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace gander::live {
namespace {

constexpr std::array<std::string_view, 7> kWeekdays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr int kMostAlertsOfDay = 3;
constexpr int kFewestDays = 2;

int64_t number_in(std::string_view text) {
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::max<int64_t>(value, 0);
}

std::string weekly_folder(size_t day) {
  return fmt::format("stats/weekly-average/{}/", day);
}

void walk_once(const std::vector<std::unique_ptr<rules::RuleNode>>& nodes,
               const std::function<void(const rules::Rule&)>& take) {
  for (const auto& node : nodes) {
    take(*node->rule);
    walk_once(node->children, take);
  }
}

}  // namespace

HourlyStats::HourlyStats(StatsLimits limits, base::TimeZone zone, model::Compat compat, const Read& read,
                         store::Batch& batch)
    : limits_(limits), zone_(std::move(zone)), compat_(compat), batch_(batch) {
  const auto load = [&](Table& table, const std::string& folder) {
    for (size_t hour = 0; hour <= kDays; ++hour) {
      const std::string name = folder + std::to_string(hour);
      const std::string text = read(name);
      table.average[hour] = number_in(text);
    }
  };
  load(hourly_, "stats/hourly-average/");
  for (size_t day = 0; day < weekly_.size(); ++day) load(weekly_[day], weekly_folder(day));
}

void HourlyStats::event(base::Instant time, const rules::RuleTree& tree) {
  if (matches_.size() < tree.rules.size()) matches_.resize(tree.rules.size());
  ++events_;
  const int64_t second = base::unix_seconds(time);
  if (now_ && second >= hour_begin_ && second < hour_end_) return;
  const base::Civil civil = zone_.civil(time);
  hour_begin_ = second - civil.minute * 60 - civil.second;
  hour_end_ = hour_begin_ + 3600;
  if (now_ && now_->hour != civil.hour) {
    close_hour(tree);
    if (now_->day != civil.day || now_->month != civil.month || now_->year != civil.year) close_day();
  }
  now_ = civil;
}

std::optional<std::string> HourlyStats::analysed() {
  if (!now_) return std::nullopt;
  const auto hour = static_cast<size_t>(now_->hour);
  const auto weekday = static_cast<size_t>(now_->weekday);
  ++hourly_.count[hour];
  ++weekly_[weekday].count[hour];
  if (limits_.level == 0 || hourly_.average[kDays] <= kFewestDays) return std::nullopt;
  if (alerts_of_day_ >= kMostAlertsOfDay || alerted_hour_ == now_->hour) return std::nullopt;
  std::optional<std::string> text = excess(hourly_, "");
  if (!text && weekly_[weekday].average[kDays] > kFewestDays) {
    text = excess(weekly_[weekday], fmt::format(" on {}", kWeekdays[weekday]));
  }
  if (text) {
    ++alerts_of_day_;
    alerted_hour_ = now_->hour;
  }
  return text;
}

std::optional<std::string> HourlyStats::excess(const Table& table, std::string_view day) const {
  const auto hour = static_cast<size_t>(now_->hour);
  const int64_t average = table.average[hour];
  const int64_t count = table.count[hour];
  if (average == 0 || count <= average) return std::nullopt;
  const int64_t difference =
      std::min(std::max(average * limits_.percent / 100 + 1, limits_.least_difference), limits_.most_difference);
  if (count <= average + difference) return std::nullopt;
  return fmt::format("The average number of logs between {}:00 and {}:00{} is {}. We reached {}.", hour, hour + 1, day,
                     average, count);
}

std::string HourlyStats::totals_path() const {
  return fmt::format("stats/totals/{:04}/{}/ossec-totals-{:02}.log", now_->year, base::month_name(now_->month),
                     now_->day);
}

// Rules in tree order; one with several places is named once.
void HourlyStats::close_hour(const rules::RuleTree& tree) {
  std::string& out = batch_.append_to(totals_path());
  walk_once(tree.roots, [&](const rules::Rule& rule) {
    uint64_t& count = matches_[rule.index];
    if (count > 0)
      fmt::format_to(std::back_inserter(out), "{}-{}-{}-{}\n", now_->hour, rule.info.id, rule.info.level, count);
    count = 0;
  });
  fmt::format_to(std::back_inserter(out), "{}--{}--{}--{}--{}\n\n", now_->hour, alerts_, events_, syscheck_, firewall_);
  events_ = alerts_ = syscheck_ = firewall_ = 0;
  alerted_hour_ = -1;
}

void HourlyStats::close_day() {
  std::string& out = batch_.append_to(totals_path());
  int64_t sum = 0;
  for (size_t hour = 0; hour < hourly_.count.size(); ++hour) {
    fmt::format_to(std::back_inserter(out), "Hour totals - {}:{}\n", hour, hourly_.count[hour]);
    sum += hourly_.count[hour];
  }
  fmt::format_to(std::back_inserter(out), "Total events for day:{}\n", sum);
  const auto weekday = static_cast<size_t>(now_->weekday);
  update(hourly_, "stats/hourly-average/", true);
  // Oddity of 4.3: it writes how many days each weekday has, and never counts them.
  if (compat_ == model::Compat::Ossec43) {
    for (size_t day = 0; day < weekly_.size(); ++day) {
      batch_.replace(weekly_folder(day) + std::to_string(kDays), std::to_string(weekly_[day].average[kDays]));
    }
  }
  update(weekly_[weekday], weekly_folder(weekday), compat_ == model::Compat::Mended);
  alerts_of_day_ = 0;
}

// What the day adds to the averages; hours without an event keep theirs.
void HourlyStats::update(Table& table, const std::string& folder, bool learn) {
  if (learn) {
    ++table.average[kDays];
    batch_.replace(folder + std::to_string(kDays), std::to_string(table.average[kDays]));
  }
  const int64_t inter = std::min<int64_t>(table.average[kDays], 7);
  for (size_t hour = 0; hour < table.count.size(); ++hour) {
    const int64_t count = std::exchange(table.count[hour], 0);
    if (count == 0) continue;
    int64_t& average = table.average[hour];
    if (average == 0) {
      average = count + 20;
    } else if (alerts_of_day_ >= kMostAlertsOfDay) {
      average = (3 * count + inter * average) / (inter + 3) + 25;
    } else {
      average = (count + inter * average) / (inter + 1) + 5;
    }
    batch_.replace(folder + std::to_string(hour), std::to_string(average));
  }
}

void HourlyStats::reload(const rules::RuleTree& before, const rules::RuleTree& after) {
  std::vector<uint64_t> matches(after.rules.size());
  for (const auto& rule : before.rules) {
    if (rule->index >= matches_.size() || matches_[rule->index] == 0) continue;
    if (const rules::Rule* const now = after.find(rule->info.id)) matches[now->index] += matches_[rule->index];
  }
  matches_ = std::move(matches);
}

}  // namespace gander::live
