// Backtest: old lines through today's rules and through the same with more rule files, side by side.
//
// Owns:    two engines and what they remember; shares the rulesets.
// Threads: one thread.
// Cost:    two decisions a line.
// Fails:   cannot.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace gander::ruletools {

class Backtest {
 public:
  static constexpr size_t kMostExamples = 3;
  static constexpr size_t kMostSources = 10'000;  // counted apart, by rule

  Backtest(std::shared_ptr<const engine::Ruleset> before, std::shared_ptr<const engine::Ruleset> after,
           engine::EngineOptions options);

  void line(std::string_view text, std::string_view location, base::Instant time);

  // What a rule would have raised.
  struct Row {
    const rules::Rule* rule = nullptr;
    uint64_t alerts = 0;
    base::Instant first{};
    base::Instant last{};
    std::set<std::string> sources;              // addresses, at most kMostSources
    std::map<model::RuleId, uint64_t> instead;  // of the rules that raised these alerts before; 0: none did
    std::vector<std::string> examples;
  };
  // Of rules that stand in `files`, those without an alert included, by id.
  std::vector<Row> rows(const std::vector<std::string>& files) const;

  // Rules that raise another number of alerts than before and stand in none of `files`: {before, after}.
  std::map<model::RuleId, std::pair<uint64_t, uint64_t>> changed(const std::vector<std::string>& files) const;

  struct Totals {
    uint64_t lines = 0;
    uint64_t before = 0;  // alerts
    uint64_t after = 0;
  };
  const Totals& totals() const { return totals_; }

 private:
  struct Side {
    Side(std::shared_ptr<const engine::Ruleset> rules, const engine::EngineOptions& options);
    const engine::Decision& decide(std::string_view text, std::string_view location, base::Instant time);

    std::shared_ptr<const engine::Ruleset> ruleset;
    model::MemoryStateStore state;
    engine::Engine engine;
    engine::Worker worker;
    engine::Prepared prepared;
    std::map<model::RuleId, uint64_t> alerts;
  };
  static engine::EngineOptions quiet(engine::EngineOptions options);

  Side before_;
  Side after_;
  std::map<model::RuleId, Row> rows_;  // of all rules that alerted
  Totals totals_;
};

}  // namespace gander::ruletools
