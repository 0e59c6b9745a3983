// Rehearsal: whom a configuration would have blocked, played with past alerts through the same Decider, allow list and
// guard.
//
// Owns:    its decider and its counts; borrows the guard.
// Threads: one thread.
// Needs:   alerts in the order of their times.
// Cost:    as Decider::decide() and a map entry for each blocked source; sources beyond kMostSources are only counted.
// The
//          guard is asked once for each source.
// Fails:   cannot. Addresses and routes are those of now, not those of then.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "respond/decider.h"
#include "respond/guard.h"
#include "respond/response_list.h"

namespace gander::respond {

class Rehearsal {
 public:
  static constexpr size_t kMostSources = 1'000'000;

  struct Row {
    std::string response;
    std::string executable;
    std::string target;  // source, else user, else file; "-": none
    size_t runs = 0;     // times the script would have been called with "add"
    size_t repeats = 0;  // alerts while it was in force
    std::chrono::seconds in_force{0};
    base::Instant first{};
    base::Instant last{};
    std::set<model::RuleId> rules;
    std::string refused;  // why the guard would have said no; empty: it would not
  };
  struct Totals {
    size_t alerts = 0;
    size_t answered = 0;  // alerts with at least one response
    size_t runs = 0;
    size_t refused = 0;  // by the guard
    size_t allowed = 0;  // by the allow list
    size_t invalid = 0;  // user names and addresses that look like an attack on the log
    size_t remote = 0;   // for agents
    size_t beyond = 0;   // sources that did not fit
  };

  Rehearsal(const config::Config& config, model::Compat compat, Guard& guard);

  void add(const Occasion& occasion);
  // Most runs first.
  std::vector<Row> rows() const;
  const Totals& totals() const { return totals_; }

 private:
  struct Block {
    base::Instant until{};
    int offences = 0;
  };

  void play(const ResponseRequest& request, const ResponseEntry& entry);
  std::string refusal(const std::string& source);

  model::Compat compat_;
  Guard& guard_;
  Decider decider_;
  ResponseList list_;
  std::map<std::pair<std::string, std::string>, Row> rows_;  // response, target
  std::map<std::string, Block> blocks_;                      // as the executor's keys
  std::map<std::string, std::string> refusals_;
  Totals totals_;
};

}  // namespace gander::respond
