#include "rules/rule_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/rule_dump.h"
#include "rules/rule_elements.h"
#include "rules/testing/loaded_rules.h"

namespace gander::rules {
namespace {

using model::Compat;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::load_file_text;
using testing::load_rules_text;

TEST(RuleLoader, AttributesAreDigitsCutAtTheirLimit) {
  const auto l = load_rules_text(R"(<rule id="1234567" level="00003" maxsize="12345" timeframe="123456" ignore="1234567"
    NoAlert="0" ACCURACY="1"><match>a</match></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  const Rule& r = l.rule(123456);
  EXPECT_EQ(r.info.level, 0);
  EXPECT_TRUE(r.silent);
  EXPECT_EQ(r.maxsize, 1234);
  EXPECT_EQ(r.timeframe.count(), 12345);
  EXPECT_EQ(r.ignore_time.count(), 123456);
  EXPECT_TRUE(r.noalert) << "present with any value";
}

TEST(RuleLoader, EmptyAttributesLeaveTheDefault) {
  const auto l =
      load_rules_text(R"(<rule id="100" level="3" timeframe="" frequency="" accuracy=""><match>a</match></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.rule(100).timeframe.count(), 360);
  EXPECT_EQ(l.rule(100).rank, 300);
  const auto none = load_rules_text(R"(<rule id="" level="3"><match>a</match></rule>)");
  EXPECT_THAT(none.ossec_lines(), ElementsAre("ossec-analysisd: No rule id or level specified for rule '0'.",
                                              "ossec-testrule(1220): ERROR: Error loading the rules: 'rules.xml'."));
}

TEST(RuleLoader, LevelsRanksAndFlags) {
  const auto l = load_rules_text(R"(
    <rule id="100" level="7"><match>a</match></rule>
    <rule id="101" level="6"><match>b</match></rule>
    <rule id="102" level="0"><match>c</match><options>log_alert</options></rule>
    <rule id="103" level="3" accuracy="0"><match>d</match></rule>
    <rule id="104" level="0" accuracy="0"><match>e</match></rule>
    <rule id="105" level="12"><match>f</match><options>no_email_alert</options><options>no_log</options>
      <options>no_ar</options></rule>
    <rule id="106" level="1"><match>g</match><options>alert_by_email</options></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_TRUE(l.rule(100).info.mail);
  EXPECT_FALSE(l.rule(101).info.mail);
  EXPECT_FALSE(l.rule(102).info.log) << "level 0 is never logged";
  EXPECT_EQ(l.rule(103).rank, 3);
  EXPECT_EQ(l.rule(104).rank, 99);
  EXPECT_EQ(l.rule(104).info.level, 99);
  EXPECT_FALSE(l.rule(104).silent);
  EXPECT_FALSE(l.rule(104).info.log);
  EXPECT_FALSE(l.rule(105).info.mail);
  EXPECT_FALSE(l.rule(105).info.log);
  EXPECT_TRUE(l.rule(105).no_active_response);
  EXPECT_TRUE(l.rule(106).info.mail);
  EXPECT_EQ(l.places(), "1(102 105 100 101 106 104 103) 2 3 4");
}

TEST(RuleLoader, Level99StaysItselfWhenMended) {
  const char* const rule = R"(<rule id="100" level="99"><match>a</match></rule>)";
  EXPECT_TRUE(load_rules_text(rule, Compat::Ossec43).rule(100).silent);
  const auto mended = load_rules_text(rule, Compat::Mended);
  EXPECT_FALSE(mended.rule(100).silent);
  EXPECT_EQ(mended.rule(100).info.level, 99);
}

TEST(RuleLoader, TextsOfOneElementAreJoined) {
  const auto l = load_rules_text(R"(<rule id="100" level="3">
    <match>one|</match><Match>two</Match><regex>a</regex><REGEX>b</REGEX><action>dr</action><action>op</action>
    <group>x,</group><group>y</group><description>a
b</description><description>c
</description><info>i1</info><info type="link">i2</info><cve>c1</cve><info type="cve">c2</info></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.tests(100), "match=one|two regex=ab action=drop");
  const model::RuleInfo& info = l.rule(100).info;
  EXPECT_EQ(info.group, "t,x,y");
  EXPECT_EQ(info.description, "a bc ");
  ASSERT_EQ(info.info.size(), 4u);
  EXPECT_EQ(info.info[2].kind, model::InfoKind::Cve);
  EXPECT_EQ(info.info_text, "i1i2c2");
  EXPECT_EQ(info.cve_text, "c1");
}

TEST(RuleLoader, AtMost33InfoLinesAreKeptByOssec) {
  std::string rule = "<rule id=\"100\" level=\"3\"><match>a</match>";
  for (int i = 0; i < 40; ++i) rule += "<info>x</info>";
  rule += "</rule>";
  EXPECT_EQ(load_rules_text(rule, Compat::Ossec43).rule(100).info.info.size(), 33u);
  EXPECT_EQ(load_rules_text(rule, Compat::Mended).rule(100).info.info.size(), 40u);
}

TEST(RuleLoader, APlainFormHidesThePcre2Form) {
  const auto l = load_rules_text(R"(<rule id="100" level="3"><match_pcre2>((</match_pcre2><match>m</match>
    <regex>r</regex><pcre2>((</pcre2><url_pcre2>u</url_pcre2></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors()) << "the PCRE2 forms are not even compiled";
  EXPECT_EQ(l.tests(100), "match=m regex=r url_pcre2=u");
  EXPECT_THAT(l.codes(), Contains("R104"));
}

TEST(RuleLoader, TestsStandInOssecsOrder) {
  const auto l = load_rules_text(R"(<rule id="100" level="3" maxsize="5"><status>s</status><hostname>h</hostname>
    <extra_data>e</extra_data><weekday>mon</weekday><time>9 - 10</time><dstgeoip>g</dstgeoip><srcgeoip>g</srcgeoip>
    <user>u</user><compiled_rule>check_id_size</compiled_rule><dstport>2</dstport><srcport>1</srcport>
    <dstip>any</dstip><srcip>10.0.0.0/8</srcip><srcip>!any</srcip><field name="f">x</field><url>u</url>
    <action>a</action><regex>r</regex><match>m</match><id>i</id><program_name>p</program_name>
    <decoded_as>app</decoded_as></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.tests(100),
            "decoded_as=app program_name=p id=i match=m regex=r action=a url=u field=f: x srcip=10.0.0.0/8, !any "
            "dstip=any srcport=1 dstport=2 compiled_rule=check_id_size user=u srcgeoip=g dstgeoip=g "
            "maxsize=5 bytes or more time=9 - 10 weekday=mon extra_data=e hostname=h status=s");
}

TEST(RuleLoader, TheLastOfSomeElementsWins) {
  const auto l = load_rules_text(R"(<rule id="100" level="3"><decoded_as>app</decoded_as><decoded_as>fw</decoded_as>
    <time>1 - 2</time><time>3 - 4</time><weekday>mon</weekday><weekday>tue</weekday><category>ids</category>
    <category>firewall</category><compiled_rule>check_id_size</compiled_rule>
    <compiled_rule>is_valid_crawler</compiled_rule></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.tests(100), "decoded_as=fw compiled_rule=is_valid_crawler time=3 - 4 weekday=tue");
  EXPECT_EQ(l.places(), "1 2(100) 3 4");
}

TEST(RuleLoader, IgnoreNamesAreFoundAnywhereInTheText) {
  const auto l = load_rules_text(R"(<rule id="100" level="3"><match>a</match><ignore>user, srcip</ignore>
    <check_if_ignored>valid,name</check_if_ignored></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  EXPECT_EQ(l.rule(100).ignore_items, kIgnoreUser | kIgnoreSrcIp);
  EXPECT_EQ(l.rule(100).check_if_ignored_items, kIgnoreId | kIgnoreName);
}

TEST(RuleLoader, LongTextsAreDroppedByOssecOnly) {
  const std::string at_limit(2047, 'x');
  const std::string beyond(2048, 'y');
  const std::string head = R"(<rule id="100" level="3"><match>)";
  const auto fits = load_rules_text(head + at_limit + "</match><user>u</user></rule>");
  EXPECT_EQ(fits.rule(100).conditions.size(), 2u);
  const auto dropped = load_rules_text(head + beyond + "</match><user>u</user></rule>");
  ASSERT_FALSE(dropped.diagnostics.has_errors());
  EXPECT_EQ(dropped.tests(100), "user=u");
  EXPECT_THAT(dropped.ossec_lines(),
              ElementsAre("ossec-analysisd(1104): ERROR: Maximum string size reached for: " + beyond + "."));
  EXPECT_EQ(load_rules_text(head + beyond + "</match></rule>", Compat::Mended).rule(100).conditions.size(), 1u);
  const auto appended = load_rules_text(head + "</match><user>u</user><group>" + beyond + "</group></rule>");
  EXPECT_EQ(appended.rule(100).info.group.size(), 2050u) << "an appended text may have one byte more";
}

TEST(RuleLoader, NotSameTakesBackAnEarlierSame) {
  const auto l = load_rules_text(R"(<rule id="100" level="3"><match>a</match></rule>
    <rule id="101" level="5" frequency="2"><if_matched_sid>100</if_matched_sid><same_source_ip /><Same_User/>
      <not_same_source_ip /><same_location /><not_same_agent/></rule>
    <rule id="102" level="5" frequency="2"><if_matched_sid>100</if_matched_sid><not_same_user/><same_user/></rule>)");
  ASSERT_FALSE(l.diagnostics.has_errors());
  const ContextFlags& c = l.rule(101).context;
  EXPECT_FALSE(c.same_source_ip);
  EXPECT_TRUE(c.not_same_source_ip);
  EXPECT_TRUE(c.same_user);
  EXPECT_FALSE(c.same_location);
  EXPECT_TRUE(l.rule(102).context.same_user) << "given behind it";
}

TEST(RuleLoader, ExactNamesMustBeLowerCase) {
  for (const char* const name : {"same_id", "not_same_id", "different_url", "different_srcip", "different_srcgeoip"}) {
    EXPECT_NE(find_rule_element(name), nullptr) << name;
    std::string upper = name;
    upper[0] = static_cast<char>(upper[0] - 'a' + 'A');
    EXPECT_EQ(find_rule_element(upper), nullptr) << upper;
  }
  EXPECT_NE(find_rule_element("Same_Source_IP"), nullptr);
}

TEST(RuleLoader, EveryErrorOfEveryFileIsReported) {
  const auto l = testing::load(
      {std::string(testing::kRoots) + R"(<group name="t,"><rule id="100" level="x"><match>a</match></rule>
       <rule id="101" level="3"><regex>(a</regex><srcip>nowhere</srcip></rule>
       <rule id="102" level="3"><if_sid>101</if_sid><matsch>a</matsch></rule>
       <rule id="103" level="3"><if_sid>999</if_sid><match>a</match></rule>
       <rule id="104" level="3"><if_sid>103</if_sid><match>a</match></rule></group>)",
       R"(<group name="u,"><rule id="200" level="3"><match>a</match></rule><rule id="200" level="3"><match>a</match></rule></group>)"},
      testing::options_for(Compat::Mended));
  EXPECT_THAT(l.codes(), ElementsAre("R008", "R024", "R025", "R013", "R014", "R011"));
  const Diagnostic& d = l.diagnostics.entries()[3];
  EXPECT_EQ(d.at.line, 9);
  EXPECT_EQ(d.hint, "nearest: match");
}

TEST(RuleLoader, AnUnreadableFileDoesNotMakeItsRulesErrors) {
  const testing::TempFolder folder;
  Diagnostics diagnostics;
  const std::vector<RuleFile> files = {
      {"roots.xml", folder.write("roots.xml", testing::kRoots), "rules//roots.xml"},
      {"gone.xml", folder.path("gone.xml"), "rules//gone.xml"},
      {"local.xml",
       folder.write("local.xml",
                    R"(<group name="l,"><rule id="100" level="3"><if_sid>5700</if_sid><match>a</match></rule>
                    <rule id="5701" level="3" overwrite="yes"><match>a</match></rule></group>)"),
       "rules//local.xml"}};
  load_rules(files, testing::options_for(Compat::Ossec43), diagnostics);
  ASSERT_EQ(diagnostics.error_count(), 1u);
  EXPECT_THAT(diagnostics.entries()[0].ossec_lines,
              ElementsAre("ossec-analysisd(1226): ERROR: Error reading XML file 'rules//gone.xml': XMLERR: File "
                          "'rules//gone.xml' not found. (line 0).",
                          "ossec-testrule(1220): ERROR: Error loading the rules: 'gone.xml'."));
}

TEST(RuleLoader, AnEmptyFileIsAnError) {
  const auto l = load_file_text("  \n");
  EXPECT_THAT(l.ossec_lines(),
              ElementsAre("ossec-analysisd(1202): ERROR: Configuration error at 'rules//rules.xml'. Exiting.",
                          "ossec-testrule(1220): ERROR: Error loading the rules: 'rules.xml'."));
}

TEST(RuleLoader, ATreeThatGrowsWithoutBoundIsRefused) {
  std::string rules = R"(<rule id="100" level="1"><match>a</match></rule>)";
  for (int id = 101; id < 160; ++id) {
    rules += "<rule id=\"" + std::to_string(id) + "\" level=\"1\"><if_level>1</if_level><match>a</match></rule>";
  }
  EXPECT_THAT(load_rules_text(rules).codes(), ElementsAre("R039"));
  rules = R"(<rule id="1000" level="1"><match>a</match></rule>)";
  for (int id = 1001; id < 2200; ++id) {
    rules += "<rule id=\"" + std::to_string(id) + "\" level=\"1\"><if_sid>" + std::to_string(id - 1) +
             "</if_sid><match>a</match></rule>";
  }
  EXPECT_THAT(load_rules_text(rules).codes(), ElementsAre("R039"));
}

TEST(RuleDump, ShowsPlacesAndConditions) {
  const auto l = load_rules_text(R"(<rule id="100" level="3"><match>a|b</match><description>first</description></rule>
    <rule id="101" level="5" noalert="1"><if_sid>100</if_sid><if_fts/><description>second</description></rule>
    <rule id="102" level="9" frequency="3" timeframe="60"><if_matched_sid>100</if_matched_sid></rule>)");
  const std::string dump = dump_rules(l.tree, DumpDetail::Conditions);
  EXPECT_NE(dump.find("  100 level 3 rank 300 syslog: first\n    - match a|b\n"), std::string::npos) << dump;
  EXPECT_NE(dump.find("    101 level 5 rank 500 syslog, noalert: second\n      - if_fts\n"), std::string::npos) << dump;
  EXPECT_NE(dump.find("      - counts rule 100: 4 earlier in 60 s\n"), std::string::npos) << dump;
}

}  // namespace
}  // namespace gander::rules
