// Coverage: which rules, conditions and decoders the tests reach.
//
// A rule is reached when a test that expects it gets it (one with noalert, which is never a result: when its tests
// held). A decoder is reached when a line of field tests (.tsv) goes through it, so that what it takes out is looked
// at. A condition is reached both ways when it held for some line and refused another.
//
// Owns:    its counts; borrows the ruleset, which must outlive it.
// Threads: one thread.
// Cost:    the traced walk for each line.
#pragma once

#include <map>
#include <unordered_set>
#include <vector>

#include "ruletools/test_finder.h"
#include "ruletools/test_runner.h"

namespace gander::ruletools {

class Coverage final : public RunObserver, private engine::TraceSink {
 public:
  explicit Coverage(const engine::Ruleset& ruleset);

  engine::TraceSink* trace() override { return this; }
  void ran(const TestFile& file, const TestStep& step, bool passed, const engine::Decision& decision,
           const std::vector<const model::DecoderInfo*>& taking_part) override;

  struct Gap {
    const rules::Rule* rule = nullptr;
    std::string test;
    enum class What { NeverHeld, NeverRefused } what = What::NeverHeld;
  };
  struct StaleExcuse {
    model::RuleId rule = 0;
    SourcePos at;
    bool exists = false;
  };
  struct Report {
    size_t rules = 0;  // that a test can reach: all but the excused
    std::vector<const rules::Rule*> unreached_rules;
    size_t decoders = 0;
    std::vector<decode::LoadedDecoder> unreached_decoders;
    size_t conditions = 0;
    std::vector<Gap> gaps;
    std::vector<StaleExcuse> stale;  // excused rules that are none, or that a test reaches

    bool complete() const { return unreached_rules.empty() && unreached_decoders.empty() && stale.empty(); }
  };
  // Which files count; empty: all.
  struct Scope {
    std::string rules;
    std::string decoders;
    bool all() const { return rules.empty() && decoders.empty(); }
  };
  Report report(const std::map<model::RuleId, Excuse>& excused, const Scope& scope = {}) const;

 private:
  void trying(const rules::Rule&) override {}
  void failed(const rules::Rule& rule, const rules::Condition& condition, const model::Event& event) override;
  void failed(const rules::Rule& rule, std::string_view test) override;
  void matched(const rules::Rule& rule) override;
  void trying_children() override {}
  void note(std::string_view) override {}

  struct Asked {
    bool held = false;
    bool refused = false;
  };
  // Of one rule: its pure tests, check_diff, if_fts, its list tests and its counting, in this order.
  struct RuleState {
    std::vector<Asked> tests;
    bool matched = false;
    bool expected = false;
  };
  static std::vector<std::string> names_of(const rules::Rule& rule);
  void refuse(const rules::Rule& rule, size_t test);

  const engine::Ruleset& ruleset_;
  std::vector<RuleState> states_;  // by Rule::index
  std::unordered_set<const model::DecoderInfo*> decoders_;
};

}  // namespace gander::ruletools
