// ScanSchedule: when the next scan is due: frequency, scan_time, scan_day, scan_on_start.
//
// Threads: one thread.
// Cost:    none; it never asks for the time.
// Fails:   cannot. A clock that runs back starts the pause anew, it does not stop the scans (4.3: it does).
// OSSEC:   rules as there; with a time or a day of its own the pause between scans is a week.
#pragma once

#include "base/time.h"
#include "config/sections.h"

namespace gander::integrity {

class ScanSchedule {
 public:
  ScanSchedule(const config::Syscheck& settings, base::TimeZone zone, base::Instant start);

  bool due(base::Instant now);
  // A scan has ended.
  void done(base::Instant now);
  // At most this long until due() may change its answer, at least a second, at most five minutes.
  base::Seconds until_next(base::Instant now) const;

 private:
  bool today_fits(const base::Civil& civil) const;
  bool time_has_come(const base::Civil& civil) const;

  base::TimeZone zone_;
  bool timed_ = false;
  std::optional<int> minute_;
  uint8_t days_ = 0;
  base::Seconds pause_;
  bool start_pending_ = false;
  base::Instant last_end_;
  int done_on_ = 0;  // day of the month on which the timed scan was made
};

}  // namespace gander::integrity
