#include "live/day_report.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/file.h"
#include "collect/feed_file.h"
#include "report/alert_reader.h"
#include "report/configured_report.h"
#include "report/report.h"

namespace gander::live {
namespace {

base::Instant midnight(base::Instant at, int64_t days_later, const base::TimeZone& zone) {
  const base::Civil c = zone.civil(at);
  return zone.instant(base::civil_from_days(base::days_from_civil(c.year, c.month, c.day) + days_later));
}

// "24h", "7d", "2w"
std::optional<base::Seconds> span_of(const std::string& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end + 1 != text.data() + text.size() || number < 0 || number > 100'000)
    return std::nullopt;
  switch (*end) {
    case 'm':
      return base::Seconds(number * 60);
    case 'h':
      return base::Seconds(number * 3600);
    case 'd':
      return base::Seconds(number * 86400);
    case 'w':
      return base::Seconds(number * 7 * 86400);
    default:
      return std::nullopt;
  }
}

Result<base::Instant> point(const std::string& text, base::Instant now, const base::TimeZone& zone) {
  if (text == "yesterday") return midnight(now, -1, zone);
  if (text == "today") return midnight(now, 0, zone);
  if (text == "now") return now;
  if (const auto span = span_of(text)) return now - *span;
  const Result<base::Instant> at = base::parse_instant(text, zone);
  if (at) return *at;
  return fail("C046",
              "'" + text + "' is none of yesterday, today, now, 24h, 7d, 2w or a time such as 2026-01-15 12:00:00");
}

// "2024 Mar 05 10:00:15"
std::optional<base::Instant> instant_of(const std::optional<std::string>& date, const base::TimeZone& zone) {
  base::Civil c;
  std::array<char, 4> month{};
  if (!date || std::sscanf(date->c_str(), "%d %3s %d %d:%d:%d", &c.year, month.data(), &c.day, &c.hour, &c.minute,
                           &c.second) != 6) {
    return std::nullopt;
  }
  c.month = base::month_number(month.data());
  const bool whole = c.month != 0 && c.year > 0 && c.year < 10000 && c.day >= 1 && c.day <= 31 && c.hour >= 0 &&
                     c.hour < 24 && c.minute >= 0 && c.minute < 60 && c.second >= 0 && c.second <= 60;
  if (!whole) return std::nullopt;
  return zone.instant(c);
}

// The file of a day: the text as written or compressed, else the JSON.
std::string file_of(const std::string& state, const base::Civil& day) {
  std::array<char, 96> name{};
  std::snprintf(name.data(), name.size(), "/logs/alerts/%04d/%s/ossec-alerts-%02d", day.year,
                std::string(base::month_name(day.month)).c_str(), day.day);
  for (const char* const end : {".log", ".log.gz", ".log.zst", ".json", ".json.gz"}) {
    const std::string path = state + name.data() + end;
    if (base::exists(path)) return path;
  }
  return {};
}

}  // namespace

Result<Period> parse_period(const std::string& since, const std::string& until, base::Instant now,
                            const base::TimeZone& zone) {
  const Result<base::Instant> from = point(since, now, zone);
  if (!from) return tl::unexpected<Error>(from.error());
  Result<base::Instant> to = until.empty() && since == "yesterday" ? midnight(now, 0, zone)
                             : until.empty()                       ? now
                                                                   : point(until, now, zone);
  if (!to) return tl::unexpected<Error>(to.error());
  if (*to <= *from)
    return fail("C046", "the period from '" + since + "' to '" + (until.empty() ? "now" : until) + "' is empty");
  return Period{*from, *to};
}

bool each_alert(const std::string& state, const Period& period, const base::TimeZone& zone, model::Compat compat,
                const TakeAlert& take, const TakeProblem& problem) {
  report::AlertReader reader(
      compat, "ossec-monitord",
      [&](const model::StoredAlert& alert) {
        const std::optional<base::Instant> at = instant_of(alert.date, zone);
        if (!at || (*at >= period.since && *at < period.until)) take(alert);
      },
      problem);
  bool whole = true;
  const base::Civil first = zone.civil(period.since);
  const base::Civil last = zone.civil(period.until - std::chrono::microseconds(1));
  const int64_t end = base::days_from_civil(last.year, last.month, last.day);
  for (int64_t day = base::days_from_civil(first.year, first.month, first.day); day <= end; ++day) {
    const std::string path = file_of(state, base::civil_from_days(day));
    if (path.empty()) continue;
    const Result<void> read = collect::feed_file(path, [&](std::string_view bytes) { reader.feed(bytes); });
    reader.finish();
    if (read) continue;
    problem(read.error().message);
    whole = false;
  }
  return whole;
}

notify::ReportMaker report_maker(const std::string& state, const base::TimeZone& zone, model::Compat compat) {
  return [state, zone, compat](const config::Report& wanted, const base::Civil& day, auto done) {
    report::ConfiguredReport configured = report::configured(wanted, compat);
    report::Report report(std::move(configured.options));
    const int64_t number = base::days_from_civil(day.year, day.month, day.day);
    const Period period{zone.instant(base::civil_from_days(number)), zone.instant(base::civil_from_days(number + 1))};
    std::string problem;
    const bool whole = each_alert(
        state, period, zone, compat, [&](const model::StoredAlert& alert) { report.add(alert); },
        [&](const std::string& text) { problem = text; });
    if (!whole) return done(fail("I012", problem));
    notify::ReportText out;
    report::render_text(report, [&](std::string_view bytes) { out.text.append(bytes); });
    if (!out.text.empty()) report::render_html(report, [&](std::string_view bytes) { out.html.append(bytes); });
    done(std::move(out));
  };
}

}  // namespace gander::live
