// Timestamps inside log lines, for `--clock event`. OSSEC skips them; Gander can let them drive every window.
//
// Threads: TimestampReader: one thread (it remembers the last time for lines without one and for the missing year).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace gander::decode {

// A time as written: fields that the line does not name are absent.
struct WrittenTime {
  base::Civil civil;
  bool has_year = true;
  bool has_offset = false;  // the line names its zone (civil.offset)
  int microsecond = 0;
};

// Understands: classic syslog, ISO 8601 / RFC 3339 (Z and offsets, comma or dot fractions, blank for T), RFC 5424 with
// or without <PRI>, "2015 Dec 29 10:00:01", "2019:11:06-00:08:03", xferlog, snort and suricata, Apache error (2.2 and
// 2.4), access logs "[10/Oct/2000:13:55:36 -0700]", nginx error "2015/10/21 10:00:00", OS X ASL, squid and other epoch
// seconds with fraction, "type=… msg=audit(1234567890.123:45)", time=… of key=value logs, JSON members timestamp, time,
// ts, @timestamp, __REALTIME_TIMESTAMP, date, datetime, eventTime of the outermost object. Looks at the head of the
// line (a bracketed date within the first 512 bytes, JSON anywhere).
std::optional<WrittenTime> find_timestamp(std::string_view line);

struct TimestampOptions {
  base::TimeZone zone = base::TimeZone::utc();
  base::Instant reference{};  // the file's last change, or now for standard input: years are counted back from it
  std::optional<int> year;    // --year: year of the first line
};

class TimestampReader {
 public:
  explicit TimestampReader(const TimestampOptions& options);

  // The event's time. A line without a time stamp has that of the line before (the reference before any).
  // A classic date without a year takes the running year: the first line the reference's, or the one before it when
  // that would be more than a day after the reference; later lines step over New Year when the month wraps from
  // December to January (and back for a straggler).
  base::Instant read(std::string_view line);

  uint64_t without_time() const { return without_time_; }
  uint64_t backward_steps() const { return backward_steps_; }  // lines older than the line before them

 private:
  std::optional<base::Instant> resolve(WrittenTime written);
  base::Instant instant_of(const WrittenTime& written) const;
  bool is_after_reference(base::Civil c, int year) const;
  bool add_year(base::Civil& c);
  int step(const base::Civil& c) const;

  TimestampOptions options_;
  std::optional<base::Instant> last_;
  int year_ = 0;                 // of the last line without a year
  int last_month_ = 0;           // of that line; 0 before any
  bool past_reference_ = false;  // that line
  uint64_t without_time_ = 0;
  uint64_t backward_steps_ = 0;
};

}  // namespace gander::decode
