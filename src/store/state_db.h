// StateDb: queue/gander.db: places and counters of sources, last runs, small values.
//
// Owns:    a connection (WAL, synchronous=NORMAL; mark_flushed() is safe against a power cut, the rest against a kill).
// Threads: one thread a connection; several processes may have one each (a writer waits up to 10 s for another).
// Fails:   A203 with SQLite's words; nothing of the call is then done. A damaged file is set aside as
//          gander.db.damaged-TIME by open(), a new one is made, and note() says so.
// Source:  docs/formats/gander-db.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/fault_seam.h"
#include "store/places.h"

namespace gander::store {

class StateDb {
 public:
  enum class Access { ReadWrite, ReadOnly };
  // ReadOnly is for `gander status` and its like; it never makes or sets aside a file.
  static Result<StateDb> open(const std::string& path, Access access, base::Instant now, FaultSeam seam = {});
  ~StateDb();
  StateDb(StateDb&&) noexcept;
  StateDb& operator=(StateDb&&) noexcept;

  // Not empty: the file was damaged and set aside.
  const std::string& note() const;
  bool is_new() const;
  // Of the last change applied.
  uint64_t batch() const;

  // What a commit of the journal changes, in one transaction; doing it again does nothing. `batch` rises from 1.
  struct Change {
    uint64_t batch = 0;
    std::vector<SourcePlace> places;
    std::vector<std::string> forgotten;
    std::vector<SourceCount> counts;  // added to what is there
    std::vector<std::pair<std::string, std::string>> values;
  };
  Result<void> apply(const Change& change);

  Result<std::vector<SourcePlace>> places();
  // As of the last mark_flushed().
  Result<std::vector<SourcePlace>> flushed_places();
  // What has been applied is safe on disk: its places and counts are what return_to_flushed() goes back to. Durable
  // when it returns, and with it everything before.
  Result<void> mark_flushed();
  Result<void> return_to_flushed();
  // All columns of all sources, sorted by source and name.
  Result<std::vector<SourceCount>> counts();
  Result<void> forget_counts(std::string_view source);

  // When something ran last ("report:daily", "scan:integrity", "day-close").
  Result<std::optional<base::Instant>> last_run(std::string_view name);
  Result<void> set_last_run(std::string_view name, base::Instant at);

  // Small values of the roles.
  Result<std::optional<std::string>> value(std::string_view key);
  Result<void> set_value(std::string_view key, std::string_view value);

 private:
  struct Impl;
  explicit StateDb(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::store
