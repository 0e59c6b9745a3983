// PosixTz: a zone written as text, "CET-1CEST,M3.5.0,M10.5.0/3", as the TZ variable and the end of zone files hold it.
//
// Threads: values.
// Cost:    offset_at() is arithmetic only.
// Fails:   parse() gives nothing for a text that is not of this form.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gander::base {

class PosixTz {
 public:
  static std::optional<PosixTz> parse(std::string_view text);

  // Seconds east of UTC at `unix_time`.
  int32_t offset_at(int64_t unix_time) const;

 private:
  // When summer time begins or ends, in each year.
  struct Turn {
    enum class Kind { MonthWeekDay, JulianNoLeap, DayOfYear };
    Kind kind = Kind::MonthWeekDay;
    int month = 0;
    int week = 0;
    int day = 0;              // weekday, or day of the year
    int32_t time = 2 * 3600;  // local seconds from midnight, -167 h to 167 h

    int64_t local_seconds(int year) const;
  };
  struct Reader;

  int32_t standard_ = 0;
  int32_t summer_ = 0;
  bool has_summer_ = false;
  Turn begin_;
  Turn end_;
};

}  // namespace gander::base
