#include "integrity/scan_schedule.h"

#include <algorithm>

namespace gander::integrity {
namespace {

constexpr base::Seconds kWeek{604800};

}  // namespace

ScanSchedule::ScanSchedule(const config::Syscheck& settings, base::TimeZone zone, base::Instant start)
    : zone_(std::move(zone)),
      timed_(settings.scan_time.has_value() || settings.scan_days != 0),
      minute_(settings.scan_time),
      days_(settings.scan_days),
      pause_(timed_ ? kWeek : base::Seconds(settings.frequency)),
      start_pending_(settings.scan_on_start),
      last_end_(start) {
  const base::Civil civil = zone_.civil(start);
  // A time that has passed before the start counts as done today.
  if (timed_ && today_fits(civil) && time_has_come(civil)) done_on_ = civil.day;
}

bool ScanSchedule::today_fits(const base::Civil& civil) const {
  return days_ == 0 || ((days_ >> civil.weekday) & 1) != 0;
}

bool ScanSchedule::time_has_come(const base::Civil& civil) const {
  return !minute_ || civil.hour * 60 + civil.minute >= *minute_;
}

bool ScanSchedule::due(base::Instant now) {
  if (start_pending_) return true;
  if (now < last_end_) last_end_ = now;
  if (now - last_end_ > pause_) return true;
  if (!timed_) return false;
  const base::Civil civil = zone_.civil(now);
  if (civil.day != done_on_) done_on_ = 0;
  return done_on_ == 0 && today_fits(civil) && time_has_come(civil);
}

void ScanSchedule::done(base::Instant now) {
  start_pending_ = false;
  last_end_ = now;
  const base::Civil civil = zone_.civil(now);
  if (timed_ && today_fits(civil) && time_has_come(civil)) done_on_ = civil.day;
}

base::Seconds ScanSchedule::until_next(base::Instant now) const {
  constexpr base::Seconds kLeast{1};
  constexpr base::Seconds kMost{300};
  const auto left = std::chrono::duration_cast<base::Seconds>(last_end_ + pause_ - now) + base::Seconds(1);
  // Minutes of the day are looked at every so often.
  return std::clamp(left, kLeast, timed_ ? base::Seconds(20) : kMost);
}

}  // namespace gander::integrity
