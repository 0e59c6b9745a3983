#include "ruletools/scaffold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ruletools/template_finder.h"
#include "ruletools/test_finder.h"
#include "ruletools/test_runner.h"
#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using testing::app_line;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::HasSubstr;

TEST(FindTemplates, WhatDiffersIsAVariable) {
  const auto found = find_templates({"login failed for eve from 192.0.2.1 port 4022",
                                     "login failed for bob from 192.0.2.7 port 1", "session 4711 closed"});
  ASSERT_EQ(found.size(), 2U);
  EXPECT_THAT(found[0].lines, ElementsAre(0U, 1U));
  EXPECT_EQ(found[0].pattern, "^login failed for (\\S+) from ([0-9A-Fa-f.:]+) port (\\d+)$");
  EXPECT_EQ(found[0].plain, "^login failed for \\S+ from [0-9A-Fa-f.:]+ port \\d+$");
  EXPECT_THAT(found[0].fields, ElementsAre("user", "srcip", "srcport"));
  EXPECT_EQ(found[0].words, "login failed for … from … port …");
  EXPECT_EQ(found[1].pattern, "^session \\d+ closed$");
}

TEST(FindTemplates, NothingGetsThroughUnescaped) {
  EXPECT_EQ(escaped_pattern("a.(b)*<&$\\x"), "a\\x2e\\x28b\\x29\\x2a\\x3c\\x26\\x24\\x5cx");
}

class ScaffoldTest : public ::testing::Test {
 protected:
  // Makes all files as the command does, and runs the tests made.
  RunCounts round(const std::vector<std::string>& lines) {
    order_.name = "shop";
    order_.lines = lines;
    const auto before = testing::small_ruleset(folder_);
    const Result<Scaffold> made = make_scaffold(order_, before, {});
    EXPECT_TRUE(made) << made.error().message;
    if (!made) return {};
    made_ = *made;
    const auto after = testing::small_ruleset(folder_, made->decoders, made->rules);
    EXPECT_TRUE(after) << made->decoders << made->rules;
    if (!after) return {};
    const Result<ScaffoldTests> tests = scaffold_tests(order_, *made, after, {});
    EXPECT_TRUE(tests) << tests.error().message << made->decoders << made->rules;
    if (!tests) return {};
    tests_ = *tests;
    folder_.write("t/shop.ini", tests->ini);
    folder_.write("t/shop.tsv", tests->tsv);
    Diagnostics diagnostics;
    const auto packs = find_tests({folder_.path("t")}, model::Compat::Mended, diagnostics);
    EXPECT_TRUE(diagnostics.entries().empty());
    TestRunner runner(after, {}, model::Compat::Mended);
    RunCounts counts;
    for (const TestFile& file : packs[0].files) runner.run(file, counts);
    for (const Difference& d : counts.differences) ADD_FAILURE() << d.expected << "\n" << d.got;
    return counts;
  }

  Folder folder_;
  ScaffoldOrder order_;
  Scaffold made_;
  ScaffoldTests tests_;
};

TEST_F(ScaffoldTest, ANewServiceGetsDecoderRulesAndTests) {
  const RunCounts counts = round({"Jan 15 10:00:00 h shop[7]: login failed for eve from 192.0.2.1",
                                  "Jan 15 10:00:01 h shop[7]: login failed for bob from 2001:db8::7",
                                  "Jan 15 10:00:02 h shop[7]: order 17 paid, 100% of it"});
  EXPECT_EQ(counts.tests, 6U);
  EXPECT_EQ(counts.failed, 0U);
  EXPECT_THAT(made_.ids, ElementsAre(100101, 100102));
  EXPECT_THAT(tests_.tsv, HasSubstr("\tshop\tdstuser=eve\tsrcip=192.0.2.1\n"));
  EXPECT_THAT(made_.rules, HasSubstr("authentication_failed"));
}

TEST_F(ScaffoldTest, LinesThatAreKnownGetRulesBelowTheirs) {
  EXPECT_EQ(round({app_line("login from 192.0.2.1 as mallory"), app_line("starting up")}).failed, 0U);
  EXPECT_EQ(made_.decoders, "");
  EXPECT_THAT(made_.rules, HasSubstr("<if_sid>101</if_sid>"));
  EXPECT_THAT(made_.rules, HasSubstr("<if_sid>100</if_sid>"));
}

TEST_F(ScaffoldTest, HostileAndOddLines) {
  const RunCounts counts = round({"Jan 15 10:00:00 h shop: <script>alert(\"$x\")</script> & ]]> --> '%s' \\E.*",
                                  "no header at all: user=\"a b\" ip=192.0.2.7", "Jan 15 10:00:00 h shop: tab\tinside",
                                  "Jan 15 10:00:00 h shop: \xc3\xa4nderung von /srv/x", "x"});
  EXPECT_EQ(counts.failed, 0U);
}

TEST_F(ScaffoldTest, WhatCannotBeMadeIsSaid) {
  const auto ruleset = testing::small_ruleset(folder_);
  order_.name = "shop";
  EXPECT_EQ(make_scaffold(order_, ruleset, {}).error().code, "K010");
  order_.lines = {"Jan 15 10:00:00 h shop: hello"};
  order_.first_id = 999999;
  EXPECT_EQ(make_scaffold(order_, ruleset, {}).error().code, "K011");
}

}  // namespace
}  // namespace gander::ruletools
