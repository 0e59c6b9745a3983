// Indexer: fills the index from the spool: rows and place in one transaction, so that each alert is in it once.
//
// Owns:    its reader of the spool (named "index") and the file of the day it writes.
// Threads: one thread.
// Cost:    one transaction for up to kBatch records.
// Fails:   A204, A207: nothing of the step is then in; call step() again later. A damaged file is set aside and made
//          again from the logs (`rebuild`), and take_notes() says so.
// Source:  docs/formats/index.md.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/stored_alert.h"
#include "store/dated_log.h"
#include "store/fault_seam.h"
#include "store/index_file.h"

namespace gander::store {

// Reads the alerts of a day out of alerts.log (or alerts.json), up to so many bytes; given by who knows these formats.
using AlertTake = std::function<void(const model::StoredAlert&)>;
using LogOfDay = std::function<Result<void>(const Day& day, uint64_t most_bytes, const AlertTake& take)>;

// Makes the index of one day again: beside the old one, which it then replaces. A running Indexer notices and goes on
// from where the logs ended. Returns how many alerts.
Result<uint64_t> rebuild_index(const std::string& home, const Day& day, const LogOfDay& log);

struct IndexerOptions {
  std::string home;
  base::TimeZone zone = base::TimeZone::utc();
  base::Instant now{};  // of the start; names of what is set aside
  LogOfDay rebuild;     // empty: a damaged file is begun anew, without what it had
  FaultSeam seam;
};

class Indexer {
 public:
  static constexpr size_t kBatch = 5000;

  static Result<std::unique_ptr<Indexer>> open(IndexerOptions options);
  ~Indexer();

  // Takes in what has come, at most kBatch records. Returns how many; 0: all is in, wait for descriptor().
  Result<size_t> step();
  int descriptor() const;
  void drain();

  std::vector<std::string> take_notes();

 private:
  struct Impl;
  explicit Indexer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::store
