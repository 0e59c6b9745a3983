// TestRunner: tests through an engine, and what came out otherwise than expected.
//
// Each file begins without memory of the ones before; the ruleset is loaded once. The answers are those of logtest.
//
// Owns:    working memory; shares the ruleset.
// Threads: one thread.
// Cost:    some ten microseconds a line; traced (with an observer that wants it) some hundred.
// Fails:   cannot: a difference is a result.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "ruletools/test_file.h"

namespace gander::ruletools {

// What one line gave.
struct Outcome {
  std::string rule;     // "-": none
  std::string level;    // "-"
  std::string decoder;  // "(null)": none
  std::map<std::string, std::string> fields;
};

struct Difference {
  const TestStep* step = nullptr;
  std::string expected;  // "rule 5710, level 5, decoder sshd"
  std::string got;
};

// Told of each line that was run.
class RunObserver {
 public:
  virtual ~RunObserver() = default;
  // Not null: each decision is made by the slow, traced walk, which tells every test to it.
  virtual engine::TraceSink* trace() { return nullptr; }
  virtual void ran(const TestFile& file, const TestStep& step, bool passed, const engine::Decision& decision,
                   const std::vector<const model::DecoderInfo*>& taking_part) = 0;
};

struct RunCounts {
  size_t tests = 0;
  size_t failed = 0;
  size_t left_out = 0;
  std::vector<Difference> differences;  // of sequences, several for one test
};

class TestRunner {
 public:
  TestRunner(std::shared_ptr<const engine::Ruleset> ruleset, engine::EngineOptions options, model::Compat compat);

  // `file` must outlive the counts.
  void run(const TestFile& file, RunCounts& counts, RunObserver* observer = nullptr);

 private:
  static bool check(const TestStep& step, const Outcome& got, RunCounts& counts);

  std::shared_ptr<const engine::Ruleset> ruleset_;
  engine::EngineOptions options_;
  engine::Worker worker_;
  engine::Prepared prepared_;
  std::vector<decode::FilledField> filled_;
  std::vector<const model::DecoderInfo*> taking_part_;
};

// As logtest answers, and for hosts and zones that every machine has alike.
engine::EngineOptions test_options(engine::EngineOptions options);

}  // namespace gander::ruletools
