#include "rules/rule_lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/testing/loaded_rules.h"

namespace gander::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::load_rules_text;

std::vector<std::string> codes(std::string_view rules) {
  return load_rules_text(rules).codes();
}

TEST(RuleLint, GoodRulesHaveNoWarnings) {
  EXPECT_THAT(codes(R"(<rule id="100" level="3"><match>failed login</match></rule>
    <rule id="101" level="3"><decoded_as>app</decoded_as></rule>
    <rule id="102" level="3"><if_sid>101</if_sid><regex>\d+ \w+</regex></rule>)"),
              IsEmpty());
}

TEST(RuleLint, ARuleThatIsSearchedInEveryEvent) {
  EXPECT_THAT(codes(R"(<rule id="100" level="3"><regex>\w+ \d+</regex></rule>)"), ElementsAre("R201"));
  EXPECT_THAT(codes(R"(<rule id="100" level="3"><regex>\w+ \d+</regex><program_name>sshd</program_name></rule>)"),
              IsEmpty());
}

TEST(RuleLint, AnAlternativeGivenTwice) {
  EXPECT_THAT(codes(R"(<rule id="100" level="3"><match>failed|denied|failed</match></rule>)"), ElementsAre("R202"));
}

TEST(RuleLint, ARuleBehindOneOfTheSameConditions) {
  EXPECT_THAT(codes(R"(<rule id="100" level="5"><match>failed login</match></rule>
    <rule id="101" level="3"><match>failed login</match></rule>)"),
              ElementsAre("R203"));
  EXPECT_THAT(codes(R"(<rule id="100" level="5" noalert="1"><match>failed login</match></rule>
    <rule id="101" level="3"><match>failed login</match></rule>)"),
              IsEmpty());
  EXPECT_THAT(codes(R"(<rule id="100" level="5"><match>failed login</match><if_fts/></rule>
    <rule id="101" level="3"><match>failed login</match></rule>)"),
              IsEmpty());
  EXPECT_THAT(codes(R"(<rule id="100" level="5"><match>failed login</match></rule>
    <rule id="101" level="3"><decoded_as>app</decoded_as></rule>
    <rule id="102" level="3"><if_sid>101,</if_sid><match>failed login</match></rule>)"),
              IsEmpty())
      << "reached at its other place";
}

TEST(RuleLint, ACompositeOverAnUnknownRule) {
  EXPECT_THAT(codes(R"(<rule id="100" level="5"><match>failed login</match></rule>
    <rule id="101" level="8"><if_sid>100</if_sid><if_matched_sid>999</if_matched_sid></rule>)"),
              ElementsAre("R204"));
}

TEST(RuleLint, ElementsThatMeanSomethingElseInOssec) {
  EXPECT_THAT(codes(R"(<rule id="100" level="5"><match>failed login</match></rule>
    <rule id="101" level="8"><if_matched_sid>100</if_matched_sid><different_srcip/></rule>
    <rule id="102" level="8"><if_matched_sid>100</if_matched_sid><not_same_user/></rule>)"),
              ElementsAre("R205", "R205"));
  EXPECT_THAT(codes(R"(<rule id="100" level="5"><match>failed login</match></rule>
    <rule id="60101" level="8"><if_matched_sid>100</if_matched_sid><different_srcip/></rule>)"),
              IsEmpty())
      << "an id of Gander's own rules";
}

TEST(RuleLint, SaysNothingBesideErrors) {
  EXPECT_THAT(codes(R"(<rule id="100" level="3"><regex>\w+ \d+</regex></rule>
    <rule id="101" level="x"><match>failed login</match></rule>)"),
              ElementsAre("R008"));
}

}  // namespace
}  // namespace gander::rules
