// Gates over all patterns of the vector tables: a text that matches always passes.
#include "decode/gate.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "config/testing/vectors.h"

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
        Row{Dialect::Pcre2, "^\\w", kAll}, Row{Dialect::Pcre2, "^a(?:x)", kAll}, Row{Dialect::Pcre2, "(^a)", kAll},
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

TEST(Gate, StopsBeforeWhatAQuantifierMakesOptional) {
  EXPECT_TRUE(Gate(Dialect::Pcre2, "^ab*c").passes("ac"));
  EXPECT_TRUE(Gate(Dialect::Pcre2, "^ab{0}c").passes("ac"));
  EXPECT_TRUE(Gate(Dialect::OsRegex, "^a\\\\d*").passes("a\\"));
  EXPECT_FALSE(Gate(Dialect::OsMatch, "^ab*c").passes("ac"));
}

}  // namespace
}  // namespace gander::decode
