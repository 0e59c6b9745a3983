#include "text/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "text/testing/compare.h"

namespace gander::text {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Pattern compiled(Dialect dialect, std::string_view text, OnInvalidUtf8 mode = OnInvalidUtf8::NoMatch) {
  auto pattern = Pattern::compile(dialect, text, mode);
  EXPECT_TRUE(pattern) << text;
  return pattern ? std::move(*pattern) : std::move(*Pattern::compile(Dialect::OsMatch, "", mode));
}

bool matches(Dialect dialect, std::string_view text, std::string_view subject,
             OnInvalidUtf8 mode = OnInvalidUtf8::NoMatch) {
  MatchContext context;
  return compiled(dialect, text, mode).matches(Subject::of(subject), context);
}

PatternError error_of(Dialect dialect, std::string_view text) {
  const auto pattern = Pattern::compile(dialect, text, OnInvalidUtf8::NoMatch);
  EXPECT_FALSE(pattern) << text;
  return pattern ? PatternError{} : pattern.error();
}

// A line that is not valid UTF-8 hides nothing from the mended search.
TEST(Pattern, InvalidUtf8) {
  const std::string line = "Failed password for root\xFF";
  for (const auto& [dialect, text] : {std::pair{Dialect::OsMatch, "failed password"},
                                      {Dialect::OsMatch, "accepted|failed"},
                                      {Dialect::OsRegex, "password for (\\w+)"},
                                      {Dialect::OsRegex, "illegal|for root"}}) {
    EXPECT_FALSE(matches(dialect, text, line, OnInvalidUtf8::NoMatch)) << text;
    EXPECT_TRUE(matches(dialect, text, line, OnInvalidUtf8::SearchBytes)) << text;
  }
  for (const auto mode : {OnInvalidUtf8::NoMatch, OnInvalidUtf8::SearchBytes}) {
    EXPECT_TRUE(matches(Dialect::OsMatch, "^Failed", line, mode));
    EXPECT_TRUE(matches(Dialect::OsRegex, "^Failed", line, mode));
    EXPECT_TRUE(matches(Dialect::OsMatch, "", line, mode));
    EXPECT_TRUE(matches(Dialect::Pcre2, "for root", line, mode));
  }
  EXPECT_FALSE(matches(Dialect::Pcre2, "(*UTF)for root", line, OnInvalidUtf8::NoMatch));
  EXPECT_TRUE(matches(Dialect::Pcre2, "(*UTF)for root", line, OnInvalidUtf8::SearchBytes));
  EXPECT_TRUE(matches(Dialect::Pcre2, "(*UTF)^\\S\\w", "\xC3\xA9t\xFF", OnInvalidUtf8::SearchBytes));
  EXPECT_TRUE(matches(Dialect::OsRegex, "root\\W$", line, OnInvalidUtf8::SearchBytes));
  EXPECT_FALSE(matches(Dialect::OsRegex, "root\\w$", line, OnInvalidUtf8::SearchBytes));
}

// Such a byte cannot stand in a text that is UTF-8; the other alternatives still can.
TEST(Pattern, PatternsThatAreNotUtf8) {
  EXPECT_TRUE(matches(Dialect::OsMatch, "caf\xE9|foo", "a foo"));
  EXPECT_FALSE(matches(Dialect::OsMatch, "caf\xE9|foo", "caf\xC3\xA9"));
  EXPECT_TRUE(matches(Dialect::OsMatch, "caf\xE9|foo", "caf\xE9", OnInvalidUtf8::SearchBytes));
  EXPECT_TRUE(matches(Dialect::OsRegex, "(\\d)\xE9|(\\d)x", "1x"));
  EXPECT_FALSE(matches(Dialect::OsRegex, "x\xC3", "x\xC3\xA9"));
}

TEST(Pattern, LettersOutsideAsciiThatFoldToAscii) {
  EXPECT_TRUE(matches(Dialect::OsMatch, "disk|kernel",
                      "\xE2\x84\xAA"
                      "ernel"));
  EXPECT_TRUE(matches(Dialect::OsRegex, "(\\w)ernel|di\xC5\xBFk", "DISK"));
  EXPECT_TRUE(matches(Dialect::OsRegex, "sshd (\\d+)", "\xC5\xBF\xC5\xBFhd 1"));
  EXPECT_FALSE(matches(Dialect::OsRegex, "^kernel",
                       "\xE2\x84\xAA"
                       "ernel"));
  EXPECT_FALSE(matches(Dialect::Pcre2, "kernel",
                       "\xE2\x84\xAA"
                       "ernel"));
}

TEST(Pattern, ErrorsSayWhatAndWhere) {
  EXPECT_EQ(error_of(Dialect::OsMatch, std::string(2049, 'a')).ossec_code, 3);
  EXPECT_EQ(error_of(Dialect::OsRegex, std::string(2049, 'a')).ossec_code, 3);
  EXPECT_TRUE(Pattern::compile(Dialect::OsMatch, std::string(2048, 'a'), OnInvalidUtf8::NoMatch));
  EXPECT_TRUE(Pattern::compile(Dialect::Pcre2, std::string(5000, 'a'), OnInvalidUtf8::NoMatch));
  EXPECT_EQ(error_of(Dialect::OsRegex, "").ossec_code, 6);
  EXPECT_EQ(error_of(Dialect::Pcre2, "").ossec_code, 10);

  const PatternError escape = error_of(Dialect::OsRegex, "\\d+ \\n");
  EXPECT_EQ(escape.ossec_code, 6);
  EXPECT_EQ(escape.offset, 4u);
  EXPECT_THAT(escape.message, HasSubstr("\\n"));
  EXPECT_EQ(error_of(Dialect::OsRegex, "ab\\").offset, 2u);
  EXPECT_EQ(error_of(Dialect::OsRegex, "\\S+ a)b").offset, 5u);
  EXPECT_EQ(error_of(Dialect::OsRegex, "(\\S+ a").offset, 6u);
  EXPECT_EQ(error_of(Dialect::Pcre2, "ab[c").ossec_code, 6);
}

TEST(Pattern, ALimitIsNoMatchAndIsCounted) {
  MatchContext context({.match = 10'000, .depth = 10'000, .jit_stack = 0});
  const Pattern bad = compiled(Dialect::Pcre2, "^(a+)+$");
  Match match;
  EXPECT_FALSE(bad.search(Subject::of(std::string(64, 'a') + "b"), context, match));
  EXPECT_EQ(context.limit_hits(), 1u);
  EXPECT_FALSE(bad.search_slow(Subject::of(std::string(64, 'a') + "b"), context, match));
  EXPECT_EQ(context.limit_hits(), 2u);
  EXPECT_TRUE(bad.matches(Subject::of("aaa"), context));
  EXPECT_EQ(context.limit_hits(), 2u);
}

TEST(Pattern, AnExhaustedJitStackIsCountedAndALargerOneHelps) {
  const Pattern nested = compiled(Dialect::Pcre2, "^(?:(a)|b)*c");
  const std::string text = std::string(100'000, 'a') + "c";
  MatchContext small;
  MatchContext large({.match = 10'000'000, .depth = 10'000'000, .jit_stack = 64 << 20});
  EXPECT_FALSE(nested.matches(Subject::of(text), small));
  EXPECT_EQ(small.limit_hits(), 1u);
  EXPECT_TRUE(nested.matches(Subject::of(text), large));
  EXPECT_EQ(large.limit_hits(), 0u);
}

TEST(Pattern, TheFirst64CapturedValues) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "(x)|";
  for (int i = 0; i < 100; ++i) text += "(\\d)";
  MatchContext context;
  Match match;
  const Pattern pattern = compiled(Dialect::OsRegex, text);
  ASSERT_TRUE(pattern.search(Subject::of(std::string(100, '7')), context, match));
  EXPECT_EQ(match.captures.size(), 64u);
  EXPECT_EQ(match.end, 100u);
}

TEST(Pattern, CapturesAreEmptiedByEverySearch) {
  MatchContext context;
  Match match;
  ASSERT_TRUE(compiled(Dialect::OsRegex, "(a)(b)").search(Subject::of("ab"), context, match));
  EXPECT_THAT(match.captures, ElementsAre("a", "b"));
  EXPECT_FALSE(compiled(Dialect::OsRegex, "(a)(b)").search(Subject::of("x"), context, match));
  EXPECT_THAT(match.captures, IsEmpty());
  ASSERT_TRUE(compiled(Dialect::OsMatch, "x|y").search(Subject::of("zy"), context, match));
  EXPECT_THAT(match.captures, IsEmpty());
  EXPECT_EQ(match.begin, 1u);
}

TEST(Pattern, WordsAreFoundLeftmostAndInOrder) {
  using Span = std::pair<size_t, size_t>;
  MatchContext context;
  Match match;
  const auto span = [&](Dialect dialect, std::string_view text, std::string_view subject) {
    return compiled(dialect, text).search(Subject::of(subject), context, match) ? Span(match.begin, match.end)
                                                                                : Span(99, 99);
  };
  EXPECT_EQ(span(Dialect::OsMatch, "bc|abcd|ab", "xabcd"), Span(1, 5));
  EXPECT_EQ(span(Dialect::OsMatch, "ab|abcd", "xABCD"), Span(1, 3));
  EXPECT_EQ(span(Dialect::OsMatch, "x|b$", "ab\n"), Span(1, 2));
  EXPECT_EQ(span(Dialect::OsRegex, "x|b$", "ab\n"), Span(99, 99));
  EXPECT_EQ(span(Dialect::OsRegex, "\\(a|b\\)$", "(b)"), Span(1, 3));
  EXPECT_EQ(span(Dialect::OsMatch, "a||b", "b"), Span(0, 0));
}

TEST(Pattern, EveryByteStringIsASubject) {
  const std::string nul("a\0b\0", 4);
  EXPECT_TRUE(matches(Dialect::OsMatch, std::string_view("\0b", 2), nul));
  EXPECT_TRUE(matches(Dialect::OsRegex, "a\\Wb\\W$", nul));
  EXPECT_TRUE(matches(Dialect::Pcre2, "a\\x00b", nul));
  MatchContext context;
  EXPECT_TRUE(compiled(Dialect::OsRegex, "^$").matches(Subject{}, context));
  EXPECT_TRUE(compiled(Dialect::OsRegex, "\\.*").matches(Subject{}, context));
  EXPECT_FALSE(compiled(Dialect::OsMatch, "a|b").matches(Subject{}, context));
  EXPECT_FALSE(word_match("a|b", {}));
}

TEST(Pattern, RequiredLiterals) {
  const auto required = [](Dialect dialect, std::string_view text) {
    return compiled(dialect, text).required_literals();
  };
  EXPECT_THAT(required(Dialect::OsMatch, "Failed|^Invalid user|root$"), ElementsAre("failed", "invalid user", "root"));
  EXPECT_THAT(required(Dialect::OsMatch, "foo|x"), IsEmpty());
  EXPECT_THAT(required(Dialect::OsMatch, "foo||bar"), IsEmpty());
  EXPECT_THAT(required(Dialect::OsMatch, "^F\xC3\xBCr alle"), ElementsAre("r alle"));
  EXPECT_THAT(required(Dialect::OsRegex, "^(\\S+) Accepted \\w+ for"), ElementsAre(" accepted "));
  EXPECT_THAT(required(Dialect::OsRegex, "(abe\\d|cde)(\\.+)"), ElementsAre("abe", "cde"));
  EXPECT_THAT(required(Dialect::OsRegex, "\\[\\$*abc"), ElementsAre("abc"));
  EXPECT_THAT(required(Dialect::OsRegex, "\\d+\\s\\W"), IsEmpty());
  EXPECT_THAT(required(Dialect::OsRegex, "caf\xC3\xA9 open"), ElementsAre(" open"));
  EXPECT_THAT(required(Dialect::Pcre2, "abb+c(?!later)xyz?"), ElementsAre("abb"));
  EXPECT_THAT(required(Dialect::Pcre2, "(?i)(?:GET|POST) /"), ElementsAre("get /", "post /"));
  EXPECT_THAT(required(Dialect::Pcre2, "(?:abc)?[xyz]{2}\\d"), IsEmpty());
  EXPECT_THAT(required(Dialect::Pcre2, "abc(*ACCEPT)def"), IsEmpty());
  EXPECT_THAT(required(Dialect::Pcre2, "(?:\\$|%24)(?:\\{|%7b)jndi:"),
              ElementsAre("$%7bjndi:", "${jndi:", "%24%7bjndi:", "%24{jndi:"));
  EXPECT_THAT(required(Dialect::Pcre2, "https?://"), ElementsAre("http://", "https://"));
  EXPECT_THAT(required(Dialect::Pcre2, "(?:abc|d)+efgh"), ElementsAre("efgh"));
  EXPECT_THAT(required(Dialect::Pcre2, "\\bunion\\b\\s(?:all )?select"), ElementsAre("all select", "select"));
  EXPECT_THAT(required(Dialect::Pcre2, "ab|abc"), IsEmpty());
  EXPECT_THAT(required(Dialect::Pcre2, "a\\x41bc"), IsEmpty());
}

TEST(Pattern, ManyThreadsShareOne) {
  const Pattern pattern = compiled(Dialect::OsRegex, "port (\\d+) \\S+$");
  std::vector<std::jthread> threads;
  std::vector<int> found(4, 0);
  for (size_t t = 0; t < found.size(); ++t) {
    threads.emplace_back([&, t] {
      MatchContext context;
      Match match;
      for (int i = 0; i < 200; ++i) {
        found[t] += pattern.search(Subject::of(i % 2 ? "Port 22 ssh" : "Port 22 \xC3\xA9"), context, match) ? 1 : 0;
      }
    });
  }
  threads.clear();
  EXPECT_THAT(found, ::testing::Each(200));
}

}  // namespace
}  // namespace gander::text
