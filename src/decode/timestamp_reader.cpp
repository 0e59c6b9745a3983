#include <chrono>

#include "decode/timestamp.h"

namespace gander::decode {

namespace {

// A log in another zone than was said may be hours ahead of its file's last change.
constexpr auto kAhead = std::chrono::hours(24);

bool date_exists(const base::Civil& c) {
  return c.day <= base::days_in_month(c.year, c.month);
}

}  // namespace

TimestampReader::TimestampReader(const TimestampOptions& options) : options_(options) {}

base::Instant TimestampReader::read(std::string_view line) {
  const std::optional<WrittenTime> written = find_timestamp(line);
  const std::optional<base::Instant> time = written ? resolve(*written) : std::nullopt;
  if (!time) {
    ++without_time_;
    return last_.value_or(options_.reference);
  }
  if (last_ && *time < *last_) ++backward_steps_;
  last_ = time;
  return *time;
}

std::optional<base::Instant> TimestampReader::resolve(WrittenTime written) {
  if (!written.has_year && !add_year(written.civil)) return std::nullopt;
  return instant_of(written);
}

base::Instant TimestampReader::instant_of(const WrittenTime& written) const {
  const base::Instant whole =
      written.has_offset ? base::TimeZone::utc().instant(written.civil) - std::chrono::seconds(written.civil.offset)
                         : options_.zone.instant(written.civil);
  return whole + std::chrono::microseconds(written.microsecond);
}

bool TimestampReader::is_after_reference(base::Civil c, int year) const {
  c.year = year;
  return options_.zone.instant(c) > options_.reference + kAhead;
}

bool TimestampReader::add_year(base::Civil& c) {
  const bool first = last_month_ == 0;
  if (first) {
    year_ = options_.year.value_or(options_.zone.civil(options_.reference).year);
    if (!options_.year && is_after_reference(c, year_)) --year_;
  } else {
    year_ += step(c);
  }
  last_month_ = c.month;
  c.year = year_;
  if (!date_exists(c)) {
    // 29 February of a year that has none: a given year makes it no date, a guessed one was wrong.
    if (options_.year) return false;
    while (!date_exists(c)) --c.year;
    year_ = c.year;
  }
  past_reference_ = is_after_reference(c, year_);
  return true;
}

// By how many years this line's year differs from that of the line before it.
int TimestampReader::step(const base::Civil& c) const {
  const int months = c.month - last_month_;
  if (months == -11) return 1;                                                          // December, January
  if (months == 11) return -1;                                                          // a straggler from the old year
  if (months <= -6) return !options_.year && is_after_reference(c, year_ + 1) ? 0 : 1;  // months without a line
  // A leap past the reference comes from an older log behind a newer one; the next line of a live one does not leap.
  const bool leaps = months < 0 || months > 1;
  return leaps && !options_.year && !past_reference_ && is_after_reference(c, year_) ? -1 : 0;
}

}  // namespace gander::decode
