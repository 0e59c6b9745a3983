#include "report/report.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/time.h"
#include "report/alert_dump.h"
#include "report/alert_lines.h"
#include "report/report_tables.h"
#include "text/pattern.h"

namespace gander::report {
namespace {

constexpr size_t kOssecGroups = 32;
constexpr size_t kRuleKey = 75;
constexpr size_t kMostHours = 100'000;

// Numbers with commas or blanks between them; anything else ends the list.
bool lists_number(std::string_view list, int number) {
  size_t at = 0;
  while (at < list.size()) {
    const char c = list[at];
    if (c == ',' || c == ' ') {
      ++at;
    } else if (c >= '0' && c <= '9') {
      const size_t end = std::min(list.find_first_not_of("0123456789", at), list.size());
      if (leading_integer(list.substr(at, end - at)) == number) return true;
      at = end;
    } else {
      return false;
    }
  }
  return false;
}

bool contains(const std::optional<std::string>& text, std::string_view part) {
  return text && text->find(part) != std::string::npos;
}

bool passes(Item item, const std::string& value, const model::StoredAlert& a) {
  switch (item) {
    case Item::SrcIp:
      return contains(a.src_ip, value);
    case Item::User:
      return contains(a.user, value);
    case Item::Level:
      return a.level >= leading_integer(value);
    case Item::Group:
      return contains(a.group, value);
    case Item::Location:
      return text::word_match(value, a.location);
    case Item::Rule:
      return lists_number(value, a.rule);
    case Item::Filename:
      return contains(a.filename, value);
  }
  return false;
}

// "2024 Mar 05 10:00:15" to "2024-03-05 10"; empty when it is no such date.
std::string hour_of(std::string_view date) {
  if (date.size() < 14 || date[4] != ' ' || date[8] != ' ' || date[11] != ' ') return {};
  const int month = base::month_number(date.substr(5, 3));
  const auto digits = [](std::string_view text) {
    return text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (month == 0 || !digits(date.substr(0, 4)) || !digits(date.substr(9, 2)) || !digits(date.substr(12, 2))) return {};
  std::string hour(date.substr(0, 4));
  hour.append(month < 10 ? "-0" : "-").append(std::to_string(month)).append("-");
  return hour.append(date.substr(9, 2)).append(" ").append(date.substr(12, 2));
}

std::string_view view_of(const std::optional<std::string>& text) {
  return text ? std::string_view(*text) : std::string_view{};
}

}  // namespace

struct Report::Impl {
  explicit Impl(ReportOptions o) : options(std::move(o)), tables(options), dump(kDumpInMemory) {}

  bool all_pass(const model::StoredAlert& a) const {
    for (size_t i = 0; i < kItemCount; ++i) {
      if (options.filters[i] && !passes(static_cast<Item>(i), *options.filters[i], a)) return false;
    }
    return true;
  }

  void count_groups(const model::StoredAlert& a, const ItemTexts& texts) {
    std::string_view rest = view_of(a.group);
    const bool ossec = options.compat == model::Compat::Ossec43;
    for (size_t parts = 1; !rest.empty(); ++parts) {
      const size_t comma = ossec && parts == kOssecGroups ? std::string_view::npos : rest.find(',');
      std::string_view part = rest.substr(0, comma);
      part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
      if (!part.empty()) tables.count(Item::Group, part, texts);
      if (comma == std::string_view::npos) return;
      rest.remove_prefix(comma + 1);
    }
  }

  void count_all(const model::StoredAlert& a) {
    const std::string rule = std::to_string(a.rule);
    const std::string level = std::to_string(a.level);
    // By Item.
    const ItemTexts texts = {view_of(a.src_ip),  view_of(a.user), level, view_of(a.group), a.location, rule,
                             view_of(a.filename)};
    if (a.src_ip && *a.src_ip != "(none)") tables.count(Item::SrcIp, *a.src_ip, texts);
    if (a.user && *a.user != "(none)") tables.count(Item::User, *a.user, texts);
    tables.count(Item::Level, "Severity " + level, texts);
    count_groups(a, texts);
    tables.count(Item::Location, a.location, texts);
    const std::string key = rule + " - " + a.description.value_or("(null)");
    tables.count(Item::Rule, std::string_view(key).substr(0, kRuleKey), texts);
    if (a.filename) tables.count(Item::Filename, *a.filename, texts);
  }

  void count_hour(const model::StoredAlert& a) {
    std::string hour = hour_of(view_of(a.date));
    if (hour.empty() || (hours.size() >= kMostHours && !hours.contains(hour))) return;
    ++hours[std::move(hour)];
  }

  void keep_for_dump(const model::StoredAlert& a) {
    std::string text(view_of(a.date));
    text.append(" ").append(a.location).append("\nRule: ").append(std::to_string(a.rule));
    text.append(" (level ").append(std::to_string(a.level)).append(") -> '");
    text.append(a.description.value_or("(null)")).append("'\n");
    if (!a.log.empty()) text.append(a.log.front());
    dump.add(text.append("\n"));
  }

  ReportOptions options;
  Tables tables;
  AlertDump dump;
  std::map<std::string, uint64_t> hours;
  uint64_t processed = 0;
  uint64_t passed = 0;
  std::string first_date;
  std::string last_date;
};

Report::Report(ReportOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Report::Report(Report&&) noexcept = default;
Report::~Report() = default;

void Report::add(const model::StoredAlert& alert) {
  ++impl_->processed;
  if (!impl_->all_pass(alert)) return;
  if (impl_->passed++ == 0) impl_->first_date = view_of(alert.date);
  impl_->last_date = view_of(alert.date);
  impl_->count_all(alert);
  impl_->count_hour(alert);
  if (impl_->options.show_alerts) impl_->keep_for_dump(alert);
}

Summary Report::summary() const {
  Summary s;
  s.compat = impl_->options.compat;
  s.title = impl_->options.title;
  s.processed = impl_->processed;
  s.passed = impl_->passed;
  s.first_date = impl_->first_date;
  s.last_date = impl_->last_date;
  for (size_t i = 0; i < kItemCount; ++i) {
    Table table = impl_->tables.table(static_cast<Item>(i));
    if (!table.rows.empty()) s.tables.push_back(std::move(table));
  }
  for (const auto& [hour, count] : impl_->hours) s.hours.push_back({hour, count});
  s.uncounted = impl_->tables.uncounted();
  s.show_alerts = impl_->options.show_alerts;
  s.dump_lost = impl_->dump.lost();
  return s;
}

void Report::each_dumped(const std::function<void(std::string_view)>& take) const {
  impl_->dump.each(take);
}

std::string Report::closing_message() const {
  const ReportOptions& o = impl_->options;
  return o.program + ": INFO: Report " + (o.title ? "'" + *o.title + "' " : "") +
         (impl_->passed == 0 ? "completed and zero alerts post-filter." : "completed. Creating output...");
}

}  // namespace gander::report
