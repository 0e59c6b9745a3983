#include "config/expand_rules.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/testing/home.h"

namespace gander::config {
namespace {

class ExpandRules : public ::testing::Test {
 protected:
  RulesetSources expand(const std::string& rules, model::Compat compat = model::Compat::Mended) {
    LoadOptions options;
    options.compat = compat;
    const std::string text = "<ossec_config><rules>" + rules + "</rules></ossec_config>";
    return expand_rules(parse_config(text, "ossec.conf", options, diagnostics_), home_.path(), compat, diagnostics_);
  }

  std::vector<std::string> names(const RulesetSources& sources) {
    std::vector<std::string> out;
    for (const RuleFileSource& f : sources.rules) out.push_back(f.name);
    return out;
  }

  testing::Home home_;
  Diagnostics diagnostics_;
};

TEST_F(ExpandRules, PlainNamesLieBelowRules) {
  const RulesetSources s = expand("<include>a.xml</include><rule>etc/b.xml</rule><include>/etc/c.xml</include>");
  ASSERT_EQ(s.rules.size(), 3u);
  EXPECT_EQ(s.rules[0].path, home_.at("rules/a.xml"));
  EXPECT_EQ(s.rules[0].shown, "rules//a.xml");
  EXPECT_EQ(s.rules[1].path, home_.at("etc/b.xml"));
  EXPECT_EQ(s.rules[1].shown, "etc/b.xml");
  EXPECT_EQ(s.rules[2].path, home_.at("etc/c.xml"));
  EXPECT_EQ(s.rules[2].shown, "/etc/c.xml");
  EXPECT_FALSE(diagnostics_.has_errors());
}

TEST_F(ExpandRules, WithoutDecodersTheUsualPairIsRead) {
  const RulesetSources s = expand("<include>a.xml</include>");
  ASSERT_EQ(s.decoders.size(), 2u);
  EXPECT_EQ(s.decoders[0].path, home_.at("etc/decoder.xml"));
  EXPECT_FALSE(s.decoders[0].optional);
  EXPECT_TRUE(s.decoders[0].standard);
  EXPECT_EQ(s.decoders[1].name, "etc/local_decoder.xml");
  EXPECT_TRUE(s.decoders[1].optional);
}

TEST_F(ExpandRules, ListedDecodersAreTheOnlyOnes) {
  const RulesetSources s = expand("<decoder>decoder.xml</decoder>");
  ASSERT_EQ(s.decoders.size(), 1u);
  EXPECT_EQ(s.decoders[0].path, home_.at("decoder.xml"));
  EXPECT_FALSE(s.decoders[0].standard);
}

TEST_F(ExpandRules, ListsLoseTheirSuffixAndPlainOnesLieBelowRules) {
  const RulesetSources s = expand("<list>y</list><list>etc/z.cdb</list>");
  ASSERT_EQ(s.lists.size(), 2u);
  EXPECT_EQ(s.lists[0].name, "rules/y");
  EXPECT_EQ(s.lists[0].path, home_.at("rules/y.cdb"));
  EXPECT_EQ(s.lists[1].name, "etc/z");
  EXPECT_EQ(s.lists[1].path, home_.at("etc/z.cdb"));
  EXPECT_EQ(s.lists[1].written, "etc/z.cdb");
}

TEST_F(ExpandRules, DirectoriesAreReadInByteOrderWithoutListedFiles) {
  for (const char* const name : {"b.xml", "B.xml", "a.xml", "c.xml", "d.txt", "e.xml"}) {
    home_.write(std::string("rules/") + name, "");
  }
  const RulesetSources s = expand("<include>c.xml</include><include>rules/e.xml</include><rule_dir>rules</rule_dir>");
  EXPECT_EQ(names(s), (std::vector<std::string>{"c.xml", "rules/e.xml", "rules/B.xml", "rules/a.xml", "rules/b.xml"}));
  EXPECT_EQ(s.rules[2].path, home_.at("rules/B.xml"));
}

TEST_F(ExpandRules, PatternsSeeDirectoryAndName) {
  home_.write("rules.d/10-a.xml", "");
  home_.write("rules.d/20-b.xml", "");
  EXPECT_EQ(names(expand("<rule_dir pattern=\"^rules.d/2\">rules.d</rule_dir>")),
            std::vector<std::string>{"rules.d/20-b.xml"});
}

TEST_F(ExpandRules, SecondPatternMatchesNothingOnlyAsOssec43) {
  home_.write("rules.d/10-a.xml", "");
  home_.write("rules.d/20-b.xml", "");
  const std::string text = "<rule_dir pattern=\"10\">rules.d</rule_dir><rule_dir pattern=\"20\">rules.d</rule_dir>";
  EXPECT_EQ(expand(text).rules.size(), 2u);
  EXPECT_EQ(expand(text, model::Compat::Ossec43).rules.size(), 1u);
}

TEST_F(ExpandRules, MissingDirectoriesAreSilent) {
  EXPECT_TRUE(expand("<rule_dir>nowhere</rule_dir>").rules.empty());
  EXPECT_TRUE(diagnostics_.entries().empty());
}

TEST_F(ExpandRules, DecoderDirectoriesWorkTheSame) {
  home_.write("decoders/a.xml", "");
  const RulesetSources s = expand("<decoder_dir>decoders</decoder_dir>");
  ASSERT_EQ(s.decoders.size(), 1u);
  EXPECT_EQ(s.decoders[0].name, "decoders/a.xml");
}

TEST_F(ExpandRules, UsualHomeMeansThisHomeUnlessExact) {
  home_.write("rules/a.xml", "");
  home_.write("rules/b.xml", "");
  const std::string text = "<include>/var/ossec/rules/a.xml</include><include>/var/ossec/rules/b.xml</include>";
  EXPECT_EQ(expand(text).rules.at(0).path, home_.at("rules/a.xml"));
  EXPECT_EQ(diagnostics_.warning_count(), 1u);
  EXPECT_EQ(expand(text, model::Compat::Ossec43).rules.at(0).path, home_.at("var/ossec/rules/a.xml"));
}

TEST_F(ExpandRules, FilesOfTheSystemAreUsedAndSaidUnlessExact) {
  const testing::Home other;
  const std::string path = other.write("local.xml", "");
  EXPECT_EQ(expand("<include>" + path + "</include>").rules.at(0).path, path);
  EXPECT_EQ(diagnostics_.warning_count(), 1u);
  EXPECT_EQ(expand("<include>" + path + "</include>", model::Compat::Ossec43).rules.at(0).path, home_.path() + path);
}

}  // namespace
}  // namespace gander::config
