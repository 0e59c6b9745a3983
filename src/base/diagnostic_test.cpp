#include "base/diagnostic.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace gander {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class TextFile {
 public:
  explicit TextFile(std::string_view content)
      : path_(std::filesystem::temp_directory_path() / ("gander_diagnostic_" + std::to_string(::getpid()) + ".xml")) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TextFile() { std::filesystem::remove(path_); }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(Diagnostics, CountsBySeverityAndKeepsOrder) {
  Diagnostics d;
  d.warning("C001", "first", {"a", 1, 1});
  d.note("INFO: second");
  d.error("R014", "third", {"b", 2, 3}, "nearest: x", {"a line"});
  EXPECT_TRUE(d.has_errors());
  EXPECT_EQ(d.error_count(), 1U);
  EXPECT_EQ(d.warning_count(), 1U);
  ASSERT_EQ(d.entries().size(), 3U);
  EXPECT_EQ(d.entries()[1].severity, Severity::Note);
  EXPECT_THAT(d.entries()[1].ossec_lines, ElementsAre("INFO: second"));
  EXPECT_EQ(d.entries()[2].hint, "nearest: x");
}

TEST(Render, ShowsPlaceSourceLineCaretAndHint) {
  const TextFile file("<a>\n  <bad>x</bad>\n</a>\n");
  const std::string text =
      render({Severity::Error, "C007", "no such element", {file.path(), 2, 4}, 3, "nearest: bed", {}}, Colour::Off);
  EXPECT_THAT(text, HasSubstr(file.path() + ":2:4: error[C007]: no such element\n"));
  EXPECT_THAT(text, HasSubstr("<bad>x</bad>"));
  EXPECT_THAT(text, HasSubstr("^^^ "));
  EXPECT_THAT(text, HasSubstr("nearest: bed"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b[")));
  EXPECT_EQ(text.back(), '\n');
}

TEST(Render, ControlBytesOfTheSourceDoNotReachTheTerminal) {
  const TextFile file("<a>\x1b[2J\x07</a>\n");
  const std::string text = render({Severity::Warning, "C001", "m", {file.path(), 1, 1}, 1, {}, {}}, Colour::Off);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\x07'), std::string::npos);
}

TEST(Render, SecretsOfAConfigurationAreNotShown) {
  const TextFile file(
      "<ossec_config>\n<webhook><url>https://h.example.org/T0/se cret</url><key>abc</key></webhook>\n"
      "  https://h.example.org/T0/se cret\n<smtp_password>pass<x/></smtp_password>\n");
  std::string text;
  for (int line = 2; line <= 4; ++line) {
    text += render({Severity::Error, "C026", "m", {file.path(), line, 15}, 12, {}, {}}, Colour::Off);
  }
  for (const char* const secret : {"cret", "T0", "abc", "pass<"}) EXPECT_THAT(text, Not(HasSubstr(secret)));
  EXPECT_THAT(text, HasSubstr("<webhook><url>********************************</url><key>***</key></webhook>"));
  EXPECT_THAT(text, HasSubstr("https://h.example.org/**********"));
  // A rule's <url> is a pattern.
  const TextFile rules("<rule><url>^/cgi-bin</url></rule>\n");
  EXPECT_THAT(render({Severity::Error, "R013", "m", {rules.path(), 1, 2}, 1, {}, {}}, Colour::Off),
              HasSubstr("^/cgi-bin"));
}

TEST(Render, WithoutASourceLine) {
  EXPECT_THAT(render({Severity::Error, "I001", "m", {"/nowhere/at/all", 9, 1}, 1, {}, {}}, Colour::Off),
              HasSubstr("error[I001]: m"));
  EXPECT_THAT(render({Severity::Error, "I001", "m", {}, 1, {}, {}}, Colour::On), HasSubstr("m"));
}

TEST(Nearest, NamesThatAreALittleWrong) {
  const std::vector<std::string> known = {"frequency", "timeframe", "same_source_ip", "level"};
  EXPECT_THAT(nearest("frequncy", known), ElementsAre("frequency"));
  EXPECT_THAT(nearest("zzzzzz", known), IsEmpty());
  EXPECT_EQ(nearest_hint("leve", known), "nearest: level");
  EXPECT_EQ(nearest_hint("zzzzzz", known), "");
}

}  // namespace
}  // namespace gander
