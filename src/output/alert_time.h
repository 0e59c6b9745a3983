// AlertTime: the date texts of an alert, worked out once per second of log time.
//
// Owns:    the texts of the last second asked for; views live until the next call.
// Threads: one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace gander::output {

class AlertTime {
 public:
  explicit AlertTime(base::TimeZone zone) : zone_(std::move(zone)) {}

  // "2024 Mar 05 10:00:15"
  std::string_view ossec(base::Instant t);
  // "2024-03-05T10:00:15+01:00"
  std::string_view iso(base::Instant t);

 private:
  void move_to(base::Instant t);

  base::TimeZone zone_;
  std::optional<int64_t> second_;
  std::string ossec_;
  std::string iso_;
};

// "2024-03-05T09:00:15.250Z"
std::string iso_utc_milliseconds(base::Instant t);

}  // namespace gander::output
