#include "decode/time_shape.h"

#include <cstdint>

namespace gander::decode {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

class Matcher {
 public:
  Matcher(std::string_view text, WrittenTime& time) : text_(text), time_(time) {}

  bool field(char kind) {
    base::Civil& c = time_.civil;
    switch (kind) {
      case 'Y':
        time_.has_year = true;
        return digits(4, 1970, 9999, c.year);
      case 'y':
        time_.has_year = true;
        if (!digits(2, 0, 99, c.year)) return false;
        c.year += c.year < 70 ? 2000 : 1900;
        return true;
      case 'b':
        c.month = base::month_number(text_.substr(at_));
        at_ += 3;
        return c.month != 0;
      case 'm':
        return digits(2, 1, 12, c.month);
      case 'd':
        return digits(2, 1, 31, c.day);
      case 'e':
        return padded(1, 31, c.day);
      case 'H':
        return digits(2, 0, 23, c.hour);
      case 'k':
        return padded(0, 23, c.hour);
      case 'M':
        return digits(2, 0, 59, c.minute);
      case 'S':
        return digits(2, 0, 60, c.second);
      case 'f':
        fraction();
        return true;
      case 'a':
        return weekday();
      case 'z':
        zone();
        return true;
      case 'Z':
        return zone_word();
      case 't':
        return take('T') || take(' ') || take('t');
      default:
        return false;
    }
  }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  size_t at() const { return at_; }
  bool digit_follows() const { return at_ < text_.size() && is_digit(text_[at_]); }

 private:
  bool digits(size_t count, int low, int high, int& out) {
    if (text_.size() - at_ < count) return false;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!is_digit(text_[at_ + i])) return false;
      value = value * 10 + (text_[at_ + i] - '0');
    }
    at_ += count;
    out = value;
    return value >= low && value <= high;
  }

  bool padded(int low, int high, int& out) {
    if (take(' ')) return digits(1, low, high, out);
    const bool two = at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
    return digits(two ? 2 : 1, low, high, out);
  }

  void fraction() {
    if (at_ + 1 >= text_.size() || (text_[at_] != '.' && text_[at_] != ',') || !is_digit(text_[at_ + 1])) return;
    ++at_;
    int unit = 100'000;
    int value = 0;
    for (; digit_follows(); ++at_, unit /= 10) value += (text_[at_] - '0') * unit;
    time_.microsecond = value;
  }

  bool weekday() {
    constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
    if (text_.size() - at_ < 3) return false;
    const size_t found = kDays.find(text_.substr(at_, 3));
    at_ += 3;
    return found != std::string_view::npos && found % 3 == 0;
  }

  bool word_ends_at(size_t i) const { return i >= text_.size() || (!is_letter(text_[i]) && !is_digit(text_[i])); }

  void set_offset(int64_t seconds, size_t end) {
    time_.civil.offset = seconds;
    time_.has_offset = true;
    at_ = end;
  }

  void zone() {
    const size_t begin = at_ < text_.size() && text_[at_] == ' ' ? at_ + 1 : at_;
    const std::string_view rest = text_.substr(begin);
    if ((rest.starts_with("UTC") || rest.starts_with("GMT")) && word_ends_at(begin + 3))
      return set_offset(0, begin + 3);
    if (begin == at_ && (rest.starts_with('Z') || rest.starts_with('z')) && word_ends_at(begin + 1)) {
      return set_offset(0, begin + 1);
    }
    if (rest.empty() || (rest.front() != '+' && rest.front() != '-')) return;
    const int sign = rest.front() == '-' ? -1 : 1;
    const size_t saved = at_;
    at_ = begin + 1;
    int hours = 0;
    int minutes = 0;
    bool good = digits(2, 0, 14, hours);
    if (good && (take(':') || digit_follows())) {
      good = digits(2, 0, 59, minutes);
    } else if (begin != saved) {
      good = false;  // "10:00:01 -12 bottles": two digits behind a blank are no offset
    }
    if (!good || !word_ends_at(at_)) {
      at_ = saved;
      return;
    }
    set_offset(sign * (int64_t{hours} * 3600 + int64_t{minutes} * 60), at_);
  }

  bool zone_word() {
    size_t end = at_;
    while (end < text_.size() && end - at_ < 6 && text_[end] >= 'A' && text_[end] <= 'Z') ++end;
    if (end - at_ < 2) return false;
    const std::string_view word = text_.substr(at_, end - at_);
    if (word == "UTC" || word == "GMT") set_offset(0, end);
    at_ = end;
    return true;
  }

  std::string_view text_;
  WrittenTime& time_;
  size_t at_ = 0;
};

void set_unix(int64_t seconds, int microsecond, WrittenTime& time) {
  time = WrittenTime{};
  time.civil = base::TimeZone::utc().civil(base::from_unix(seconds));
  time.has_offset = true;
  time.microsecond = microsecond;
}

}  // namespace

size_t match_time(std::string_view shape, std::string_view text, WrittenTime& time) {
  time = WrittenTime{};
  time.has_year = false;
  Matcher matcher(text, time);
  for (size_t i = 0; i < shape.size(); ++i) {
    const bool good = shape[i] == '%' ? matcher.field(shape[++i]) : matcher.take(shape[i]);
    if (!good) return 0;
  }
  // 29 February is possible as long as the year is not known.
  const int year = time.has_year ? time.civil.year : 2000;
  if (matcher.digit_follows() || time.civil.day > base::days_in_month(year, time.civil.month)) return 0;
  return matcher.at();
}

size_t match_epoch(std::string_view text, WrittenTime& time) {
  constexpr size_t kDigits = 10;
  if (text.size() < kDigits || text.front() == '0') return 0;
  int64_t seconds = 0;
  for (size_t i = 0; i < kDigits; ++i) {
    if (!is_digit(text[i])) return 0;
    seconds = seconds * 10 + (text[i] - '0');
  }
  size_t at = kDigits;
  int microsecond = 0;
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) {
    int unit = 100'000;
    for (++at; at < text.size() && is_digit(text[at]); ++at, unit /= 10) microsecond += (text[at] - '0') * unit;
  }
  if (at < text.size() && is_digit(text[at])) return 0;
  set_unix(seconds, microsecond, time);
  return at;
}

bool read_epoch_number(std::string_view text, WrittenTime& time) {
  if (match_epoch(text, time) == text.size() && !text.empty()) return true;
  int64_t unit = 0;  // of the last digit, in nanoseconds
  if (text.size() == 13) unit = 1'000'000;
  if (text.size() == 16) unit = 1'000;
  if (text.size() == 19) unit = 1;
  if (unit == 0 || text.front() == '0') return false;
  int64_t seconds = 0;
  int64_t nanos = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!is_digit(text[i])) return false;
    int64_t& part = i < 10 ? seconds : nanos;
    part = part * 10 + (text[i] - '0');
  }
  set_unix(seconds, static_cast<int>(nanos * unit / 1000), time);
  return true;
}

}  // namespace gander::decode
