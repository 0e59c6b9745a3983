// Files of signatures, and what they find.
#include "rootcheck/signatures.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "base/testing/temp_folder.h"
#include "rootcheck/file_checks.h"
#include "rootcheck/testing/keeping_sink.h"

namespace gander::rootcheck {
namespace {

using model::Compat;

TEST(FileSignatures, WhatIsWrongHasItsPlace) {
  Diagnostics findings;
  const auto all = parse_file_signatures(
      "# c\n\n  usr/x ! Kit ::/ref\nno mark\nusr/y !nothing\n! Name\n* ! All\n/abs ! Abs\n*/.z ! Z kit\n", "f.txt",
      Compat::Mended, findings);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].path, "usr/x");
  EXPECT_EQ(all[0].name, "Kit");
  EXPECT_EQ(all[1].path, "abs");
  EXPECT_TRUE(all[2].global);
  EXPECT_EQ(all[2].path, ".z");
  EXPECT_EQ(all[2].name, "Z kit");
  std::vector<int> lines;
  for (const Diagnostic& d : findings.entries()) lines.push_back(d.at.line);
  EXPECT_EQ(lines, (std::vector<int>{4, 5, 6, 7}));
}

TEST(FileSignatures, SoManyGlobalNamesAndNoMore) {
  std::string text;
  for (int i = 0; i < 600; ++i) text += "*n" + std::to_string(i) + " ! N\n";
  Diagnostics findings;
  EXPECT_EQ(parse_file_signatures(text, "f", Compat::Mended, findings).size(), kMostGlobalNames);
  ASSERT_EQ(findings.entries().size(), 1u);
  EXPECT_EQ(findings.entries()[0].at.line, 513);
}

TEST(TrojanSignatures, ABadExpressionIsNamed) {
  Diagnostics findings;
  const auto all =
      parse_trojan_signatures("ls !a|b!\nps !(!broken\nx!!y\nid !ok! d\n", "t.txt", Compat::Mended, findings);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].description, "Generic");
  ASSERT_EQ(findings.entries().size(), 2u);
  EXPECT_EQ(findings.entries()[0].code, "I034");
  EXPECT_EQ(findings.entries()[0].at.line, 2);
  EXPECT_EQ(findings.entries()[0].at.column, 5);
  EXPECT_EQ(findings.entries()[1].code, "I030");
}

class Trojans : public testing::Test {
 protected:
  std::vector<std::string> told(const std::string& signatures, Compat compat = Compat::Mended) {
    Diagnostics findings;
    Settings settings;
    settings.compat = compat;
    settings.options.base_directory = temp_.path();
    KeepingSink sink;
    check_trojans(parse_trojan_signatures(signatures, "t", compat, findings), settings, sink);
    return sink.findings;
  }
  base::testing::TempFolder temp_;
};

TEST_F(Trojans, StringsAreMatchedOneByOne) {
  temp_.write("bin/ls", std::string("\x7f"
                                    "ELF\0abc\0/dev/evil\0one\0two words\0",
                                    34) +
                            std::string(200'000, '\1') + "late text\n");
  EXPECT_EQ(told("ls !^/dev/evil$!d\n").size(), 1u);
  EXPECT_EQ(told("ls !late!d\n").size(), 1u);
  EXPECT_TRUE(told("ls !^abc$!d\n").empty());        // shorter than four
  EXPECT_TRUE(told("ls !evil.*words!d\n").empty());  // of two strings
  EXPECT_TRUE(told("ls !EVIL!d\n").empty());
}

TEST_F(Trojans, TwoNamesOfOneProgramAreToldOnce) {
  temp_.write("usr/bin/ls", "needle");
  std::filesystem::create_directory_symlink("usr/bin", temp_.path("bin"));
  EXPECT_EQ(told("ls !needle!d\n").size(), 1u);
  EXPECT_EQ(told("ls !needle!d\n", Compat::Ossec43).size(), 2u);
}

TEST(Presence, OfWhatCannotBeRead) {
  const base::testing::TempFolder temp;
  Settings settings;
  settings.options.base_directory = temp.path() + "/";
  ASSERT_EQ(::mkfifo(temp.path("pipe").c_str(), 0600), 0);
  std::filesystem::create_symlink("/nowhere", temp.path("link"));
  Diagnostics findings;
  KeepingSink sink;
  check_rootkit_files(parse_file_signatures("pipe ! P\nlink ! L\nnone ! N\n", "f", Compat::Mended, findings), settings,
                      sink);
  const std::string none = " MD5=n/a SHA1=n/a SHA256=n/a";
  EXPECT_EQ(sink.findings, (std::vector<std::string>{
                               "Rootkit 'P' detected by the presence of file '" + temp.path("pipe") + "'." + none,
                               "Rootkit 'L' detected by the presence of file '" + temp.path("link") + "'." + none}));
}

}  // namespace
}  // namespace gander::rootcheck
