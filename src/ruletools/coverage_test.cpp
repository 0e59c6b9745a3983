#include "ruletools/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using testing::app_line;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::IsEmpty;

class CoverageTest : public ::testing::Test {
 protected:
  void line(const std::string& text, const std::string& rule, TestFile::Kind kind = TestFile::Kind::Lines) {
    TestFile file;
    file.kind = kind;
    TestStep step;
    step.line = app_line(text);
    if (!rule.empty()) step.expected.rule = rule;
    file.steps.push_back(step);
    RunCounts counts;
    runner_.run(file, counts, &coverage_);
  }

  std::vector<int> unreached(const std::map<model::RuleId, Excuse>& excused = {}) {
    std::vector<int> out;
    for (const rules::Rule* rule : coverage_.report(excused).unreached_rules) out.push_back(rule->info.id);
    return out;
  }

  Folder folder_;
  std::shared_ptr<const engine::Ruleset> ruleset_ = testing::small_ruleset(folder_);
  Coverage coverage_{*ruleset_};
  TestRunner runner_{ruleset_, {}, model::Compat::Mended};
};

TEST_F(CoverageTest, ARuleIsReachedByATestThatExpectsItAndGetsIt) {
  EXPECT_THAT(unreached(), ElementsAre(1, 100, 101, 102, 103, 104, 105));
  line("login from 192.0.2.1 as eve", "101");
  line("login from 192.0.2.1 as root", "101");  // gets 102: proves nothing
  line("stop now", "105");
  EXPECT_THAT(unreached(), ElementsAre(100, 102, 103));
  EXPECT_THAT(unreached({{103, {"counts", {}}}}), ElementsAre(100, 102));
}

TEST_F(CoverageTest, AnExcuseThatIsNoneIsStale) {
  line("login from 192.0.2.1 as eve", "101");
  const auto report = coverage_.report({{101, {"", {"f", 1, 1}}}, {999, {"", {"f", 2, 1}}}});
  ASSERT_EQ(report.stale.size(), 2U);
  EXPECT_TRUE(report.stale[0].exists);
  EXPECT_FALSE(report.stale[1].exists);
  EXPECT_FALSE(report.complete());
}

TEST_F(CoverageTest, ADecoderIsReachedByFieldTestsThatGoThroughIt) {
  line("login from 192.0.2.1 as eve", "101");
  EXPECT_EQ(coverage_.report({}).unreached_decoders.size(), 2U);
  line("hello", "", TestFile::Kind::Fields);
  const auto report = coverage_.report({});
  ASSERT_EQ(report.unreached_decoders.size(), 1U);
  EXPECT_EQ(report.unreached_decoders[0].own_name, "app-login");
  EXPECT_EQ(report.unreached_decoders[0].at.line, 4);
  line("login from 192.0.2.1 as eve", "", TestFile::Kind::Fields);
  EXPECT_THAT(coverage_.report({}).unreached_decoders, IsEmpty());
}

TEST_F(CoverageTest, AConditionIsSeenBothWays) {
  const auto gaps = [&](int rule) {
    std::vector<std::string> out;
    for (const Coverage::Gap& gap : coverage_.report({}).gaps) {
      if (gap.rule->info.id == rule) {
        out.push_back((gap.what == Coverage::Gap::What::NeverHeld ? "held " : "refused ") + gap.test);
      }
    }
    return out;
  };
  EXPECT_THAT(gaps(102), ElementsAre("held user '^root$'", "refused user '^root$'"));
  line("login from 192.0.2.1 as eve", "101");
  EXPECT_THAT(gaps(102), ElementsAre("held user '^root$'"));
  line("login from 192.0.2.1 as root", "102");
  EXPECT_THAT(gaps(102), IsEmpty());
  EXPECT_THAT(gaps(103), ElementsAre(::testing::StartsWith("held 3 earlier events of rule 101")));
}

}  // namespace
}  // namespace gander::ruletools
