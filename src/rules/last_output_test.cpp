#include "rules/last_output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gander::rules {
namespace {

using model::Compat;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LastOutputTest : public ::testing::Test {
 protected:
  static model::Event output(std::string_view text, std::string_view host = "h1") {
    model::Event e;
    e.log = e.keep(text);
    e.hostname = e.keep(host);
    return e;
  }
  std::optional<std::string> changed(LastOutput& last, std::string_view text, std::string_view host = "h1",
                                     model::RuleId rule = 100) {
    auto e = output(text, host);
    const auto found = last.changed(e, rule);
    return found ? std::optional<std::string>(*found) : std::nullopt;
  }

  model::MemoryStateStore store_;
};

TEST_F(LastOutputTest, FirstSightAndSameTextDoNotMatch) {
  LastOutput last(store_, Compat::Ossec43);
  EXPECT_EQ(changed(last, "a"), std::nullopt);
  EXPECT_EQ(changed(last, "a"), std::nullopt);
  EXPECT_EQ(changed(last, "b"), "a");
  EXPECT_EQ(changed(last, "b"), std::nullopt);
  EXPECT_EQ(changed(last, "a"), "b");
}

TEST_F(LastOutputTest, HostsAndRulesAreKeptApart) {
  LastOutput last(store_, Compat::Ossec43);
  EXPECT_EQ(changed(last, "a", "h1"), std::nullopt);
  EXPECT_EQ(changed(last, "b", "h2"), std::nullopt);
  EXPECT_EQ(changed(last, "b", "h1", 101), std::nullopt);
  EXPECT_EQ(changed(last, "c", "h1"), "a");
}

TEST_F(LastOutputTest, AgentIsNamedBetweenTheParentheses) {
  LastOutput last(store_, Compat::Ossec43);
  changed(last, "a", "(web) 10.0.0.1->df");
  EXPECT_EQ(store_.last_output("web", 100), "a");
  changed(last, "a", "(unclosed");
  EXPECT_EQ(store_.last_output("unclosed", 100), "a");
}

TEST_F(LastOutputTest, LimitTurnsTheRuleOffUnderOssec43) {
  LastOutput last(store_, Compat::Ossec43);
  EXPECT_EQ(changed(last, std::string(8191, 'a')), std::nullopt);
  EXPECT_TRUE(changed(last, std::string(8191, 'b')));
  auto e = output(std::string(8192, 'c'));
  EXPECT_EQ(last.changed(e, 100), std::nullopt);
  EXPECT_THAT(e.notes, ElementsAre("ossec-analysisd: ERROR: event size (8192) too long for diff."));
}

TEST_F(LastOutputTest, LinesOfAnOutputAreComparedAndKept) {
  LastOutput last(store_, Compat::Mended);
  const auto see = [&](std::string_view joined, std::string_view lines) {
    auto e = output(joined);
    e.lines = lines;
    const auto found = last.changed(e, 100);
    return found ? std::optional<std::string>(*found) : std::nullopt;
  };
  EXPECT_EQ(see("out:ab", "out:\na\nb"), std::nullopt);
  EXPECT_EQ(store_.last_output("h1", 100), "out:\na\nb");
  EXPECT_EQ(see("out:ab", "out:\na\nb"), std::nullopt);
  EXPECT_EQ(see("out:ab", "out:\nab"), "out:\na\nb");
}

TEST_F(LastOutputTest, AnOutputThatOssecJoinedIsNotAnotherOne) {
  store_.set_last_output("h1", 100, "out:ab");
  LastOutput last(store_, Compat::Mended);
  auto e = output("out:ab");
  e.lines = "out:\na\nb";
  EXPECT_EQ(last.changed(e, 100), std::nullopt);
  EXPECT_EQ(store_.last_output("h1", 100), "out:\na\nb");
}

TEST_F(LastOutputTest, MendedComparesAMegabyte) {
  LastOutput last(store_, Compat::Mended);
  const std::string before(1024 * 1024, 'a');
  EXPECT_EQ(changed(last, before), std::nullopt);
  auto e = output(std::string(1024 * 1024, 'b'));
  EXPECT_EQ(last.changed(e, 100), before);
  EXPECT_THAT(e.notes, IsEmpty());
}

}  // namespace
}  // namespace gander::rules
