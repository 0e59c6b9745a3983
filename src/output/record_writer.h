// RecordWriter: an alert as a binary record, for the spool and the index; straight from the decision.
//
// Owns:    working memory.
// Threads: one thread.
// Cost:    one copy of the texts; no allocation after warm-up but the growth of `out`.
// Fails:   cannot; what passes model::kMaxRecord is cut, and the record says so.
// Source:  docs/formats/spool.md.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "model/alert.h"
#include "model/stable_id.h"
#include "output/alert_time.h"

namespace gander::output {

// What an Alert does not know of itself.
struct RecordExtras {
  model::StableId id;
  base::Instant stored_time{};  // now
};

class RecordWriter {
 public:
  // `zone`: of the date text that people see.
  explicit RecordWriter(base::TimeZone zone) : time_(std::move(zone)) {}

  // Appends one record, without frame (store::Batch makes the frame).
  void alert(std::string& out, const model::Alert& alert, const RecordExtras& extras);

 private:
  // False: something found no room.
  bool texts(std::string& out, const model::Alert& alert);

  AlertTime time_;
  std::string joined_;
};

}  // namespace gander::output
