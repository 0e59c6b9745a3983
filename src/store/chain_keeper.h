// ChainKeeper: the chains of the files that are being written: goes on where the last run stopped, and begins the chain
// of a new file with the end of the one before.
//
// Owns:    the key, the heads as committed and those of the batch on its way.
// Threads: one thread.
// Fails:   A204, A201 looking at chain files.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "store/alert_chain.h"
#include "store/dated_log.h"
#include "store/state_db.h"

namespace gander::store {

class ChainKeeper {
 public:
  ChainKeeper(std::string home, ChainKey key, std::string aside)
      : home_(std::move(home)), key_(std::move(key)), aside_(std::move(aside)) {}

  static bool has_chain(LogKind kind) { return kind == LogKind::Alerts || kind == LogKind::AlertsJson; }

  Result<void> load(StateDb& db);
  // The records for `bytes` at `offset` of the dated file `path`; forgotten again by drop().
  Result<void> add(LogKind kind, const std::string& path, uint64_t offset, std::string_view bytes, std::string& out);
  void drop() { next_ = heads_; }
  // What the state must remember with the batch.
  void values(std::vector<std::pair<std::string, std::string>>& out) const;
  void committed() { heads_ = next_; }

  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

 private:
  using Heads = std::map<LogKind, ChainHead>;

  Result<std::optional<ChainHead>> resume(const std::string& path, const ChainHead* known);
  Result<std::optional<ChainHead>> read_end(const std::string& path);

  std::string home_;
  ChainKey key_;
  std::string aside_;  // suffix of what is set aside
  Heads heads_;
  Heads next_;
  std::vector<std::string> notes_;
};

}  // namespace gander::store
