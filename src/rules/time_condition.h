// TimeCondition: <time>, the hour at which the event was received; WeekdayCondition: <weekday>. Both in the zone given
// at load.
//
// Threads: immutable.
// Cost:    one civil time.
// Fails:   parsing gives what OSSEC reports; holds() cannot fail.
// Source:  the forms that OSSEC 4.3 accepts, to the byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/compat.h"
#include "rules/condition.h"

namespace gander::rules {

// Times of day between two HH:MM texts, compared as texts, both ends included.
struct TimeRange {
  std::string first;
  std::string last;
  bool inside = true;  // false: the times outside are meant

  bool operator==(const TimeRange&) const = default;
  bool contains(std::string_view hh_mm) const noexcept { return (hh_mm >= first && hh_mm <= last) == inside; }
};

// `[!]H - H`. What OSSEC reports on the way (1240) is put into `reported`: the rest of the text from there; a missing
// hour is reported and read as 00:00. Ossec43: the `!` of a range over midnight has no effect.
std::optional<TimeRange> parse_time_range(std::string_view text, model::Compat compat,
                                          std::vector<std::string>& reported);

// Bit 0 = Sunday. On failure nothing, and `rest` (1241) is the text from the point of failure.
std::optional<uint8_t> parse_weekdays(std::string_view text, std::string& rest);

class TimeCondition final : public Condition {
 public:
  TimeCondition(std::string text, TimeRange range, base::TimeZone zone);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return "time"; }
  std::string wanted() const override { return text_; }
  // The time lies in no text of the event.
  std::string_view looked_at(const model::Event&) const override { return {}; }
  bool equals(const Condition& other) const override;
  size_t hash() const override;

 private:
  std::string text_;
  TimeRange range_;
  base::TimeZone zone_;
};

class WeekdayCondition final : public Condition {
 public:
  WeekdayCondition(std::string text, uint8_t days, base::TimeZone zone);

  bool holds(const model::Event& event, text::MatchContext& context) const noexcept override;
  std::string_view element() const override { return "weekday"; }
  std::string wanted() const override { return text_; }
  std::string_view looked_at(const model::Event&) const override { return {}; }
  bool equals(const Condition& other) const override;
  size_t hash() const override { return 6000 + days_; }

 private:
  std::string text_;
  uint8_t days_;
  base::TimeZone zone_;
};

}  // namespace gander::rules
