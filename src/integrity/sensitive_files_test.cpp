#include "integrity/sensitive_files.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "integrity/testing/scan_bench.h"

namespace gander::integrity {
namespace {

using Lines = std::vector<std::string>;

std::unique_ptr<SensitiveFiles> make(const std::string& section) {
  Diagnostics findings;
  const std::string text = "<ossec_config><sensitive>" + section + "</sensitive></ossec_config>";
  const config::Config config = config::parse_config(text, "ossec.conf", {}, findings);
  auto made = SensitiveFiles::make(config.sensitive, findings);
  for (const Diagnostic& d : findings.entries()) ADD_FAILURE() << d.message;
  return made;
}

TEST(SensitiveFiles, TakesWhatTheSectionNames) {
  const auto files = make(
      "<directories>/srv, /home/</directories><ignore>/srv/tmp</ignore>"
      "<ignore type=\"sregex\">.log$</ignore>");
  ASSERT_TRUE(files);
  EXPECT_TRUE(files->takes("/srv/a"));
  EXPECT_TRUE(files->takes("/home/x/y"));
  EXPECT_FALSE(files->takes("/srvx/a"));
  EXPECT_FALSE(files->takes("/etc/passwd"));
  EXPECT_FALSE(files->takes("/srv/tmp/a"));
  EXPECT_FALSE(files->takes("/srv/a.log"));
  EXPECT_TRUE(make("<logs>yes</logs>")->takes("/any/where"));
  EXPECT_FALSE(make("<disabled>yes</disabled>"));
  Diagnostics findings;
  EXPECT_FALSE(SensitiveFiles::make({}, findings));
}

TEST(SensitiveFiles, ANewAndAChangedFileAreLookedThrough) {
  ScanBench b(R"(<directories check_all="yes" report_changes="yes">@DIR@</directories>)");
  const auto files = make("<kinds>card|password</kinds><max_size>1K</max_size>");
  const auto scan = [&] {
    ScanOptions options = b.options();
    options.baseline_files = ScanOptions::FirstSight::Keep;
    options.sensitive = files.get();
    return b.scan(options);
  };
  spew(b.file("old"), "x\ncard 4111111111111111\n");
  spew(b.file("clean"), "nothing\n");
  spew(b.file("other-kind"), "DE89370400440532013000\n");
  spew(b.file("large"), std::string(2000, 'x') + "\ncard 4111111111111111\n");
  std::filesystem::create_symlink(b.file("old"), b.file("link"));
  const std::string found = "gander: sensitive data: card (Visa card) in '";
  std::vector<Change> told = scan();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].kind, ChangeKind::Baseline);
  EXPECT_EQ(told[0].sensitive, Lines{found + b.file("old") + "' line 2: 4111********1111"});
  EXPECT_TRUE(scan().empty()) << "told once";

  spew(b.file("clean"), "password=q8Zkw2vv\n");
  spew(b.file("new\n1"), "4111-1111-1111-1111\n");
  told = scan();
  ASSERT_EQ(told.size(), 2U);
  for (const Change& change : told) {
    ASSERT_EQ(change.sensitive.size(), 1U) << change.path;
    EXPECT_EQ(change.sensitive[0].find('\n'), std::string::npos);
    if (change.kind != ChangeKind::Changed) continue;
    EXPECT_EQ(change.sensitive[0], "gander: sensitive data: password (password in a configuration) in '" +
                                       b.file("clean") + "' line 1: ****");
    EXPECT_EQ(change.difference, "1c1\n< nothing\n---\n> password=****\n");
  }
}

TEST(SensitiveFiles, ManyFindingsAreCounted) {
  const auto files = make("<logs>no</logs>");
  const TempFolder folder;
  std::string content;
  for (int i = 0; i < 30; ++i) content += "card 4111111111111111\n";
  spew(folder / "many", content);
  const Lines lines = files->look(folder / "many");
  ASSERT_EQ(lines.size(), SensitiveFiles::kMostFindings + 1);
  EXPECT_EQ(lines.back(), "gander: sensitive data: 10 more in '" + (folder / "many") + "'");
  EXPECT_EQ(sensitive_message(lines.back()), "1:sensitive:" + lines.back());
  EXPECT_TRUE(files->look("/dev/null").empty());
  EXPECT_TRUE(files->look(folder / "none").empty());
}

}  // namespace
}  // namespace gander::integrity
