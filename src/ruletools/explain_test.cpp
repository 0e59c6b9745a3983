#include "ruletools/explain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using testing::app_line;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::HasSubstr;

class ExplainTest : public ::testing::Test {
 protected:
  Explanation explain(int rule, const std::vector<std::string>& texts) {
    std::vector<TimedLine> lines;
    for (const std::string& text : texts) {
      lines.push_back({app_line(text), base::from_unix(1'000'000 + static_cast<int64_t>(lines.size()))});
    }
    return explain_rule(ruleset_, {}, *ruleset_->tree().find(rule), lines);
  }

  Folder folder_;
  std::shared_ptr<const engine::Ruleset> ruleset_ = testing::small_ruleset(folder_);
};

TEST_F(ExplainTest, ARuleThatFiredShowsItsWay) {
  const Explanation e = explain(102, {"login from 192.0.2.1 as root"});
  EXPECT_TRUE(e.fired);
  EXPECT_EQ(e.answer, "rule 102 fired");
  EXPECT_EQ(e.decoder, "app");
  EXPECT_THAT(e.fields, ElementsAre(std::pair("srcip", "192.0.2.1"), std::pair("dstuser", "root")));
  ASSERT_EQ(e.way.size(), 4U);
  EXPECT_EQ(e.way[0].rule->info.id, 1);
  EXPECT_THAT(e.way[3].tests, ElementsAre("user '^root$' against 'root'"));
}

TEST_F(ExplainTest, TheFirstConditionThatFailedIsNamed) {
  EXPECT_EQ(explain(102, {"login from 192.0.2.1 as eve"}).answer,
            "rule 102 was asked and said no: user '^root$' against 'eve'");
  EXPECT_EQ(explain(102, {"logout"}).answer,
            "rule 102 was not asked: rule 101 above it said no: match '^login' against 'logout'");
  EXPECT_THAT(explain(102, {"login"}).answer, HasSubstr("against nothing: the event has no such field"));
}

TEST_F(ExplainTest, CountingNeedsTheLinesBefore) {
  const std::string line = "login from 192.0.2.1 as eve";
  EXPECT_THAT(explain(103, {line}).answer, HasSubstr("3 earlier events of rule 101 within 60 s, same_source_ip"));
  EXPECT_TRUE(explain(103, {line, line, line, line}).fired);
}

TEST_F(ExplainTest, ARuleThatAnotherSaysMoreThanOrThatIsNeverAResult) {
  EXPECT_EQ(explain(101, {"login from 192.0.2.1 as root"}).answer,
            "rule 101 matched, and rule 102 below it, which says more, fired");
  EXPECT_THAT(explain(104, {"stop now"}).answer, HasSubstr("noalert"));
  const Explanation e = explain(104, {"login from 192.0.2.1 as eve"});
  EXPECT_FALSE(e.fired);
  EXPECT_EQ(e.decided->info.id, 101);
  EXPECT_EQ(e.answer, "rule 104 was not asked: rule 101 comes before it and fired");
}

}  // namespace
}  // namespace gander::ruletools
