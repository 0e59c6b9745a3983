#include "output/alert_time.h"

#include <cstdlib>

#include <fmt/format.h>

namespace gander::output {

void AlertTime::move_to(base::Instant t) {
  const int64_t second = base::unix_seconds(t);
  if (second_ == second) return;
  second_ = second;
  const base::Civil c = zone_.civil(t);
  ossec_.clear();
  fmt::format_to(std::back_inserter(ossec_), "{:04} {} {:02} {:02}:{:02}:{:02}", c.year, base::month_name(c.month),
                 c.day, c.hour, c.minute, c.second);
  iso_.clear();
  const int64_t minutes = std::abs(c.offset) / 60;
  fmt::format_to(std::back_inserter(iso_), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", c.year, c.month, c.day,
                 c.hour, c.minute, c.second, c.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string_view AlertTime::ossec(base::Instant t) {
  move_to(t);
  return ossec_;
}

std::string_view AlertTime::iso(base::Instant t) {
  move_to(t);
  return iso_;
}

std::string iso_utc_milliseconds(base::Instant t) {
  const base::Civil c = base::TimeZone::utc().civil(t);
  const auto since = t - std::chrono::floor<std::chrono::seconds>(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", c.year, c.month, c.day, c.hour, c.minute, c.second,
                     std::chrono::duration_cast<std::chrono::milliseconds>(since).count());
}

}  // namespace gander::output
