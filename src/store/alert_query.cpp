#include "store/alert_query.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/file.h"
#include "store/alert_words.h"
#include "store/day_search.h"
#include "store/index_file.h"

namespace gander::store {
namespace {

std::optional<base::Seconds> ago(std::string_view text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end + 1 != text.data() + text.size() || number < 0 || number > 1'000'000'000) {
    return std::nullopt;
  }
  switch (*end) {
    case 's':
      return base::Seconds(number);
    case 'm':
      return base::Seconds(number * 60);
    case 'h':
      return base::Seconds(number * 3600);
    case 'd':
      return base::Seconds(number * 86'400);
    case 'w':
      return base::Seconds(number * 7 * 86'400);
    default:
      return std::nullopt;
  }
}

base::Instant midnight(const Day& day, const base::TimeZone& zone) {
  base::Civil c;
  c.year = day.year;
  c.month = day.month;
  c.day = day.day;
  return zone.instant(c);
}

}  // namespace

Result<base::Instant> query_time(std::string_view text, base::Instant now, const base::TimeZone& zone) {
  if (text == "now") return now;
  const Day today = Day::of(zone.civil(now));
  if (text == "today") return midnight(today, zone);
  if (text == "yesterday") return midnight(today.previous(), zone);
  if (const std::optional<base::Seconds> back = ago(text)) return now - *back;
  const Result<base::Instant> at = base::parse_instant(text, zone);
  if (at) return at;
  return fail("A208", "'" + std::string(text) +
                          "' is no time: use 2h, 30m, 7d, today, yesterday, 2026-01-15 or \"2026-01-15 12:00\"");
}

Result<IndexFile> AlertSearch::open_day(const Day& day) {
  const std::string path = base::join(home_, index_name(day));
  Result<IndexFile> file = IndexFile::open(path, IndexFile::Access::Read);
  if (file || !IndexFile::is_damaged(path)) return file;
  if (mend_ && mend_(day)) return IndexFile::open(path, IndexFile::Access::Read);
  damaged_.push_back(day);
  return file;
}

Result<uint64_t> AlertSearch::run(const AlertQuery& query, const Take& take) {
  if (!query.text.empty()) {
    const Result<std::string> words = words_query(query.text);
    if (!words) return tl::unexpected(words.error());
  }
  std::vector<Day> days = indexed_days(home_);
  // An alert is stored on the day of its time, or later.
  if (query.since) {
    const Day first = Day::of(zone_.civil(*query.since)).previous();
    std::erase_if(days, [&](const Day& day) { return day < first; });
  }
  if (query.order == AlertQuery::Order::NewestFirst) std::reverse(days.begin(), days.end());
  uint64_t given = 0;
  const Take counted = [&](const model::StoredAlert& alert) {
    ++given;
    return take(alert) && given != query.limit;
  };
  for (const Day& day : days) {
    Result<IndexFile> file = open_day(day);
    if (!file) {
      notes_.push_back(file.error().message);
      continue;
    }
    const Result<bool> more = DaySearch(*file, query, 0).run(counted);
    if (!more && more.error().code == "A208") return tl::unexpected(more.error());
    if (!more) {
      notes_.push_back(more.error().message);
      if (file->is_damaged()) damaged_.push_back(day);
    }
    if (more && !*more) break;
  }
  return given;
}

Result<uint64_t> AlertSearch::run_new(const AlertQuery& asked, const Take& take) {
  AlertQuery query = asked;
  query.order = AlertQuery::Order::OldestFirst;
  uint64_t given = 0;
  for (const Day& day : indexed_days(home_)) {
    if (seen_day_ && day < *seen_day_) continue;
    Result<IndexFile> file = IndexFile::open(base::join(home_, index_name(day)), IndexFile::Access::Read);
    if (!file) continue;  // it is being made; it is looked at the next time
    const Result<int64_t> last = file->db().number("SELECT coalesce(max(id), 0) FROM alerts");
    if (!last) continue;
    const int64_t after = seen_day_ == day ? seen_id_ : 0;
    if (following_ && *last > after) {
      const Result<bool> more = DaySearch(*file, query, after).run([&](const model::StoredAlert& alert) {
        ++given;
        return take(alert);
      });
      if (!more) return tl::unexpected(more.error());
    }
    seen_day_ = day;
    seen_id_ = *last;
  }
  following_ = true;
  return given;
}

}  // namespace gander::store
