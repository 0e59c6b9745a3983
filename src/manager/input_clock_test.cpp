#include "manager/input_clock.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

namespace gander::manager {
namespace {

InputClock parsed(const std::string& text) {
  Result<InputClock> clock = InputClock::parse(text, {});
  EXPECT_TRUE(clock) << text;
  return std::move(*clock);
}

std::string file_with(const std::string& text) {
  const std::string path = ::testing::TempDir() + "gander-clock";
  std::ofstream(path) << text;
  return path;
}

TEST(InputClock, OneTimeForAll) {
  InputClock clock = parsed("2026-01-15T12:00:00Z");
  EXPECT_EQ(base::unix_seconds(clock.at(1, "x")), 1768478400);
  EXPECT_EQ(base::unix_seconds(clock.at(900, "x")), 1768478400);
  EXPECT_EQ(base::unix_seconds(clock.start()), 1768478400);
}

TEST(InputClock, AFileGivesEachLineItsTime) {
  InputClock clock = parsed("@" + file_with("100\n200\n300\n"));
  EXPECT_EQ(base::unix_seconds(clock.at(1, "")), 100);
  EXPECT_EQ(base::unix_seconds(clock.at(3, "")), 300);
  EXPECT_EQ(base::unix_seconds(clock.at(4, "")), 300) << "the last one holds on";
}

TEST(InputClock, AFileOfOneTimeServesAll) {
  InputClock clock = parsed("@" + file_with("100\n"));
  EXPECT_EQ(base::unix_seconds(clock.at(7, "")), 100);
}

TEST(InputClock, BadWordsAndFilesSayWhere) {
  EXPECT_EQ(InputClock::parse("yesterday", {}).error().code, "C042");
  EXPECT_EQ(InputClock::parse("@/nowhere/clock", {}).error().code, "I001");
  const Result<InputClock> bad = InputClock::parse("@" + file_with("100\nx\n"), {});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().at.line, 2);
}

TEST(InputClock, EventTimeComesFromTheLine) {
  InputClock clock = parsed("event");
  clock.begin_input(base::from_unix(1768478400));  // 2026-01-15
  EXPECT_EQ(base::unix_seconds(clock.at(1, "Jan 15 11:59:00 h sshd[1]: x")), 1768478340);
  EXPECT_EQ(base::unix_seconds(clock.at(2, "no time here")), 1768478340);
  EXPECT_EQ(clock.without_time(), 1u);
  clock.begin_input(base::from_unix(1768478400));
  EXPECT_EQ(clock.without_time(), 1u) << "counts run on over inputs";
}

}  // namespace
}  // namespace gander::manager
