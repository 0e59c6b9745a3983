// BatchState: the engine's StateStore, kept in OSSEC's files and changed together with the batch in hand, so that state
// and alerts cannot come apart.
//
// Owns:    outputs written since the start. Borrows the batch.
// Needs:   first_seen_lines() and ignore_lines() are asked for with nothing uncommitted in the batch.
// Threads: one thread.
// Cost:    files are read at first need only.
// Fails:   a file that cannot be read counts as absent and is told to `problem` once.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "model/state_store.h"
#include "store/batch.h"

namespace gander::live {

class BatchState final : public model::StateStore {
 public:
  BatchState(std::string home, store::Batch& batch, std::function<void(const std::string&)> problem);

  std::optional<std::string> last_output(std::string_view host, model::RuleId rule) override;
  void set_last_output(std::string_view host, model::RuleId rule, std::string_view text) override;
  std::vector<std::string> first_seen_lines() override;
  void add_first_seen(std::string_view line) override;
  std::vector<std::string> ignore_lines() override;
  void add_ignore(std::string_view line) override;

  // What `name` below the home holds; empty when it is not there.
  std::string read(const std::string& name);

 private:
  std::vector<std::string> lines_of(std::string_view name);

  std::string home_;
  store::Batch& batch_;
  std::function<void(const std::string&)> problem_;
  model::MemoryStateStore outputs_;
  std::set<std::string> complained_;
};

}  // namespace gander::live
