// Where rules hang, in which order, and what composites are fed by (as seen in the loaded tree).
#include "rules/tree_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/testing/loaded_rules.h"

namespace gander::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::load_file_text;
using testing::load_rules_text;

// Rules 100.. of level 3, each with the given elements.
std::string rules_of(const std::vector<std::string>& bodies, int first = 100) {
  std::string out;
  for (const std::string& body : bodies) {
    out += "<rule id=\"" + std::to_string(first++) + "\" level=\"3\">" + body + "<match>m</match></rule>\n";
  }
  return out;
}

std::string places(const std::vector<std::string>& bodies) {
  const auto l = load_rules_text(rules_of(bodies));
  for (const Diagnostic& d : l.diagnostics.entries()) {
    if (d.severity == Severity::Error) return d.ossec_lines.back();
  }
  return l.places();
}

TEST(RulePlaces, BelowEveryListedRuleAndEveryPlaceOfIt) {
  EXPECT_EQ(places({"", "", "<if_sid>100, 101</if_sid>", "<if_sid>102</if_sid>"}),
            "1(100(102(103)) 101(102(103))) 2 3 4");
  EXPECT_EQ(places({"", "<if_sid>  100,,</if_sid>"}), "1(100(101) 101) 2 3 4") << "a separator at the end asks for 0";
  EXPECT_EQ(places({"", "<if_sid>100 </if_sid>"}), "1(100(101) 101) 2 3 4");
  EXPECT_EQ(places({"", "<if_sid></if_sid>"}), "1(100 101) 2 3 4");
  EXPECT_EQ(places({"", "<if_sid>0</if_sid>"}), "1(100 101) 2 3 4");
  EXPECT_EQ(places({"", "<if_sid>100,100</if_sid>"}), "1(100(101 101)) 2 3 4");
}

TEST(RulePlaces, RepeatedIfSidElementsAreJoined) {
  EXPECT_EQ(places({"", "<if_sid>1</if_sid><if_sid>00</if_sid>"}), "1(100(101)) 2 3 4");
}

TEST(RulePlaces, BadIds) {
  const std::string not_a_number = "rules_list: Signature ID must be an integer. Exiting...";
  EXPECT_EQ(places({"", "<if_sid>100\n</if_sid>"}), not_a_number);
  EXPECT_EQ(places({"", "<if_sid>100\t</if_sid>"}), not_a_number);
  EXPECT_EQ(places({"", "<if_sid>100x</if_sid>"}), not_a_number);
  EXPECT_EQ(places({"", "<if_sid>-100</if_sid>"}), not_a_number);
  EXPECT_EQ(places({"<if_sid>100</if_sid>"}), "rules_list: Signature ID '100' not found. Invalid 'if_sid'.");
  EXPECT_EQ(places({"", "<if_sid>100 200</if_sid>"}), "rules_list: Signature ID '200' not found. Invalid 'if_sid'.");
}

// When the search meets the rule among siblings it does not look at the rest of them, nor below.
TEST(RulePlaces, TheSearchStopsAmongTheSiblingsOfARuleItFinds) {
  // 102 hangs below the root and below 101; 101 stands behind it.
  const auto l = load_rules_text(R"(
    <rule id="100" level="5"><match>m</match></rule>
    <rule id="101" level="2"><match>m</match></rule>
    <rule id="102" level="3"><if_sid>101,</if_sid><match>m</match></rule>
    <rule id="103" level="3"><if_sid>102</if_sid><match>m</match></rule>)");
  EXPECT_EQ(l.places(), "1(100 102(103) 101(102)) 2 3 4");
  // With 101 before it, both places are found: the first list's own siblings are looked below on the way.
  const auto other = load_rules_text(R"(
    <rule id="101" level="4"><match>m</match></rule>
    <rule id="102" level="3"><if_sid>101,</if_sid><match>m</match></rule>
    <rule id="103" level="3"><if_sid>102</if_sid><match>m</match></rule>)");
  EXPECT_EQ(other.places(), "1(101(102(103)) 102(103)) 2 3 4");
}

TEST(RulePlaces, TheCategoryIsThatOfTheLastPlace) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><category>firewall</category><match>m</match></rule>
    <rule id="101" level="3"><category>ids</category><if_sid>100</if_sid><match>m</match></rule>
    <rule id="102" level="3"><category>ids</category><if_sid>100,</if_sid><match>m</match></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.rule(101).category, model::Category::Firewall);
  EXPECT_EQ(l.places(), "1 2(100(101 102) 102) 3 4") << "the root is that of the category taken over";
}

TEST(RulePlaces, ByLevelBelowEveryRuleOfThatRank) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="5"><match>m</match></rule>
    <rule id="101" level="3"><match>m</match></rule>
    <rule id="102" level="9" accuracy="0"><match>m</match></rule>
    <rule id="103" level="4"><if_level>5</if_level><match>m</match></rule>)");
  EXPECT_EQ(l.places(), "1(100(103) 103 101 102) 2(103) 3(103) 4(103)");
  EXPECT_EQ(places({"", "<if_level>99</if_level>"}), "1(100 101) 2(101) 3(101) 4(101)");
  EXPECT_EQ(places({"<if_level>100</if_level>"}), "rules_list: Level ID '10000' not found. Invalid 'if_level'.");
}

TEST(RulePlaces, ByLevelZeroTheRuleIsDropped) {
  const auto l = load_rules_text(rules_of({"<if_level>0</if_level>", "<if_level></if_level>"}));
  EXPECT_EQ(l.tree.find(100), nullptr);
  EXPECT_EQ(l.places(), "1 2 3 4");
  EXPECT_THAT(l.ossec_lines(),
              ElementsAre("ossec-analysisd: Invalid level (atoi)", "ossec-analysisd: Invalid level (atoi)"));
}

TEST(RulePlaces, ByGroupAsWords) {
  EXPECT_EQ(places({"<group>reddish,</group>", "<group>blue</group>", "<if_group>red</if_group>"}),
            "1(100(102) 101) 2 3 4");
  EXPECT_EQ(places({"<group>a,</group>", "<group>b,</group>", "<if_group>A,|x|B,</if_group>"}),
            "1(100(102) 101(102)) 2 3 4");
  EXPECT_EQ(places({"<group>a,</group>", "<if_group>^a</if_group>"}),
            "rules_list: Group '^a' not found. Invalid 'if_group'.");
  EXPECT_EQ(places({"<if_group></if_group>"}), "rules_list: Group '' not found. Invalid 'if_group'.");
}

TEST(RulePlaces, IdsGoBeforeLevelsBeforeGroups) {
  const std::vector<std::string> bodies = {"<group>g,</group>", "",
                                           "<if_group>g</if_group><if_level>3</if_level><if_sid>101</if_sid>",
                                           "<if_group>g,</if_group><if_level>99</if_level>"};
  EXPECT_EQ(places(bodies), "1(100 101(102) 103) 2(103) 3(103) 4(103)");
}

TEST(RulePlaces, CompositesHangWhereTheyCount) {
  const std::vector<std::string> bodies = {"<group>g,</group>",
                                           "<if_matched_sid>100</if_matched_sid>",
                                           "<if_matched_group>g,</if_matched_group>",
                                           "<if_matched_regex>x</if_matched_regex>",
                                           "<if_matched_sid>100</if_matched_sid><if_level>99</if_level>",
                                           "<if_matched_group>g,</if_matched_group><if_level>99</if_level>",
                                           "<if_matched_sid>100</if_matched_sid><if_group>g,</if_group>"};
  EXPECT_EQ(places(bodies), "1(100(101 102 104 106) 103 105) 2(105) 3(105) 4(105)");
}

TEST(RulePlaces, RanksOrderSiblingsAndRoots) {
  const auto l = load_file_text(R"(<group name="r,">
    <rule id="5" level="3" noalert="1"><category>ids</category></rule>
    <rule id="6" level="0" noalert="1"><category>syslog</category></rule>
    <rule id="7" level="0" noalert="1"><category>syslog</category></rule>
    <rule id="100" level="3"><match>m</match></rule><rule id="101" level="15"><match>m</match></rule>
    <rule id="102" level="0"><match>m</match></rule><rule id="103" level="3"><match>m</match></rule>
    <rule id="104" level="1" accuracy="0"><match>m</match></rule>
    <rule id="105" level="9" accuracy="0"><match>m</match></rule></group>)");
  ASSERT_FALSE(l.diagnostics.has_errors()) << render(l.diagnostics.entries()[0], Colour::Off);
  EXPECT_EQ(l.places(), "6(102 101 100 103 105 104) 7 5") << "the first root of the category gets all";
}

TEST(RulePlaces, ARootIsNeverOverwritten) {
  const auto l = load_file_text(std::string(testing::kRoots) +
                                R"(<group name="r,"><rule id="1" level="2" overwrite="yes"><category>ids</category>
    </rule><rule id="100" level="3"><if_sid>1</if_sid><match>m</match></rule></group>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.places(), "1(100) 2 3 4 1");
  EXPECT_EQ(l.tree.find(1)->info.level, 0);
}

TEST(RulePlaces, WithoutARootNothingLoads) {
  const auto l = load_file_text(R"(<group name="t,"><rule id="100" level="3"><category>web-log</category>
    <match>m</match></rule></group>)");
  EXPECT_THAT(l.ossec_lines(), ElementsAre("rules_list: Category '7' not found. Invalid 'category'."));
}

// Composites: 3.6 and 4.3 of the rules' specification.

std::vector<std::pair<RuleId, int>> feeds(const Rule& rule) {
  std::vector<std::pair<RuleId, int>> out;
  for (const Rule::Feed& f : rule.feeds_groups) out.emplace_back(f.composite->info.id, f.times);
  return out;
}

TEST(RuleFeeds, GroupCompositesAreFedByEarlierRulesOncePerPlace) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>m</match><group>g,</group></rule>
    <rule id="101" level="3"><match>m</match></rule>
    <rule id="102" level="3"><if_sid>100, 101</if_sid><group>G,</group><match>n</match></rule>
    <rule id="103" level="9"><if_matched_group>g,</if_matched_group><group>og,</group></rule>
    <rule id="104" level="3"><match>m</match><group>g,</group></rule>
    <rule id="105" level="9"><if_sid>101</if_sid><if_matched_group>^t,g</if_matched_group></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  using Pairs = std::vector<std::pair<RuleId, int>>;
  EXPECT_EQ(feeds(l.rule(100)), (Pairs{{103, 1}, {105, 1}}));
  EXPECT_EQ(feeds(l.rule(101)), Pairs{});
  EXPECT_EQ(feeds(l.rule(102)), (Pairs{{103, 2}, {105, 2}}));
  EXPECT_EQ(feeds(l.rule(103)), (Pairs{{103, 3}})) << "its own places: below 100 and twice below it and 101";
  EXPECT_EQ(feeds(l.rule(104)), (Pairs{{105, 1}})) << "defined behind 103";
}

TEST(RuleFeeds, SidCompositesMakeTheirBaseKeepAList) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>m</match></rule>
    <rule id="101" level="9"><if_matched_sid>100</if_matched_sid></rule>
    <rule id="102" level="9"><if_sid>100</if_sid><if_matched_sid>103</if_matched_sid></rule>
    <rule id="103" level="3"><match>m</match></rule>
    <rule id="104" level="9"><if_matched_sid></if_matched_sid></rule>
    <rule id="105" level="9"><if_sid>100</if_sid><if_matched_sid>105</if_matched_sid></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_TRUE(l.rule(100).keeps_sid_list);
  EXPECT_EQ(l.rule(101).composite, Composite::Sid);
  EXPECT_TRUE(l.rule(102).matched_sid_unknown);
  EXPECT_FALSE(l.rule(103).keeps_sid_list);
  EXPECT_EQ(l.rule(104).composite, Composite::Regex);
  EXPECT_EQ(l.rule(104).matched_regex, nullptr) << "every text matches";
  EXPECT_TRUE(l.rule(105).keeps_sid_list);
}

TEST(RuleFeeds, OneOfSeveralKindsIsUsed) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>m</match><group>g,</group></rule>
    <rule id="101" level="9"><if_matched_regex>r</if_matched_regex><if_matched_group>g,</if_matched_group>
      <if_matched_sid>100</if_matched_sid></rule>
    <rule id="102" level="9"><if_matched_regex>r</if_matched_regex><if_matched_group>g,</if_matched_group></rule>)");
  EXPECT_EQ(l.rule(101).composite, Composite::Sid);
  EXPECT_EQ(l.rule(102).composite, Composite::Group);
}

TEST(RuleFeeds, RulesWithoutCorrelationShareALineStore) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>m</match><group>g,</group></rule>
    <rule id="101" level="9"><if_matched_sid>100</if_matched_sid><group>c,</group></rule>
    <rule id="102" level="9"><if_sid>100, 101</if_sid><match>m</match></rule>
    <rule id="103" level="9"><if_sid>102</if_sid><match>m</match></rule>
    <rule id="104" level="9"><check_diff/></rule>
    <rule id="105" level="9"><if_sid>104, 101</if_sid><match>m</match></rule>
    <rule id="106" level="9"><if_level>9</if_level><match>m</match></rule>
    <rule id="107" level="9"><if_group>c,</if_group><match>m</match></rule>
    <rule id="108" level="9"><if_sid>101</if_sid><if_matched_sid>100</if_matched_sid></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  const Rule* const composite = l.tree.find(101);
  EXPECT_EQ(l.rule(101).line_store, nullptr);
  EXPECT_EQ(l.rule(102).line_store, composite);
  EXPECT_EQ(l.rule(103).line_store, composite);
  EXPECT_EQ(l.rule(105).line_store, l.tree.find(104)) << "the first parent that has one";
  EXPECT_EQ(l.rule(106).line_store, nullptr) << "not by level";
  EXPECT_EQ(l.rule(107).line_store, composite);
  EXPECT_EQ(l.rule(108).line_store, nullptr) << "it has its own";
}

}  // namespace
}  // namespace gander::rules
