// The fast search held against the slow one: all small patterns on all small texts, and random larger ones.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "text/testing/compare.h"

namespace gander::text {
namespace {

using Pieces = std::vector<std::string_view>;

// Every sequence of up to `most` pieces.
void for_each_text(const Pieces& pieces, size_t most, const std::function<void(const std::string&)>& visit) {
  std::vector<std::string> level = {""};
  visit("");
  for (size_t length = 0; length < most; ++length) {
    std::vector<std::string> next;
    for (const std::string& text : level) {
      for (const std::string_view piece : pieces) {
        next.push_back(text + std::string(piece));
        visit(next.back());
      }
    }
    level = std::move(next);
  }
}

std::vector<std::string> all_texts(const Pieces& pieces, size_t most) {
  std::vector<std::string> out;
  for_each_text(pieces, most, [&](const std::string& text) { out.push_back(text); });
  return out;
}

class PatternProperty : public ::testing::Test {
 protected:
  void check(Dialect dialect, const std::string& text, OnInvalidUtf8 mode, const std::vector<std::string>& subjects) {
    const auto pattern = Pattern::compile(dialect, text, mode);
    if (!pattern) {
      EXPECT_LE(pattern.error().offset, text.size()) << text;
      return;
    }
    for (const std::string& subject : subjects) {
      const auto difference = testing::difference(*pattern, subject, context_);
      ASSERT_EQ(difference, std::nullopt)
          << "pattern [" << text << "] translated [" << pattern->translated() << "] subject [" << subject << "]";
    }
    matched_patterns_ += 1;
  }

  MatchContext context_{{.match = 100'000, .depth = 100'000, .jit_stack = 0}};
  size_t matched_patterns_ = 0;
};

TEST_F(PatternProperty, AllSmallOsRegexPatterns) {
  const auto subjects = all_texts({"a", "K", "1", "+", "\n"}, 3);
  const Pieces pieces = {"a", "k", "\\d", "\\.", "\\w", "\\+", "+", "*", "(", ")", "|", "^", "$", "\n", "\\\\", "\\("};
  for_each_text(pieces, 3, [&](const std::string& text) {
    if (!HasFatalFailure()) check(Dialect::OsRegex, text, OnInvalidUtf8::NoMatch, subjects);
  });
  EXPECT_GT(matched_patterns_, 1500u);
}

TEST_F(PatternProperty, AllSmallOsMatchPatterns) {
  const auto subjects = all_texts({"a", "B", "\\", "\n"}, 3);
  for_each_text({"a", "b", "^", "$", "|", "\\", "."}, 4, [&](const std::string& text) {
    if (!HasFatalFailure()) check(Dialect::OsMatch, text, OnInvalidUtf8::NoMatch, subjects);
  });
  EXPECT_GT(matched_patterns_, 2500u);
}

std::string random_text(std::mt19937& random, const Pieces& pieces, size_t most) {
  std::string out;
  for (size_t n = random() % (most + 1); n > 0; --n) out += pieces[random() % pieces.size()];
  return out;
}

const Pieces kSubjectPieces = {"a",  "A",        "k", "K",    "s",        "sh",   "foo",  "Bar",
                               "1",  "22",       " ", "\n",   "$",        "\xFF", "\xC3", "\xC3\xA9",
                               "\\", "\xC3\x89", "+", "\xE9", "\xC5\xBF", ".",    "|",    "\xE2\x84\xAA"};

void check_random(
    Dialect dialect, const Pieces& pieces, size_t rounds,
    const std::function<void(const std::string&, OnInvalidUtf8, const std::vector<std::string>&)>& check) {
  std::mt19937 random(20'260'115);
  for (size_t i = 0; i < rounds && !::testing::Test::HasFatalFailure(); ++i) {
    const std::string text = random_text(random, pieces, 9);
    std::vector<std::string> subjects;
    for (int n = 0; n < 25; ++n) subjects.push_back(random_text(random, kSubjectPieces, 8));
    SCOPED_TRACE(static_cast<int>(dialect));
    check(text, i % 2 == 0 ? OnInvalidUtf8::NoMatch : OnInvalidUtf8::SearchBytes, subjects);
  }
}

TEST_F(PatternProperty, RandomOsRegexPatterns) {
  const Pieces pieces = {"a", "k",  "s", "foo", "Bar", "\\d+", "\\w+", "\\S*", "\\.+", "\\.*", "(", ")",           "|",
                         "^", "$",  " ", "\\p", "\\W", "\\D",  "\\\\", "+",    "\\$",  "ssh",  "(", ")",           "|",
                         "(", "\n", ")", "é",   "ſ",   "\xFF", "\xC3", "\\s",  "\\t",  "\\|",  "{", "\xE2\x84\xAA"};
  check_random(Dialect::OsRegex, pieces, 6000, [&](const auto& text, auto mode, const auto& subjects) {
    check(Dialect::OsRegex, text, mode, subjects);
  });
  EXPECT_GT(matched_patterns_, 1000u);
}

TEST_F(PatternProperty, RandomOsMatchPatterns) {
  const Pieces pieces = {"a", "k",  "s", "foo", "bar",  "|",    "|",  "^", "$",
                         " ", "\\", "é", "ſ",   "\xFF", "\xC3", "22", "\n"};
  check_random(Dialect::OsMatch, pieces, 6000, [&](const auto& text, auto mode, const auto& subjects) {
    check(Dialect::OsMatch, text, mode, subjects);
  });
  EXPECT_GT(matched_patterns_, 5000u);
}

TEST_F(PatternProperty, RandomPcre2Patterns) {
  const Pieces pieces = {"a",     "k",   "s",     "foo",   "bar",  "|",     "^",      "$",    "(",     ")",
                         "(?:",   ")",   ")?",    ")+",    "(?!",  "(?=",   "[a-f",   "]",    "[^",    "[]",
                         "[[:",   ":]",  "\\d+",  "\\S+?", ".*",   "\\b",   "{2}",    "{0,}", "{,3}",  "{1,2}",
                         "?",     "+",   "*",     "\\Q",   "\\E",  "\\x41", "(*UTF)", "(?i)", "(?-i)", "\\K",
                         "(?<n>", "\\1", "(?R)?", "é",     "\xFF", "\\.",   "(?s:.)", "(?#",  "(?<=",  "\\c",
                         "(?|",   "(?>", "alpha", "a{2}",  "foo|"};
  check_random(Dialect::Pcre2, pieces, 12000,
               [&](const auto& text, auto mode, const auto& subjects) { check(Dialect::Pcre2, text, mode, subjects); });
  EXPECT_GT(matched_patterns_, 2000u);
}

// Rows of literals and classes: what StraightForm takes, and what it must leave to PCRE2.
TEST_F(PatternProperty, RandomStraightPatterns) {
  const Pieces pieces = {"^",      "^",  "foo",     "a",      " ",     " ",       "\\d+",     "\\S+",   "[^ ]*",
                         "(\\w+)", "$",  "|",       "\\d{2}", "\\s",   "[a-f]+?", "\\d{1,3}", "(\\S+)", "[ ]+?",
                         ".",      ":",  "\\.",     "(k)",    "\\D*?", "\\W",     "(\\d?)",   "[^:]+",  "(foo ",
                         ")",      "sh", "(?:Bar)", "a+",     "K*",    "[\\w.]+", "\\d{2,}"};
  check_random(Dialect::Pcre2, pieces, 12000,
               [&](const auto& text, auto mode, const auto& subjects) { check(Dialect::Pcre2, text, mode, subjects); });
  EXPECT_GT(matched_patterns_, 5000u);
}

// A place that is passed over must not be one that matches.
TEST_F(PatternProperty, StraightPatternsInRepeatingTexts) {
  std::vector<std::string> subjects;
  std::mt19937 random(7);
  for (int i = 0; i < 400; ++i) subjects.push_back(random_text(random, {"a", "a", "aa", "b", " ", ":", "1"}, 24));
  for (const char* const pattern : {"a\\S+ b", "a[^ ]*b", "aa[^:]+:1", "a\\d[^:]+:", "a[^1]*1[^b]*b", "aa\\S{2,} a",
                                    "a(\\S*) (a+)b", "a\\w\\S+ :", "aa[^b]{3}b", "a\\d*\\S+ b"}) {
    check(Dialect::Pcre2, pattern, OnInvalidUtf8::SearchBytes, subjects);
  }
  EXPECT_EQ(matched_patterns_, 10u);
}

}  // namespace
}  // namespace gander::text
