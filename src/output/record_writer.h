// RecordWriter: an alert as a binary record, for the spool and the index; straight from the decision.
//
// Owns:    working memory; what it knows of rules is known by their address: they must outlive the writer.
// Threads: one thread.
// Cost:    one copy of the texts; no allocation after warm-up but the growth of `out`.
// Fails:   cannot; what passes model::kMaxRecord is cut, and the record says so.
// Source:  docs/formats/spool.md.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

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
  // What records of a rule that follow each other mostly have in common, encoded: group, date, location, description.
  struct Front {
    bool integrity = false;
    std::string bytes;  // of the time and place below; empty: of none yet
    int64_t second = 0;
    bool origin_is_location = false;
    std::string hostname;
    std::string location;
  };

  const Front& front_of(const model::Alert& alert);
  // False: something found no room.
  bool texts(std::string& out, const model::Alert& alert);

  AlertTime time_;
  std::string joined_;
  std::unordered_map<const model::RuleInfo*, Front> fronts_;
};

}  // namespace gander::output
