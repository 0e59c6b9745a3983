#include "ruletools/test_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using testing::app_line;
using testing::Folder;

TestStep step(const std::string& text, Expectation expected, int64_t seconds = 0) {
  TestStep out;
  out.line = app_line(text);
  out.expected = std::move(expected);
  out.time = base::from_unix(1'000'000 + seconds);
  return out;
}

Expectation rule(const std::string& id) {
  Expectation e;
  e.rule = id;
  return e;
}

class TestRunnerTest : public ::testing::Test {
 protected:
  RunCounts run(const TestFile& file) {
    RunCounts counts;
    runner_.run(file, counts);
    return counts;
  }

  Folder folder_;
  std::shared_ptr<const engine::Ruleset> ruleset_ = testing::small_ruleset(folder_);
  TestRunner runner_{ruleset_, {}, model::Compat::Mended};
};

TEST_F(TestRunnerTest, RuleLevelDecoderAndFieldsMustBeThose) {
  TestFile file;
  Expectation all;
  all.rule = "101";
  all.level = "5";
  all.decoder = "APP";
  all.fields = {{"srcip", "192.0.2.1"}, {"dstuser", "eve"}};
  file.steps.push_back(step("login from 192.0.2.1 as eve", all));
  EXPECT_EQ(run(file).failed, 0U);
  for (const auto& change : std::vector<std::function<void(Expectation&)>>{
           [](Expectation& e) { e.rule = "102"; }, [](Expectation& e) { e.level = "6"; },
           [](Expectation& e) { e.decoder = "(null)"; }, [](Expectation& e) { e.fields->erase("dstuser"); },
           [](Expectation& e) { e.refused = true; }}) {
    file.steps[0].expected = all;
    change(file.steps[0].expected);
    const RunCounts counts = run(file);
    EXPECT_EQ(counts.failed, 1U);
    ASSERT_EQ(counts.differences.size(), 1U);
    EXPECT_THAT(counts.differences[0].got, ::testing::HasSubstr("rule 101, level 5, decoder app"));
  }
}

TEST_F(TestRunnerTest, ASequenceIsOneTestAndRemembers) {
  TestFile file;
  file.kind = TestFile::Kind::Sequence;
  for (int i = 0; i < 4; ++i)
    file.steps.push_back(step("login from 192.0.2.1 as eve", rule(i == 3 ? "103" : "101"), i));
  EXPECT_EQ(run(file).failed, 0U);
  // Another run begins without memory.
  EXPECT_EQ(run(file).failed, 0U);
  file.steps[3].time = base::from_unix(1'001'000);
  const RunCounts late = run(file);
  EXPECT_EQ(late.tests, 1U);
  EXPECT_EQ(late.failed, 1U);
  ASSERT_EQ(late.differences.size(), 1U);
  EXPECT_EQ(late.differences[0].step, &file.steps[3]);
  EXPECT_EQ(late.differences[0].expected, "rule 103");
}

TEST_F(TestRunnerTest, NoRuleIsADash) {
  TestFile file;
  TestStep other = step("x", rule("-"));
  other.line = "nobody knows this";
  file.steps.push_back(other);
  EXPECT_EQ(run(file).failed, 0U);
  file.steps[0].expected = rule("101");
  EXPECT_EQ(run(file).failed, 1U);
}

}  // namespace
}  // namespace gander::ruletools
