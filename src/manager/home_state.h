// HomeState: the StateStore in OSSEC's files below a home: queue/diff/HOST/RULE/last-entry, queue/fts/fts-queue and
// queue/fts/ig-queue.
//
// Owns:    nothing but paths; each write is on disk when the call returns.
// Threads: one thread.
// Fails:   a file that cannot be written is told to `problem` once a file; the answer then comes from memory.
// OSSEC:   host names come from the log: one that would leave queue/diff is kept under a safe name (docs/compat.md).
#pragma once

#include <functional>
#include <set>
#include <string>

#include "model/state_store.h"

namespace gander::manager {

class HomeState final : public model::StateStore {
 public:
  HomeState(std::string home, std::function<void(const std::string&)> problem);

  std::optional<std::string> last_output(std::string_view host, model::RuleId rule) override;
  void set_last_output(std::string_view host, model::RuleId rule, std::string_view text) override;
  std::vector<std::string> first_seen_lines() override;
  void add_first_seen(std::string_view line) override;
  std::vector<std::string> ignore_lines() override;
  void add_ignore(std::string_view line) override;

 private:
  std::string entry_path(std::string_view host, model::RuleId rule) const;
  std::vector<std::string> lines_of(const std::string& name) const;
  void append_line(const std::string& name, std::string_view line);
  void complain(const std::string& path, const std::string& message);

  std::string home_;
  std::function<void(const std::string&)> problem_;
  model::MemoryStateStore memory_;
  std::set<std::string> complained_;
};

}  // namespace gander::manager
