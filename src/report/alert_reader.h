// AlertReader: alerts out of the bytes of alerts.log or alerts.json, piece by piece, however the input is cut.
//
// Compat::Ossec43 reads alerts.log as OSSEC 4.3's programs do, with their limits and losses. Mended, lines are lines
// (up to kMaxLine), all log lines are kept (up to kMaxAlert bytes), no log line is taken for a field or a rule, an
// unfinished alert is kept, and JSON alerts (one a line, or one array) are told apart by their first byte.
//
// Owns:    the alert in the making; the one given to the sink is valid during the call.
// Threads: one thread.
// Cost:    one pass, memory bounded by kMaxLine + kMaxAlert.
// Fails:   cannot: what is damaged is skipped, counted, and told to `problem`.
// Source:  docs/formats/alerts-log.md, alerts-json.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "model/compat.h"
#include "model/stored_alert.h"

namespace gander::report {

struct ReadCounters {
  uint64_t lines = 0;
  uint64_t alerts = 0;
  uint64_t damaged = 0;  // alerts skipped
  uint64_t cut = 0;      // lines or alerts longer than the limits
};

class AlertReader {
 public:
  static constexpr size_t kMaxLine = size_t{2} * 1024 * 1024;
  static constexpr size_t kMaxAlert = size_t{32} * 1024 * 1024;

  using Sink = std::function<void(const model::StoredAlert&)>;
  // A message for the program's log, without time: "ossec-reportd: ERROR: date or location not NULL".
  using Problem = std::function<void(const std::string&)>;

  AlertReader(model::Compat compat, std::string program, Sink sink, Problem problem);
  AlertReader(AlertReader&&) noexcept;
  ~AlertReader();

  void feed(std::string_view bytes);
  // The end of one file; the next feed() starts another.
  void finish();

  const ReadCounters& counters() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::report
