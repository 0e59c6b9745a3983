// Gates over all patterns of the vector tables: a text that matches always passes.
#include "decode/gate.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "config/testing/vectors.h"
#include "decode/beginning_table.h"

namespace gander::decode {
namespace {

using config::testing::split_tabs;
using config::testing::unescape;
using text::Dialect;

size_t check_table(const std::string& name, Dialect dialect, size_t first_column) {
  std::ifstream in(std::string(GANDER_SOURCE_DIR) + "/tests/vectors/" + name);
  EXPECT_TRUE(in.is_open()) << name;
  text::MatchContext context;
  size_t refused = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) continue;
    const auto columns = split_tabs(line);
    const std::string pattern_text = unescape(columns[first_column]);
    const std::string subject = unescape(columns[first_column + 1]);
    const auto pattern = text::Pattern::compile(dialect, pattern_text, text::OnInvalidUtf8::SearchBytes);
    if (!pattern) continue;
    const Gate gate(dialect, pattern_text);
    // The subject, what an offset leaves of it, and it behind each first byte that there is.
    std::vector<std::string> subjects{subject, subject.substr(std::min<size_t>(1, subject.size())), ""};
    if (refused % 8 == 0) {
      for (int c = 0; c < 256; ++c) subjects.push_back(static_cast<char>(c) + subject);
    }
    for (const std::string& s : subjects) {
      if (gate.passes(s)) continue;
      ++refused;
      EXPECT_FALSE(pattern->matches(text::Subject::of(s), context)) << pattern_text << " on " << s;
    }
  }
  return refused;
}

TEST(Gate, LetsEveryMatchPass) {
  EXPECT_GT(check_table("os_regex.tsv", Dialect::OsRegex, 1), 1000u);
  EXPECT_GT(check_table("os_match.tsv", Dialect::OsMatch, 1), 1000u);
  check_table("pcre2.tsv", Dialect::Pcre2, 0);
}

struct Row {
  Dialect dialect;
  const char* pattern;
  const char* passing;  // of "abcdS[5\\" and the empty text (as 0)
};

class GateOf : public ::testing::TestWithParam<Row> {};

TEST_P(GateOf, PassesExactlyTheseFirstBytes) {
  const Gate gate(GetParam().dialect, GetParam().pattern);
  std::string passing;
  for (const char c : std::string_view("abcdS[5\\")) {
    if (gate.passes_place(Gate::place_of(std::string_view(&c, 1)))) passing += c;
  }
  if (gate.passes("")) passing += '0';
  EXPECT_EQ(passing, GetParam().passing) << GetParam().pattern;
  if (passing.size() < 9) {
    EXPECT_TRUE(gate.passes("\xC5\xBF"));
  }
}

constexpr const char* kAll = "abcdS[5\\0";

INSTANTIATE_TEST_SUITE_P(
    Patterns, GateOf,
    ::testing::Values(
        Row{Dialect::Pcre2, "^abc", "a"}, Row{Dialect::Pcre2, "^abc|^s", "aS"}, Row{Dialect::Pcre2, "^abc|s", kAll},
        Row{Dialect::Pcre2, "^a?", kAll}, Row{Dialect::Pcre2, "^a*|^b", kAll}, Row{Dialect::Pcre2, "^a{0}", kAll},
        Row{Dialect::Pcre2, "^a+", "a"}, Row{Dialect::Pcre2, "^a(b|c)", "a"}, Row{Dialect::Pcre2, "^a[b|c]", "a"},
        Row{Dialect::Pcre2, "^a[[:alpha:]|]|b", kAll}, Row{Dialect::Pcre2, "^a\\|b", "a"},
        Row{Dialect::Pcre2, "^\\[", "["}, Row{Dialect::Pcre2, "^\\d", "5"}, Row{Dialect::Pcre2, "^\\d*", kAll},
        Row{Dialect::Pcre2, "^\\w", "abcdS5"}, Row{Dialect::Pcre2, "^a(?:x)", "a"}, Row{Dialect::Pcre2, "(^a)", kAll},
        Row{Dialect::Pcre2, "^", kAll}, Row{Dialect::Pcre2, "^a\\Qb|\\Ec", kAll}, Row{Dialect::Pcre2, "^a|", kAll},
        Row{Dialect::OsRegex, "^abc", "a"}, Row{Dialect::OsRegex, "^\\d+ ", "5"}, Row{Dialect::OsRegex, "^\\d*a", kAll},
        Row{Dialect::OsRegex, "^a(\\d|x)", "a"}, Row{Dialect::OsRegex, "^a[b|c", kAll},
        Row{Dialect::OsRegex, "^\\.", kAll}, Row{Dialect::OsRegex, "^\\\\|^a", "a\\"},
        Row{Dialect::OsMatch, "^a(|^b", "ab"}, Row{Dialect::OsMatch, "^\\d", "\\"}, Row{Dialect::OsMatch, "", kAll},
        Row{Dialect::OsMatch, "^", kAll}, Row{Dialect::OsMatch, "^a$", "a"}));

TEST(Gate, LooksAtTheBeginningsOfAllAlternatives) {
  const Gate gate(Dialect::OsRegex, "^Failed \\S+ for|^input_userauth|^\\(x");
  EXPECT_TRUE(gate.passes("Failed password for root"));
  EXPECT_TRUE(gate.passes("FAILED password"));
  EXPECT_TRUE(gate.passes("input_userauth_request"));
  EXPECT_TRUE(gate.passes("(x"));
  EXPECT_TRUE(
      gate.passes("Fai\xC5\xBF"
                  "ed"));
  EXPECT_FALSE(gate.passes("Faile"));
  EXPECT_FALSE(gate.passes("Failure of"));
  EXPECT_FALSE(gate.passes("input"));
  EXPECT_FALSE(gate.passes("("));
}

// What the table passes is what each pattern's beginnings pass, and no match is left out.
TEST(BeginningTable, LeavesOutOnlyWhatCannotMatch) {
  const std::vector<std::string> patterns = {
      "^\\d{4}-\\d\\d-\\d\\d ",
      "^(?:ab|cd?)+x",
      "^[\\w.-]+ ",
      "^(?=abc)\\w{3}\\[",
      "^\\[(?:error|warn)\\] ",
      "^a{2,3}b?c",
      "free",
      "^[^a-f]\\S",
      "^\\x41\\x42c|^z[]x]y",
      "^(?:\\w{3} )?\\d+:",
      "^.\\s",
      "^$",
      "^a\\b b",
      "^x*y",
      "^[[:alpha:]]1",
  };
  BeginningTable table;
  for (const std::string& pattern : patterns) table.add(beginnings_of(Dialect::Pcre2, pattern));
  table.finish();
  std::mt19937 random(7);
  const std::string_view alphabet = "aabbccdxyz0123 -:[].ABe\xC5\xBF\n]";
  const std::vector<std::string> starts = {"2026-11-24 ", "[warn] ", "abc[", "aaac", "ABc",
                                           "zxy",         "Mon 12:", "a b",  ""};
  text::MatchContext context;
  size_t left_out = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string subject = starts[random() % starts.size()];
    for (size_t n = random() % 10; n > 0; --n) {
      subject.insert(random() % (subject.size() + 1), 1, alphabet[random() % alphabet.size()]);
    }
    std::vector<bool> passes(patterns.size());
    uint32_t before = 0;
    table.candidates(subject, [&](uint32_t number) {
      EXPECT_GE(number, before);
      before = number;
      passes[number] = true;
    });
    for (size_t n = 0; n < patterns.size(); ++n) {
      if (passes[n]) continue;
      ++left_out;
      const auto pattern = text::Pattern::compile(Dialect::Pcre2, patterns[n], text::OnInvalidUtf8::SearchBytes);
      ASSERT_TRUE(pattern);
      ASSERT_FALSE(pattern->matches(text::Subject::of(subject), context)) << patterns[n] << " on " << subject;
    }
  }
  EXPECT_GT(left_out, 100000u);
}

TEST(Beginnings, FollowGroupsClassesAndCounts) {
  const auto ways = [](std::string_view pattern) { return pcre2_beginnings(pattern).size(); };
  const auto places = [](std::string_view pattern) { return pcre2_beginnings(pattern).at(0).size(); };
  EXPECT_EQ(places("^\\d{4}-\\d\\d-\\d\\d"), 8u);
  EXPECT_EQ(places("^(?=x)ab"), 2u);
  EXPECT_EQ(places("^a\\S+b"), 2u);
  EXPECT_EQ(ways("^(?:error|warn|info)x"), 3u);
  EXPECT_EQ(ways("^a?b"), 2u);
  EXPECT_EQ(ways("^a*b"), 0u);
  EXPECT_EQ(ways("^(?i)a"), 0u);
  EXPECT_EQ(ways("^a|b"), 0u);
  EXPECT_EQ(ways("^\\Qa\\E"), 0u);
}

TEST(Gate, StopsBeforeWhatAQuantifierMakesOptional) {
  EXPECT_TRUE(Gate(Dialect::Pcre2, "^ab*c").passes("ac"));
  EXPECT_TRUE(Gate(Dialect::Pcre2, "^ab{0}c").passes("ac"));
  EXPECT_TRUE(Gate(Dialect::OsRegex, "^a\\\\d*").passes("a\\"));
  EXPECT_FALSE(Gate(Dialect::OsMatch, "^ab*c").passes("ac"));
}

}  // namespace
}  // namespace gander::decode
