#include "integrity/diff.h"

#include <gtest/gtest.h>

#include <random>
#include <sstream>
#include <vector>

namespace gander::integrity {
namespace {

// Applies a difference in classic form: the slow, obvious way round.
std::string patched(const std::string& old_text, const std::string& difference) {
  std::vector<std::string> lines;
  std::istringstream in(old_text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::string out;
  size_t at = 0;
  std::istringstream script(difference);
  for (std::string line; std::getline(script, line);) {
    if (line.starts_with("> ")) {
      out += line.substr(2) + "\n";
      continue;
    }
    if (line.starts_with("< ") || line == "---") continue;
    const size_t command = line.find_first_of("acd");
    const size_t comma = line.find(',');
    const size_t first = std::stoul(line);
    const size_t last = comma < command ? std::stoul(line.substr(comma + 1)) : first;
    const size_t keep = line[command] == 'a' ? first : first - 1;
    while (at < keep) out += lines[at++] + "\n";
    if (line[command] != 'a') at = last;
  }
  while (at < lines.size()) out += lines[at++] + "\n";
  return out;
}

TEST(LineDifference, ClassicForms) {
  EXPECT_EQ(line_difference("a\n", "a\n"), "");
  EXPECT_EQ(line_difference("", "a\nb\n"), "0a1,2\n> a\n> b\n");
  EXPECT_EQ(line_difference("a\nb\n", ""), "1,2d0\n< a\n< b\n");
  EXPECT_EQ(line_difference("one\ntwo\nthree\n", "one\n2\nthree\nfour\n"), "2c2\n< two\n---\n> 2\n3a4\n> four\n");
  EXPECT_EQ(line_difference("a\nb\nc\n", "a\nc\n"), "2d1\n< b\n");
}

TEST(LineDifference, LinesWithoutAnEnd) {
  EXPECT_EQ(line_difference("a\nb", "a\nb\n"), "2c2\n< b\n\\ No newline at end of file\n---\n> b\n");
  EXPECT_EQ(line_difference("a", "b"),
            "1c1\n< a\n\\ No newline at end of file\n---\n> b\n\\ No newline at end of file\n");
}

TEST(LineDifference, ARepeatedBlockIsAddedAtItsEnd) {
  EXPECT_EQ(line_difference("x\na\nb\ny\n", "x\na\nb\na\nb\ny\n"), "3a4,5\n> a\n> b\n");
}

TEST(LineDifference, AppliedToTheOldTextItGivesTheNewOne) {
  std::mt19937 random(20240305);
  for (int round = 0; round < 3000; ++round) {
    const auto text = [&] {
      std::string out;
      for (unsigned n = random() % 12; n > 0; --n) out += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
      return out;
    };
    const std::string a = text();
    const std::string b = text();
    ASSERT_EQ(patched(a, line_difference(a, b)), b) << a << "--\n" << b << "--\n" << line_difference(a, b);
  }
}

TEST(LineDifference, VeryDifferentTextsAreOneChange) {
  std::string a;
  std::string b;
  for (int i = 0; i < 5000; ++i) {
    a += "a" + std::to_string(i) + "\n";
    b += "b" + std::to_string(i) + "\n";
  }
  EXPECT_TRUE(line_difference(a, b).starts_with("1,5000c1,5000\n< a0\n"));
}

TEST(ShortenedDifference, LinesAndBytes) {
  std::string twenty_one;
  for (int i = 0; i < 21; ++i) twenty_one += "> x\n";
  std::string twenty;
  for (int i = 0; i < 20; ++i) twenty += i == 0 ? "> x" : "\n> x";
  EXPECT_EQ(shortened_difference(twenty_one), twenty + "\n... diff was truncated ...");
  EXPECT_EQ(shortened_difference("1a2\n> x\n"), "1a2\n> x\n");
  const std::string giant = "1c1\n< " + std::string(9000, 'a') + "\n---\n> b\n";
  EXPECT_EQ(shortened_difference(giant), "1c1\n... diff was truncated ...");
}

}  // namespace
}  // namespace gander::integrity
