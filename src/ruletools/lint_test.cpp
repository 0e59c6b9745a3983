#include "ruletools/lint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::IsEmpty;

// "R221 202" for each finding of rules from 200 on.
std::vector<std::string> findings(const std::string& rules, const std::string& decoders = {}) {
  const Folder folder;
  const auto ruleset = testing::small_ruleset(folder, decoders, "<group name=\"x,mitre_T1078,\">" + rules + "</group>");
  if (!ruleset) return {"does not load"};
  Diagnostics diagnostics;
  lint(ruleset->tree(), nullptr, diagnostics);
  std::vector<std::string> out;
  for (const Diagnostic& d : diagnostics.entries()) {
    const std::string id = d.message.substr(d.message.find("rule ") + 5, 3);
    if (id.starts_with('2')) out.push_back(std::string(d.code) + " " + id);
  }
  return out;
}

std::string rule(int id, const std::string& body, const std::string& attributes = "level=\"5\"") {
  return "<rule id=\"" + std::to_string(id) + "\" " + attributes + ">" + body + "<description>d</description></rule>\n";
}

TEST(Lint, ASiblingThatAsksForLessComesFirst) {
  const std::string broad = rule(201, "<if_sid>100</if_sid><match>x</match>", "level=\"7\"");
  const std::string body = "<if_sid>100</if_sid><match>x</match><user>u</user>";
  EXPECT_THAT(findings(broad + rule(202, body)), ElementsAre("R221 202"));
  EXPECT_THAT(findings(broad + rule(202, body, "level=\"8\"")), IsEmpty());
  EXPECT_THAT(findings(broad + rule(202, "<if_sid>100</if_sid><match>y</match><user>u</user>")), IsEmpty());
}

TEST(Lint, DecodersThatContradictEachOther) {
  const std::string other = "<decoder name=\"other\"><program_name>^other$</program_name></decoder>";
  EXPECT_THAT(findings(rule(201, "<if_sid>100</if_sid><decoded_as>other</decoded_as>"), other),
              ElementsAre("R220 201"));
  EXPECT_THAT(findings(rule(201, "<if_sid>1</if_sid><decoded_as>other</decoded_as>"), other), IsEmpty());
  // Below two parents, one of which agrees.
  EXPECT_THAT(findings(rule(201, "<if_sid>1</if_sid><match>q</match>") +
                           rule(202, "<if_sid>100,201</if_sid><decoded_as>other</decoded_as>"),
                       other),
              IsEmpty());
}

TEST(Lint, TwoThatCountTheSame) {
  const std::string attributes = "level=\"9\" frequency=\"4\" timeframe=\"60\"";
  const std::string a = rule(201, "<if_matched_sid>101</if_matched_sid><same_source_ip />", attributes);
  EXPECT_THAT(findings(a + rule(202, "<if_matched_sid>101</if_matched_sid><same_source_ip />", attributes)),
              Contains("R222 202"));
  EXPECT_THAT(findings(a + rule(202, "<if_matched_sid>101</if_matched_sid><same_user />", attributes)), IsEmpty());
}

TEST(Lint, TagsAndTests) {
  const Folder folder;
  const auto ruleset = testing::small_ruleset(
      folder, {}, "<group name=\"x,\">" + rule(201, "<if_sid>100</if_sid><match>a</match>") + "</group>");
  TestPack pack;
  pack.excused[1] = {"a root", {}};
  TestFile& file = pack.files.emplace_back();
  for (const char* id : {"100", "101", "102", "103", "105"}) file.steps.emplace_back().expected.rule = id;
  const std::vector<TestPack> packs{pack};
  Diagnostics diagnostics;
  lint(ruleset->tree(), &packs, diagnostics);
  std::vector<std::string> out;
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.message.find("201") != std::string::npos) out.emplace_back(d.code);
    if (d.code == "R223") {
      EXPECT_EQ(d.message, "no test expects rule 201");
    }
  }
  EXPECT_THAT(out, ElementsAre("R224", "R223"));
}

TEST(Lint, ARepetitionInsideARepetition) {
  for (const char* slow : {"(a+)+", "(?:a*)*x", "^(?:\\w+\\s?)*$", "(a|b+)*", "([^,]*)+", "(?i)(.+)+", "(a+){2,}"})
    EXPECT_TRUE(repeats_inside_repetition(slow)) << slow;
  for (const char* fine :
       {"(a+,)+", "(?:a++)+", "(?>a+)+", "(a+)?", "(ab)+", "a+b+", "(a+){2}", "[(a+)+]", "\\(a+\\)+", "(?:\\.[a-z]+)*"})
    EXPECT_FALSE(repeats_inside_repetition(fine)) << fine;
}

}  // namespace
}  // namespace gander::ruletools
