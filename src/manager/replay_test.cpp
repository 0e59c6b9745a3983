#include "manager/replay.h"

#include <gtest/gtest.h>

#include <algorithm>

#include <filesystem>
#include <fstream>
#include <random>

#include "engine/testing/random_rules.h"

namespace gander::manager {
namespace {

class ReplayTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "gander-replay-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  std::shared_ptr<const engine::Ruleset> load(const std::string& rules) const {
    engine::RulesetFiles files;
    files.decoders.push_back({"decoder.xml", write("decoder.xml", engine::testing::kDecoders)});
    files.rules.push_back({"rules.xml", write("rules.xml", rules), "rules//rules.xml"});
    Diagnostics diagnostics;
    auto ruleset = engine::Ruleset::load(files, {}, diagnostics);
    EXPECT_FALSE(diagnostics.has_errors());
    return ruleset;
  }

  struct Outcome {
    std::string alerts;
    std::vector<std::string> problems;
    std::optional<ReplaySummary> summary;
    std::string error;
  };

  Outcome run(const std::shared_ptr<const engine::Ruleset>& ruleset, const std::vector<std::string>& inputs,
              int threads, size_t block_bytes, uint64_t fail_at = 0) const {
    model::MemoryStateStore state;
    engine::Engine engine(ruleset, {}, state);
    Result<InputClock> clock = InputClock::parse("event", {});
    Outcome outcome;
    ReplaySinks sinks;
    sinks.alert = [&](const model::Alert& a) -> Result<void> {
      if (a.number == fail_at) return fail("A002", "disk full");
      outcome.alerts += std::to_string(a.number) + " " + std::to_string(a.rule->id) + " " +
                        std::string(a.event->location) + " " + std::string(a.event->full_log);
      for (const std::string_view line : a.previous) outcome.alerts.append("|").append(line);
      outcome.alerts += "\n";
      return {};
    };
    sinks.note = [](base::Instant, const std::string&) {};
    sinks.problem = [&](const Error& e) { outcome.problems.push_back(e.message); };
    sinks.progress = [](uint64_t, uint64_t) {};
    ReplayOptions options;
    options.threads = threads;
    options.block_bytes = block_bytes;
    Replay replay(engine, *clock, options, sinks);
    const Result<ReplaySummary> summary = replay.run(inputs);
    if (summary)
      outcome.summary = *summary;
    else
      outcome.error = summary.error().message;
    return outcome;
  }

  std::string folder_;
};

TEST_F(ReplayTest, AlertsDoNotDependOnThreadsOrBlocks) {
  for (uint32_t seed = 1; seed <= 5; ++seed) {
    engine::testing::Grammar grammar(seed);
    const auto ruleset = load(grammar.rule_file(40));
    std::string log;
    for (int i = 0; i < 2000; ++i) log += grammar.line() + "\n";
    const std::string path = write("input.log", log);
    const std::string expected = run(ruleset, {path}, 1, 1 << 20).alerts;
    ASSERT_FALSE(expected.empty());
    std::mt19937 random(seed);
    for (const int threads : {1, 2, 8}) {
      for (size_t block : {64u, 1000u, 77777u, 0u, 0u, 0u}) {
        if (block == 0) block = 1 + random() % 20'000;
        ASSERT_EQ(run(ruleset, {path}, threads, block).alerts, expected)
            << "seed " << seed << " threads " << threads << " block " << block;
      }
    }
  }
}

TEST_F(ReplayTest, AMissingInputIsToldAndTheOthersAreRead) {
  engine::testing::Grammar grammar(1);
  const auto ruleset = load(grammar.rule_file(5));
  const std::string path = write("a.log", grammar.line() + "\n" + grammar.line() + "\n");
  const Outcome outcome = run(ruleset, {folder_ + "/missing", path, folder_ + "/also-missing"}, 2, 4096);
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.problems.size(), 2u);
  EXPECT_EQ(outcome.summary->inputs_failed, 2u);
  EXPECT_EQ(outcome.summary->engine.events, 2u);
}

TEST_F(ReplayTest, AFailedWriteEndsTheRunWithItsError) {
  engine::testing::Grammar grammar(1);
  const auto ruleset = load(grammar.rule_file(40));
  std::string log;
  for (int i = 0; i < 500; ++i) log += grammar.line() + "\n";
  const Outcome outcome = run(ruleset, {write("input.log", log)}, 4, 512, 3);
  EXPECT_FALSE(outcome.summary);
  EXPECT_EQ(outcome.error, "disk full");
  EXPECT_EQ(std::count(outcome.alerts.begin(), outcome.alerts.end(), '\n'), 2);
}

TEST_F(ReplayTest, AnEmptyInputGivesNothing) {
  engine::testing::Grammar grammar(1);
  const auto ruleset = load(grammar.rule_file(5));
  const Outcome outcome = run(ruleset, {write("empty.log", "")}, 3, 4096);
  ASSERT_TRUE(outcome.summary);
  EXPECT_EQ(outcome.summary->input.lines, 0u);
  EXPECT_TRUE(outcome.alerts.empty());
}

}  // namespace
}  // namespace gander::manager
