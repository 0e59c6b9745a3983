// StateStore: what must outlive a restart (first-time-seen keys, ignore lines, last outputs).
//
// Threads: one thread (the one that decides).
// Fails:   a store that cannot write says so through its own log; answers then come from memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/rule_info.h"

namespace gander::model {

class StateStore {
 public:
  virtual ~StateStore() = default;

  // Text last seen by a check_diff rule on this host; nullopt at first sight.
  virtual std::optional<std::string> last_output(std::string_view host, RuleId rule) = 0;
  virtual void set_last_output(std::string_view host, RuleId rule, std::string_view text) = 0;

  // Lines of queue/fts/fts-queue and queue/fts/ig-queue, without line ends.
  virtual std::vector<std::string> first_seen_lines() = 0;
  virtual void add_first_seen(std::string_view line) = 0;
  virtual std::vector<std::string> ignore_lines() = 0;
  virtual void add_ignore(std::string_view line) = 0;
};

// Keeps everything in memory: replay starts clean and leaves nothing behind.
class MemoryStateStore final : public StateStore {
 public:
  std::optional<std::string> last_output(std::string_view host, RuleId rule) override;
  void set_last_output(std::string_view host, RuleId rule, std::string_view text) override;
  std::vector<std::string> first_seen_lines() override { return first_seen_; }
  void add_first_seen(std::string_view line) override { first_seen_.emplace_back(line); }
  std::vector<std::string> ignore_lines() override { return ignore_; }
  void add_ignore(std::string_view line) override { ignore_.emplace_back(line); }

 private:
  std::map<std::pair<std::string, RuleId>, std::string> outputs_;
  std::vector<std::string> first_seen_;
  std::vector<std::string> ignore_;
};

}  // namespace gander::model
