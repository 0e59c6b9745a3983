// InputClock: what time an event has (`--clock`): now, its own time stamp, or a given one.
//
// Threads: one thread (the one that reads).
// Fails:   parse() with C041 (bad time), C042 (bad word) or I001 (the @FILE cannot be read).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "decode/timestamp.h"

namespace gander::manager {

class InputClock {
 public:
  struct Options {
    base::TimeZone zone = base::TimeZone::utc();
    std::optional<int> year;
  };
  // "wall", "event", a time (base::parse_instant), or "@FILE" with seconds since 1970: one line for all events, or one
  // line for each input line.
  static Result<InputClock> parse(std::string_view text, const Options& options);

  // A new input begins; `changed` is its last change (years of time stamps are counted back from it), absent for
  // standard input. Line numbers of @FILE run on; --year is that of each input's first line.
  void begin_input(std::optional<base::Instant> changed);
  // The time of input line `number` (1-based over all inputs).
  base::Instant at(uint64_t number, std::string_view line);
  // The time to show before the first event.
  base::Instant start() const;

  uint64_t without_time() const;
  uint64_t backward_steps() const;

 private:
  enum class Kind { Wall, Event, Given };
  InputClock(Kind kind, const Options& options) : kind_(kind), options_(options) {}

  Kind kind_;
  Options options_;
  std::vector<base::Instant> given_;
  std::optional<decode::TimestampReader> reader_;
  uint64_t without_time_ = 0;
  uint64_t backward_steps_ = 0;
};

// Now, in whole microseconds. The only clock that roles and commands read.
base::Instant wall_now();

}  // namespace gander::manager
