#include "ruletools/rule_filter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RuleFilterTest : public ::testing::Test {
 protected:
  std::vector<int> fitting(const RuleFilter& filter) {
    std::vector<int> out;
    for (const rules::Rule* rule : rules_that_fit(ruleset_->tree(), filter)) out.push_back(rule->info.id);
    return out;
  }

  testing::Folder folder_;
  std::shared_ptr<const engine::Ruleset> ruleset_ = testing::small_ruleset(folder_);
};

TEST_F(RuleFilterTest, AllThatIsGivenMustFit) {
  RuleFilter filter;
  EXPECT_THAT(fitting(filter), ElementsAre(1, 100, 101, 102, 103, 104, 105));
  filter.level = 9;
  EXPECT_THAT(fitting(filter), ElementsAre(102, 103));
  filter.ids = {102, 101};
  EXPECT_THAT(fitting(filter), ElementsAre(102));
}

TEST_F(RuleFilterTest, GroupsAreWholeWordsAndTagsBeginnings) {
  RuleFilter group;
  group.group = "authentication_success";
  EXPECT_THAT(fitting(group), ElementsAre(101));
  group.group = "authentication";
  EXPECT_THAT(fitting(group), IsEmpty());
  RuleFilter tag;
  tag.tag = "T1110";
  EXPECT_THAT(fitting(tag), ElementsAre(102, 103));
  tag.tag = "T111";
  EXPECT_THAT(fitting(tag), IsEmpty());
  tag.tag = "pci_dss";
  EXPECT_THAT(fitting(tag), ElementsAre(102));
}

TEST_F(RuleFilterTest, WordsAreLookedForInDescriptionsGroupsAndTests) {
  RuleFilter filter;
  filter.words = {"APP", "^root"};
  EXPECT_THAT(fitting(filter), ElementsAre(102));
  filter.words = {"elsewhere"};
  EXPECT_THAT(fitting(filter), IsEmpty());
  filter.words.clear();
  filter.file = "r.xml";
  EXPECT_EQ(fitting(filter).size(), 7U);
  filter.file = "other.xml";
  EXPECT_THAT(fitting(filter), IsEmpty());
}

}  // namespace
}  // namespace gander::ruletools
