#include "collect/command_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gander::collect {
namespace {

using model::Compat;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Kind = CommandOutput::Kind;
using Ended = CommandOutput::Ended;

std::vector<std::string> texts(Kind kind, const std::string& output, Compat compat = Compat::Mended,
                               size_t longest = 1 << 20, Ended how = Ended::Well, size_t piece = 3) {
  CommandOutput o(kind, "df -P", compat, longest);
  CutList list;
  for (size_t at = 0; at < output.size(); at += piece) o.add(std::string_view(output).substr(at, piece), list);
  o.end(how, list);
  std::vector<std::string> all;
  for (const auto& c : list.records) all.emplace_back(c.text);
  return all;
}

TEST(CommandOutput, ALineAnEvent) {
  for (size_t piece = 1; piece < 12; ++piece) {
    EXPECT_THAT(texts(Kind::Lines, "one\n\ntwo: x\nlast", Compat::Mended, 100, Ended::Well, piece),
                ElementsAre("ossec: output: 'df -P': one", "ossec: output: 'df -P': ", "ossec: output: 'df -P': two: x",
                            "ossec: output: 'df -P': last"));
  }
  EXPECT_THAT(texts(Kind::Lines, ""), IsEmpty());
}

TEST(CommandOutput, TheWholeOutputAnEvent) {
  EXPECT_THAT(texts(Kind::Full, "a\r\nb\n"), ElementsAre("ossec: output: 'df -P':\na\nb"));
  EXPECT_THAT(texts(Kind::Full, "x\n\n\ny\n"), ElementsAre("ossec: output: 'df -P':\nx\n\ny"));
  EXPECT_THAT(texts(Kind::Full, ""), IsEmpty());
}

TEST(CommandOutput, OnlyOssecLosesAnEndWithoutLineEnd) {
  EXPECT_THAT(texts(Kind::Full, "a\nb"), ElementsAre("ossec: output: 'df -P':\na\nb"));
  EXPECT_THAT(texts(Kind::Full, "a\nb", Compat::Ossec43), ElementsAre("ossec: output: 'df -P':\na"));
  EXPECT_THAT(texts(Kind::Full, "b", Compat::Ossec43), ElementsAre("ossec: output: 'df -P':\n"));
}

TEST(CommandOutput, OnlyOssecStopsAt5632Bytes) {
  const std::string output = std::string(10'000, 'x') + "\n";
  EXPECT_EQ(texts(Kind::Full, output).at(0).size(), 24 + 10'000U);
  EXPECT_EQ(texts(Kind::Lines, output, Compat::Ossec43).at(0).size(), 24 + 5632U);
  EXPECT_EQ(texts(Kind::Full, "a\n" + output, Compat::Ossec43).at(0), "ossec: output: 'df -P':\na");
}

TEST(CommandOutput, AHalfOutputIsNoEvent) {
  EXPECT_THAT(texts(Kind::Full, "a\nb\n", Compat::Mended, 100, Ended::Killed), IsEmpty());
  EXPECT_EQ(texts(Kind::Lines, "a\nb", Compat::Mended, 100, Ended::Killed).size(), 2U);
}

TEST(CommandOutput, LongLinesAreCutAndCounted) {
  CommandOutput o(Kind::Lines, "x", Compat::Mended, 10);
  CutList list;
  o.add("0123456789", list);
  o.add("0123456789\nshort\n", list);
  o.end(Ended::Well, list);
  ASSERT_EQ(list.records.size(), 2U);
  EXPECT_EQ(list.records[0].text, "ossec: output: 'x': 0123456789");
  EXPECT_EQ(list.records[1].text, "ossec: output: 'x': short");
  EXPECT_EQ(list.truncated, 1U);
}

TEST(CommandOutput, Names) {
  EXPECT_EQ(command_name("", "echo a:b"), "echo a\\b");
  EXPECT_EQ(command_name("my:alias", "echo"), "my\\alias");
  // OSSEC 4.3 cuts what stands before the text at 255 bytes.
  CommandOutput o(Kind::Lines, std::string(400, 'n'), Compat::Ossec43, 100);
  CutList list;
  o.add("x\n", list);
  EXPECT_EQ(list.records.at(0).text.size(), 256U);
}

}  // namespace
}  // namespace gander::collect
