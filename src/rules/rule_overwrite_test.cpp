#include "rules/rule_overwrite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/testing/loaded_rules.h"

namespace gander::rules {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::load_rules_text;

TEST(RuleOverwrite, TakesOverTextsNumbersAndFlagsButNotThePlace) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3" ignore="5"><match>old</match><user>u</user><description>old</description>
      <info>old</info><group>a,</group><ignore>user</ignore></rule>
    <rule id="101" level="5"><match>m</match></rule>
    <rule id="100" level="10" overwrite="yes" maxsize="7" noalert="1"><match>new</match><srcip>any</srcip>
      <description>new</description><info>new</info><cve>C</cve><group>b,</group><ignore>srcip</ignore>
      <category>ids</category><options>no_ar</options><if_fts/></rule>
    <rule id="102" level="7"><match>m</match></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  const Rule& r = l.rule(100);
  EXPECT_EQ(l.tests(100), "match=new srcip=any maxsize=7 bytes or more");
  EXPECT_EQ(r.info.level, 10);
  EXPECT_TRUE(r.info.mail);
  EXPECT_EQ(r.info.description, "new");
  EXPECT_EQ(r.info.group, "t,b,");
  EXPECT_EQ(r.info.info_text, "new");
  EXPECT_EQ(r.info.cve_text, "C");
  ASSERT_EQ(r.info.info.size(), 1u);
  EXPECT_EQ(r.info.info[0].text, "old") << "the info lines of the test tool stay";
  EXPECT_EQ(r.ignore_items, kIgnoreUser);
  EXPECT_EQ(r.ignore_time.count(), 0);
  EXPECT_TRUE(r.noalert);
  EXPECT_TRUE(r.if_fts);
  EXPECT_TRUE(r.no_active_response);
  EXPECT_EQ(r.category, model::Category::Syslog);
  EXPECT_EQ(l.places(), "1(102 101 100) 2 3 4");
  EXPECT_EQ(r.index, 4u);
}

TEST(RuleOverwrite, LaterRulesCompareWithTheNewRank) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>a</match></rule>
    <rule id="101" level="2"><match>b</match></rule>
    <rule id="100" level="1" overwrite="yes"><match>c</match></rule>
    <rule id="102" level="2"><match>d</match></rule>)");
  EXPECT_EQ(l.places(), "1(102 100 101) 2 3 4");
}

TEST(RuleOverwrite, KeepsPcre2FormsFieldsListsAndGeographicTexts) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><pcre2>p1</pcre2><url_pcre2>u1</url_pcre2><field name="f">x</field><srcgeoip>g</srcgeoip>
      <user>u</user><list field="user">rules/x</list></rule>
    <rule id="100" level="3" overwrite="yes"><pcre2>p2</pcre2><url>u2</url><match>m2</match><status>s</status>
      <field name="g">y</field></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.tests(100), "match=m2 pcre2=p1 url=u2 field=f: x srcgeoip=g status=s ; list=match_key in rules/x");
  EXPECT_THAT(l.codes(), Contains("R206"));
}

TEST(RuleOverwrite, AGroupOfTestsIsSkippedWhenTheNewDefinitionHasNoneOfIt) {
  const char* const base = R"(<rule id="100" level="3"><match>a</match><srcport_pcre2>1</srcport_pcre2>
    <status_pcre2>s</status_pcre2></rule>)";
  const auto with = [&](const std::string& elements) {
    return load_rules_text(base + std::string("<rule id=\"100\" level=\"3\" overwrite=\"yes\">") + elements + "</rule>")
        .tests(100);
  };
  EXPECT_EQ(with("<match>a</match>"), "match=a");
  EXPECT_EQ(with("<match>a</match><dstip>any</dstip>"), "match=a dstip=any srcport_pcre2=1");
  EXPECT_EQ(with("<match>a</match><dstport_pcre2>2</dstport_pcre2>"), "match=a srcport_pcre2=1");
  EXPECT_EQ(with("<match>a</match><check_diff/>"), "match=a status_pcre2=s");
  EXPECT_EQ(with("<match>a</match><hostname_pcre2>2</hostname_pcre2>"), "match=a status_pcre2=s");
}

TEST(RuleOverwrite, ASimpleRuleNeverGetsACorrelationTest) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>m</match></rule>
    <rule id="101" level="3"><if_sid>100</if_sid><match>m</match></rule>
    <rule id="101" level="9" frequency="3" overwrite="yes"><if_matched_sid>100</if_matched_sid></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_FALSE(l.rule(101).correlates);
  EXPECT_EQ(l.rule(101).composite, Composite::None);
  EXPECT_TRUE(l.rule(100).keeps_sid_list) << "though nothing counts it";
  EXPECT_THAT(l.codes(), Contains("R207"));
}

TEST(RuleOverwrite, ACompositeKeepsTheListThatItSearches) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="3"><match>m</match><group>g,</group></rule>
    <rule id="101" level="3"><match>n</match></rule>
    <rule id="102" level="9" frequency="3"><if_matched_sid>100</if_matched_sid></rule>
    <rule id="102" level="9" frequency="5" timeframe="10" overwrite="yes"><if_matched_sid>101</if_matched_sid>
      <same_user/></rule>
    <rule id="103" level="9"><if_matched_regex>r</if_matched_regex></rule>
    <rule id="103" level="9" overwrite="yes"><if_matched_regex>s</if_matched_regex></rule>
    <rule id="104" level="9"><if_matched_group>g,</if_matched_group></rule>
    <rule id="104" level="9" overwrite="yes"><match>simple</match></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.rule(102).matched_sid, 100);
  EXPECT_EQ(l.rule(102).frequency, 5);
  EXPECT_EQ(l.rule(102).timeframe.count(), 10);
  EXPECT_TRUE(l.rule(102).context.same_user);
  EXPECT_TRUE(l.rule(101).keeps_sid_list);
  EXPECT_EQ(l.rule(103).matched_regex->text(), "s");
  EXPECT_FALSE(l.rule(104).correlates);
}

TEST(RuleOverwrite, TheRuleMustExist) {
  const auto l = load_rules_text(R"(<rule id="100" level="3" overwrite="yes"><match>m</match></rule>
    <rule id="100" level="3"><match>m</match></rule>)");
  EXPECT_THAT(l.ossec_lines(), ElementsAre("ossec-analysisd: Overwrite rule '100' not found.",
                                           "ossec-testrule(1220): ERROR: Error loading the rules: 'rules.xml'."));
}

}  // namespace
}  // namespace gander::rules
