#include "rules/time_condition.h"

#include <array>
#include <cstdio>
#include <utility>

#include "config/xml.h"
#include "rules/text_condition.h"

namespace gander::rules {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Reads `[!]H - H` from the left; at() is 0 behind the end.
class TimeReader {
 public:
  TimeReader(std::string_view text, std::vector<std::string>& reported) : text_(text), reported_(reported) {}

  char at() const { return pos_ < text_.size() ? text_[pos_] : '\0'; }
  void skip_blanks() {
    while (at() == ' ') ++pos_;
  }
  bool take(char c) {
    if (at() != c) return false;
    ++pos_;
    return true;
  }
  bool at_end() const { return pos_ >= text_.size(); }
  // HH:MM, or nothing.
  std::optional<std::string> hour();

 private:
  bool read_hour_number(int& value);
  int minute();
  bool read_half_of_day(int& hour);
  bool report() {
    reported_.emplace_back(text_.substr(std::min(pos_, text_.size())));
    return false;
  }

  std::string_view text_;
  std::vector<std::string>& reported_;
  size_t pos_ = 0;
};

bool TimeReader::read_hour_number(int& value) {
  const size_t begin = pos_;
  for (; is_digit(at()); ++pos_) value = std::min(value * 10 + (at() - '0'), 1000);
  const size_t digits = pos_ - begin;
  if (value > 23) {
    pos_ = begin;
    return report();
  }
  return digits <= 2 || report();
}

// The two bytes behind `:` are consumed whatever they are; what number stands at their beginning is the minute.
int TimeReader::minute() {
  const std::string_view two = text_.substr(std::min(pos_, text_.size()), 2);
  pos_ += 2;
  size_t i = 0;
  while (i < two.size() && (two[i] == ' ' || (two[i] >= '\t' && two[i] <= '\r'))) ++i;
  const bool negative = i < two.size() && two[i] == '-';
  if (i < two.size() && (two[i] == '-' || two[i] == '+')) ++i;
  int value = 0;
  for (; i < two.size() && is_digit(two[i]); ++i) value = value * 10 + (two[i] - '0');
  return negative ? -value : value;
}

bool TimeReader::read_half_of_day(int& hour) {
  const char half = lower(at());
  if (half != 'a' && half != 'p') return true;
  ++pos_;
  if (half == 'p' && hour != 12) hour += 12;
  if (hour > 23 || lower(at()) != 'm') return report();
  ++pos_;
  return true;
}

std::optional<std::string> TimeReader::hour() {
  if (!is_digit(at())) {
    report();
    return "00:00";
  }
  int value = 0;
  if (!read_hour_number(value)) return std::nullopt;
  const int minutes = take(':') ? minute() : 0;
  skip_blanks();
  if (!read_half_of_day(value)) return std::nullopt;
  char text[16];
  std::snprintf(text, sizeof text, "%02d:%02d", value, minutes);
  return text;
}

struct DayName {
  std::string_view name;
  uint8_t days;
};
constexpr std::array<DayName, 16> kDayNames = {{
    {"sunday", 1},
    {"monday", 2},
    {"tuesday", 4},
    {"wednesday", 8},
    {"thursday", 16},
    {"friday", 32},
    {"saturday", 64},
    {"weekdays", 62},
    {"weekends", 65},
    {"sun", 1},
    {"mon", 2},
    {"tue", 4},
    {"wed", 8},
    {"thu", 16},
    {"fri", 32},
    {"sat", 64},
}};

}  // namespace

std::optional<TimeRange> parse_time_range(std::string_view text, model::Compat compat,
                                          std::vector<std::string>& reported) {
  TimeReader reader(text, reported);
  reader.skip_blanks();
  const bool negated = reader.take('!');
  reader.skip_blanks();
  const std::optional<std::string> from = reader.hour();
  if (!from) return std::nullopt;
  reader.skip_blanks();
  if (!reader.take('-')) return std::nullopt;
  reader.skip_blanks();
  const std::optional<std::string> to = reader.hour();
  if (!to) return std::nullopt;
  reader.skip_blanks();
  if (!reader.at_end()) return std::nullopt;
  if (*from <= *to) return TimeRange{*from, *to, !negated};
  return TimeRange{*to, *from, compat == model::Compat::Mended && negated};
}

std::optional<uint8_t> parse_weekdays(std::string_view text, std::string& rest) {
  size_t pos = 0;
  while (pos < text.size() && text[pos] == ' ') ++pos;
  uint8_t days = 0;
  do {
    const DayName* found = nullptr;
    for (const DayName& day : kDayNames) {
      if (config::same_name(text.substr(pos, day.name.size()), day.name)) {
        found = &day;
        break;
      }
    }
    if (!found) {
      rest = text.substr(pos);
      return std::nullopt;
    }
    days = static_cast<uint8_t>(days | found->days);
    pos += found->name.size();
    while (pos < text.size() && (text[pos] == ' ' || text[pos] == ',')) ++pos;
  } while (pos < text.size());
  return days;
}

TimeCondition::TimeCondition(std::string text, TimeRange range, base::TimeZone zone)
    : text_(std::move(text)), range_(std::move(range)), zone_(std::move(zone)) {}

bool TimeCondition::holds(const model::Event& event, text::MatchContext&) const noexcept {
  const base::Civil now = zone_.civil(event.time);
  const auto tens = [](int n) { return static_cast<char>('0' + n / 10 % 10); };
  const auto ones = [](int n) { return static_cast<char>('0' + n % 10); };
  const char text[] = {tens(now.hour), ones(now.hour), ':', tens(now.minute), ones(now.minute)};
  return range_.contains({text, sizeof text});
}

bool TimeCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const TimeCondition*>(&other);
  return o && range_ == o->range_;
}

size_t TimeCondition::hash() const {
  return mix_hash(5000 + (range_.inside ? 1 : 0), mix_hash(text_hash(range_.first), text_hash(range_.last)));
}

WeekdayCondition::WeekdayCondition(std::string text, uint8_t days, base::TimeZone zone)
    : text_(std::move(text)), days_(days), zone_(std::move(zone)) {}

bool WeekdayCondition::holds(const model::Event& event, text::MatchContext&) const noexcept {
  return (days_ >> zone_.civil(event.time).weekday & 1) != 0;
}

bool WeekdayCondition::equals(const Condition& other) const {
  const auto* const o = dynamic_cast<const WeekdayCondition*>(&other);
  return o && days_ == o->days_;
}

}  // namespace gander::rules
