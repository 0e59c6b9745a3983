// Alerts of a home by their time, out of the dated files: `gander report --since`, and the reports of the night.
//
// Threads: functions of their arguments.
// Cost:    reads the files of the days in question, compressed or not.
// Fails:   C046 for a period that cannot be read; files that are missing are days without alerts, others say I01x.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "model/compat.h"
#include "model/stored_alert.h"
#include "notify/settings.h"

namespace gander::live {

struct Period {
  base::Instant since{};
  base::Instant until{};  // not included
};

// `since`: yesterday (a whole day), today, 24h, 7d, 2w, or a time as for --clock; `until` the same, or empty: now, and
// the end of the day for "yesterday".
Result<Period> parse_period(const std::string& since, const std::string& until, base::Instant now,
                            const base::TimeZone& zone);

using TakeAlert = std::function<void(const model::StoredAlert&)>;
using TakeProblem = std::function<void(const std::string&)>;

// The alerts of `state`/logs/alerts whose date lies in the period. False: a file could not be read to its end.
bool each_alert(const std::string& state, const Period& period, const base::TimeZone& zone, model::Compat compat,
                const TakeAlert& take, const TakeProblem& problem);

// What the notifier asks for its daily reports.
notify::ReportMaker report_maker(const std::string& state, const base::TimeZone& zone, model::Compat compat);

}  // namespace gander::live
