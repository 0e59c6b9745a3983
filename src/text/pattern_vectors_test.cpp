// Every row of the pattern tables: answers of OSSEC 4.3.
#include <gtest/gtest.h>

#include "text/testing/compare.h"
#include "text/testing/vectors.h"

namespace gander::text {
namespace {

using testing::read_vectors;

constexpr OnInvalidUtf8 kModes[] = {OnInvalidUtf8::NoMatch, OnInvalidUtf8::SearchBytes};

struct Row {
  std::string pattern, subject, outcome, end;
  std::vector<std::string> captures;
};

std::vector<std::string> strings(const std::vector<std::string_view>& views) {
  return {views.begin(), views.end()};
}

void check_match(const Row& row, const Pattern& pattern, MatchContext& context) {
  const Subject subject = Subject::of(row.subject);
  const bool expected = row.outcome == "Y";
  Match match;
  EXPECT_EQ(pattern.matches(subject, context), expected);
  ASSERT_EQ(pattern.search(subject, context, match), expected);
  if (expected && !row.end.empty()) {
    EXPECT_EQ(std::to_string(match.end), row.end);
    EXPECT_EQ(strings(match.captures), row.captures);
  }
  EXPECT_EQ(testing::difference(pattern, row.subject, context), std::nullopt);
}

// A text that is not UTF-8 has the answers of the table only in the exact mode; there are no other differences.
void check(Dialect dialect, const Row& row, MatchContext& context) {
  SCOPED_TRACE("pattern [" + row.pattern + "] subject [" + row.subject + "]");
  for (const OnInvalidUtf8 mode : kModes) {
    auto pattern = Pattern::compile(dialect, row.pattern, mode);
    if (row.outcome.starts_with("E")) {
      ASSERT_FALSE(pattern);
      EXPECT_EQ("E" + std::to_string(pattern.error().ossec_code), row.outcome);
      EXPECT_FALSE(pattern.error().message.empty());
      EXPECT_LE(pattern.error().offset, row.pattern.size());
      continue;
    }
    ASSERT_TRUE(pattern) << pattern.error().message;
    if (mode == OnInvalidUtf8::NoMatch || encoding_of(row.subject) != Encoding::Invalid) {
      check_match(row, *pattern, context);
    } else {
      EXPECT_EQ(testing::difference(*pattern, row.subject, context), std::nullopt);
    }
  }
}

TEST(PatternVectors, OsRegex) {
  MatchContext context;
  for (const auto& r : read_vectors("os_regex.tsv")) {
    ASSERT_GE(r.size(), 6u);
    check(Dialect::OsRegex, {r[1], r[2], r[3], r[4], {r.begin() + 6, r.end()}}, context);
    if (HasFatalFailure()) return;
  }
}

TEST(PatternVectors, OsMatch) {
  MatchContext context;
  for (const auto& r : read_vectors("os_match.tsv")) {
    ASSERT_EQ(r.size(), 4u);
    check(Dialect::OsMatch, {r[1], r[2], r[3], "", {}}, context);
    if (HasFatalFailure()) return;
  }
}

TEST(PatternVectors, Pcre2) {
  MatchContext context;
  for (const auto& r : read_vectors("pcre2.tsv")) {
    ASSERT_GE(r.size(), 5u);
    check(Dialect::Pcre2, {r[0], r[1], r[2], r[3], {r.begin() + 5, r.end()}}, context);
    if (HasFatalFailure()) return;
  }
}

TEST(PatternVectors, WordMatch) {
  for (const auto& r : read_vectors("os_wordmatch.tsv")) {
    ASSERT_EQ(r.size(), 3u);
    EXPECT_EQ(word_match(r[0], r[1]), r[2] == "Y") << "pattern [" << r[0] << "] subject [" << r[1] << "]";
  }
}

}  // namespace
}  // namespace gander::text
