#include "ruletools/test_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ruletools/test_finder.h"
#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

using ::testing::ElementsAre;
using testing::Folder;
using ::testing::Pair;

std::vector<std::string> codes(const Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const Diagnostic& d : diagnostics.entries()) out.emplace_back(d.code);
  return out;
}

TEST(TestFile, AnIniSectionExpectsTheSameOfEachOfItsLines) {
  const Folder folder;
  const std::string path = folder.write("a.ini",
                                        "# comment = no\n[one]\nlog 1 pass = a 100%% b\nlog 2 fail =  c=d \nrule = 5\n"
                                        "alert = 3\ndecoder = app\n\n; x = y\n[two]\nlog 1 pass = e\nrule=6\nalert=0\n"
                                        "decoder=(null)\n");
  Diagnostics diagnostics;
  const TestFile file = read_ini_tests(path, model::Compat::Mended, diagnostics);
  ASSERT_EQ(file.steps.size(), 3U);
  EXPECT_TRUE(diagnostics.entries().empty());
  EXPECT_EQ(file.steps[0].line, "a 100% b");
  EXPECT_EQ(file.steps[0].name, "[one] log 1 pass");
  EXPECT_EQ(file.steps[0].at, (SourcePos{path, 3, 1}));
  EXPECT_EQ(file.steps[0].expected.rule, "5");
  EXPECT_FALSE(file.steps[0].expected.refused);
  EXPECT_EQ(file.steps[1].line, "c=d");
  EXPECT_TRUE(file.steps[1].expected.refused);
  EXPECT_EQ(file.steps[2].expected.decoder, "(null)");
  EXPECT_GE(file.steps[1].time - file.steps[0].time, base::Seconds(86400));
}

TEST(TestFile, WhatAnIniFileLacksIsToldWithItsPlace) {
  const Folder folder;
  const std::string path =
      folder.write("a.ini", "[one]\nlog 1 pass = a\nrule = 5\n[two]\nlog 1 = b\nrule = 5\nalert = 1\ndecoder = x\n");
  Diagnostics diagnostics;
  const TestFile file = read_ini_tests(path, model::Compat::Mended, diagnostics);
  EXPECT_THAT(codes(diagnostics), ElementsAre("K001", "K001"));
  EXPECT_EQ(diagnostics.entries()[0].at.line, 1);
  EXPECT_EQ(diagnostics.entries()[1].at.line, 5);
  EXPECT_TRUE(file.steps.empty());
}

TEST(TestFile, LinesThatOssecCutsAreLeftOutThere) {
  const Folder folder;
  const std::string path = folder.write("a.ini", "[one]\nlog 1 pass = " + std::string(7000, 'x') +
                                                     "\nlog 2 pass = y\nrule = 5\nalert = 1\ndecoder = x\n");
  Diagnostics diagnostics;
  EXPECT_EQ(read_ini_tests(path, model::Compat::Mended, diagnostics).steps.size(), 2U);
  const TestFile file = read_ini_tests(path, model::Compat::Ossec43, diagnostics);
  EXPECT_EQ(file.steps.size(), 1U);
  EXPECT_EQ(file.left_out, 1U);
}

TEST(TestFile, FieldTestsNameEveryField) {
  const Folder folder;
  const std::string path = folder.write(
      "a.tsv", "# comment\nline one\tapp\tsrcip=192.0.2.1\tuser=a=b\nline two\t(null)\nbroken\nline\tapp\tx\n");
  Diagnostics diagnostics;
  const TestFile file = read_field_tests(path, diagnostics);
  ASSERT_EQ(file.steps.size(), 3U);
  EXPECT_THAT(*file.steps[0].expected.fields, ElementsAre(Pair("srcip", "192.0.2.1"), Pair("user", "a=b")));
  EXPECT_TRUE(file.steps[1].expected.fields->empty());
  EXPECT_THAT(codes(diagnostics), ElementsAre("K002", "K002"));
  EXPECT_EQ(diagnostics.entries()[0].at.line, 4);
}

TEST(TestFile, ASequenceHasAnAnswerAndATimeForEachLine) {
  const Folder folder;
  folder.write("s/input.log", "a\n\nb\n");
  folder.write("s/expected", "5\n-\n");
  folder.write("s/expected.ossec-4.3", "7 8\n");
  folder.write("s/clock", "100\n160\n");
  Diagnostics diagnostics;
  const TestFile file = read_sequence_test(folder.path("s"), model::Compat::Mended, diagnostics);
  ASSERT_EQ(file.steps.size(), 2U);
  EXPECT_EQ(file.tests(), 1U);
  EXPECT_EQ(file.steps[1].expected.rule, "-");
  EXPECT_EQ(file.steps[1].at.line, 3);
  EXPECT_EQ(file.steps[1].time, base::from_unix(160));
  EXPECT_EQ(read_sequence_test(folder.path("s"), model::Compat::Ossec43, diagnostics).steps[0].expected.rule, "7");
  EXPECT_TRUE(diagnostics.entries().empty());
  folder.write("s/clock", "100\n");
  EXPECT_TRUE(read_sequence_test(folder.path("s"), model::Compat::Mended, diagnostics).steps.empty());
  folder.write("s/expected", "5\n");
  EXPECT_TRUE(read_sequence_test(folder.path("s"), model::Compat::Mended, diagnostics).steps.empty());
  EXPECT_THAT(codes(diagnostics), ElementsAre("K003", "K003"));
}

TEST(FindTests, AFolderWithRulesOfItsOwnIsAPack) {
  const Folder folder;
  const std::string section = "[one]\nlog 1 pass = a\nrule = 5\nalert = 1\ndecoder = x\n";
  folder.write("t/a.ini", section);
  folder.write("t/mended/b.ini", section);
  folder.write("t/no_line.txt", "# why\n77 root checks\n");
  folder.write("t/seq/input.log", "a\n");
  folder.write("t/seq/expected", "-\n");
  folder.write("t/own/rules.xml", "<group/>");
  folder.write("t/own/deep/c.tsv", "a\tb\n");
  Diagnostics diagnostics;
  std::vector<TestPack> packs = find_tests({folder.path("t")}, model::Compat::Mended, diagnostics);
  ASSERT_EQ(packs.size(), 2U);
  EXPECT_EQ(packs[0].tests(), 3U);
  EXPECT_EQ(packs[0].excused.at(77).reason, "root checks");
  EXPECT_EQ(packs[1].rules, folder.path("t/own/rules.xml"));
  EXPECT_EQ(packs[1].tests(), 1U);
  EXPECT_EQ(find_tests({folder.path("t")}, model::Compat::Ossec43, diagnostics)[0].tests(), 2U);
  // A folder named by itself has the rules that stand in it.
  packs = find_tests({folder.path("t/own/deep/c.tsv"), folder.path("t/own/deep")}, model::Compat::Mended, diagnostics);
  EXPECT_EQ(packs.size(), 2U);
  EXPECT_EQ(packs.at(0).tests(), 1U);
  EXPECT_EQ(packs.at(1).tests(), 1U);
  packs = find_tests({folder.path("t/own")}, model::Compat::Mended, diagnostics);
  EXPECT_EQ(packs.at(1).tests(), 1U);
  EXPECT_TRUE(diagnostics.entries().empty());
  find_tests({folder.path("nothing")}, model::Compat::Mended, diagnostics);
  find_tests({folder.path("t/own/rules.xml")}, model::Compat::Mended, diagnostics);
  EXPECT_THAT(codes(diagnostics), ElementsAre("K004", "K004"));
}

}  // namespace
}  // namespace gander::ruletools
