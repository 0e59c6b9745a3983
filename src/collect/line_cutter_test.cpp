#include "collect/line_cutter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace gander::collect {
namespace {

using model::Compat;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Cut {
  std::vector<std::string> texts;
  std::vector<uint64_t> numbers;
  ReadCounters counters;
};

// Gives the cutter `input` in steps of the given sizes (the last one repeats), carrying over what it leaves.
template <class NextSize>
Cut cut(std::string_view input, Compat compat, size_t longest, NextSize next_size) {
  LineCutter cutter(compat, longest);
  Cut result;
  std::string pending;
  std::vector<Line> lines;
  for (size_t at = 0;;) {
    const size_t n = std::min<size_t>(next_size(), input.size() - at);
    pending.append(input.substr(at, n));
    at += n;
    const bool end = at == input.size();
    lines.clear();
    const size_t done = cutter.cut(pending, end ? MoreToCome::No : MoreToCome::Yes, lines);
    for (const Line& l : lines) {
      result.texts.push_back(pending.substr(l.begin, l.size));
      result.numbers.push_back(l.number);
    }
    pending.erase(0, done);
    EXPECT_LE(pending.size(), std::max(longest, LineCutter::kOssecPiece) + 1);
    if (end) break;
  }
  EXPECT_TRUE(pending.empty());
  result.counters = cutter.counters();
  return result;
}

Cut cut(std::string_view input, Compat compat = Compat::Mended, size_t longest = 1 << 20) {
  return cut(input, compat, longest, [&] { return input.size(); });
}

std::string x(size_t n) {
  return std::string(n, 'x');
}

TEST(LineCutter, LinesShorterThanTwoBytesCountInNumbersOnly) {
  const Cut c = cut("one\n\na\nbb\r\n\r\n\nlast");
  EXPECT_THAT(c.texts, ElementsAre("one", "bb\r", "last"));
  EXPECT_THAT(c.numbers, ElementsAre(1, 4, 7));
  EXPECT_EQ(c.counters, (ReadCounters{.lines = 7, .events = 3, .skipped = 4}));
}

TEST(LineCutter, EmptyInput) {
  EXPECT_THAT(cut("").texts, IsEmpty());
  EXPECT_THAT(cut("\n").texts, IsEmpty());
  EXPECT_EQ(cut("\n").counters.lines, 1U);
}

TEST(LineCutterMended, LinesAreWholeUpToTheLimit) {
  const Cut c = cut(x(10) + "\n" + x(11) + "\nab\n" + x(40), Compat::Mended, 10);
  EXPECT_THAT(c.texts, ElementsAre(x(10), x(10), "ab", x(10)));
  EXPECT_THAT(c.numbers, ElementsAre(1, 2, 3, 4));
  EXPECT_EQ(c.counters.truncated, 2U);
  EXPECT_EQ(c.counters.lines, 4U);
}

TEST(LineCutterMended, NulBytesStay) {
  using namespace std::string_literals;
  EXPECT_THAT(cut("ab\0cd\n\0\0\n"s).texts, ElementsAre("ab\0cd"s, "\0\0"s));
}

TEST(LineCutterOssec, LongLinesBecomePieces) {
  // The limit counts the line feed.
  EXPECT_THAT(cut(x(6134) + "\nab\n", Compat::Ossec43).texts, ElementsAre(x(6134), "ab"));
  const Cut c = cut(x(6135) + "yz\nab\n", Compat::Ossec43);
  EXPECT_THAT(c.texts, ElementsAre(x(6135), "yz", "ab"));
  EXPECT_THAT(c.numbers, ElementsAre(1, 1, 2));
  EXPECT_EQ(c.counters, (ReadCounters{.lines = 2, .events = 3, .truncated = 1}));
}

TEST(LineCutterOssec, LineFeedBehindAFullPieceIsNoEvent) {
  const Cut c = cut(x(6135) + "\nab\n", Compat::Ossec43);
  EXPECT_THAT(c.texts, ElementsAre(x(6135), "ab"));
  EXPECT_THAT(c.numbers, ElementsAre(1, 2));
  EXPECT_EQ(c.counters, (ReadCounters{.lines = 2, .events = 2}));
}

TEST(LineCutterOssec, ARemainderOfOneByteIsLost) {
  const Cut c = cut(x(6135) + "y\nab", Compat::Ossec43);
  EXPECT_THAT(c.texts, ElementsAre(x(6135), "ab"));
  EXPECT_EQ(c.counters.truncated, 1U);
}

TEST(LineCutterOssec, APieceEndsAtItsFirstNulByte) {
  using namespace std::string_literals;
  const Cut c = cut("abc\0def\n\0gh\nij\n"s, Compat::Ossec43);
  EXPECT_THAT(c.texts, ElementsAre("abc", "ij"));
  EXPECT_THAT(c.numbers, ElementsAre(1, 3));
  // Only the rest of the piece is lost, not the rest of the line.
  EXPECT_THAT(cut("abc\0"s + x(6131) + "next\n", Compat::Ossec43).texts, ElementsAre("abc", "next"));
}

TEST(LineCutter, HowTheInputFallsIntoReadsDoesNotMatter) {
  std::mt19937 random(7);
  const std::string_view alphabet("ab\n\r\0x", 6);
  for (int round = 0; round < 300; ++round) {
    std::string input;
    const size_t size = random() % 40;
    for (size_t i = 0; i < size; ++i) {
      const char c = alphabet[random() % alphabet.size()];
      input.append(c == 'x' && random() % 8 == 0 ? 6000 + random() % 300 : 1, c);
    }
    for (const Compat compat : {Compat::Mended, Compat::Ossec43}) {
      const Cut whole = cut(input, compat, 6100);
      const Cut parts = cut(input, compat, 6100, [&] { return random() % 3 == 0 ? random() % 7000 : random() % 5; });
      ASSERT_EQ(whole.texts, parts.texts);
      ASSERT_EQ(whole.numbers, parts.numbers);
      ASSERT_EQ(whole.counters, parts.counters);
    }
  }
}

}  // namespace
}  // namespace gander::collect
