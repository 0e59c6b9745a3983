// `gander alerts reindex`: the index of each day again, from alerts.log or alerts.json.

#include <algorithm>
#include <iostream>

#include "base/file.h"
#include "cli/alerts_parts.h"
#include "live/alert_log_source.h"
#include "manager/input_clock.h"
#include "store/indexer.h"
#include "store/posix_file.h"
#include "store/sqlite.h"

namespace gander::cli {

bool reindex_day(const std::string& home, const store::Day& day) {
  const std::string path = base::join(home, store::index_name(day));
  if (store::IndexFile::is_damaged(path)) {
    const int64_t now = base::unix_seconds(manager::wall_now());
    const Result<std::string> aside = store::set_aside(path, store::aside_suffix(now));
    if (!aside) {
      std::cerr << "gander: " << aside.error().message << "\n";
      return false;
    }
    std::cerr << "gander: the damaged index is kept as '" << *aside << "'\n";
  }
  const Result<uint64_t> count = store::rebuild_index(home, day, live::log_of_day(home));
  if (!count) {
    std::cerr << "gander: " << count.error().message << "\n";
    return false;
  }
  std::cerr << "gander: " << day.iso() << ": " << *count << " alerts from the log\n";
  return true;
}

int reindex_alerts(const AlertsArguments& arguments, const std::string& home) {
  std::vector<store::Day> days;
  for (const std::string& text : arguments.days) {
    const std::optional<store::Day> day = store::Day::from_iso(text);
    if (!day) {
      std::cerr << "gander: '" << text << "' is no day such as 2026-01-15\n";
      return 2;
    }
    days.push_back(*day);
  }
  if (days.empty()) {
    days = store::days_of(home, store::LogKind::Alerts);
    for (const store::Day& day : store::days_of(home, store::LogKind::AlertsJson)) days.push_back(day);
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
  }
  if (days.empty()) std::cerr << "gander: there are no alert files below '" << home << "'\n";
  const bool all = std::all_of(days.begin(), days.end(), [&](const store::Day& day) { return reindex_day(home, day); });
  return !days.empty() && all ? 0 : 2;
}

}  // namespace gander::cli
