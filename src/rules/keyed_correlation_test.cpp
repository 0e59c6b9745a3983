// What counting per key changes: traffic of one source, or a flood, hides no other.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/testing/correlation_scene.h"

namespace gander::rules {
namespace {

using ::testing::ElementsAre;
using testing::Field;
using ::testing::IsEmpty;
using testing::Message;
using testing::Scene;
using testing::SceneRules;
using testing::Verdict;

using Fields = std::vector<std::pair<Field, std::string>>;

constexpr int64_t kStart = 1'709'632'800;

class KeyedCorrelation : public ::testing::Test {
 protected:
  void SetUp() override { rules_.add(100, 5); }

  Message message(Fields fields, int64_t time = kStart) {
    Message m;
    m.time = time;
    m.fields = std::move(fields);
    m.log = "n=" + std::to_string(++written_);
    return m;
  }
  Message from(const std::string& address, int64_t time = kStart) { return message({{Field::SrcIp, address}}, time); }

  // 1-based places at which rule `id` decided.
  std::vector<size_t> places(const std::vector<Message>& all, RuleId id, CorrelationLimits limits = {}) {
    Scene scene(rules_, make_keyed_correlation, limits);
    const std::vector<RuleId> decided = scene.decide_all(all);
    std::vector<size_t> found;
    for (size_t i = 0; i < decided.size(); ++i) {
      if (decided[i] == id) found.push_back(i + 1);
    }
    return found;
  }
  std::vector<Message> in_turn(Field field, const std::vector<std::string>& values, size_t count, int64_t step = 1) {
    std::vector<Message> all;
    for (size_t i = 0; i < count; ++i) {
      all.push_back(message({{field, values[i % values.size()]}}, kStart + static_cast<int64_t>(i) * step));
    }
    return all;
  }

  SceneRules rules_;
  int written_ = 0;
};

TEST_F(KeyedCorrelation, TwoAddressesInTurnEachFire) {
  rules_.sid(101, 10, 100, 1, 60).context.same_source_ip = true;
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"10.0.0.0", "10.0.0.1"}, 12, 2), 101), ElementsAre(5, 6, 11, 12));
}

TEST_F(KeyedCorrelation, ThreeAddressesInTurnEachFire) {
  rules_.sid(101, 10, 100, 2, 30).context.same_source_ip = true;
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"10.0.0.0", "10.0.0.1", "10.0.0.2"}, 30), 101),
              ElementsAre(10, 11, 12, 22, 23, 24));
}

TEST_F(KeyedCorrelation, UsersDoNotCutEachOtherOff) {
  rules_.sid(101, 10, 100, 1).context.same_user = true;
  EXPECT_THAT(places(in_turn(Field::DstUser, {"eve", "bob", "bob"}, 9), 101), ElementsAre(5, 7, 9));
}

TEST_F(KeyedCorrelation, FloodOfAddressesHidesNoSlowOne) {
  rules_.sid(101, 10, 100, 3, 600).context.same_source_ip = true;
  std::vector<Message> all;
  for (int i = 0; i < 2000; ++i) {
    const bool slow = i % 400 == 0;
    all.push_back(from(slow ? "6.6.6.6" : "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250)));
  }
  EXPECT_THAT(places(all, 101), ElementsAre(1601));
}

TEST_F(KeyedCorrelation, FloodOfOneAddressIsKeptShort) {
  rules_.sid(101, 10, 100, 3, 600).context.same_source_ip = true;
  Rule& never_asked = rules_.sid(102, 11, 100, 5, 600);
  never_asked.context.same_source_ip = true;
  rules_.children[100].erase(rules_.children[100].begin());
  std::vector<Message> all;
  for (int i = 0; i < 2000; ++i) all.push_back(from(i % 400 == 0 ? "6.6.6.6" : "7.7.7.7"));
  Scene scene(rules_, make_keyed_correlation, {.keyed_cap = 20});
  const auto decided = scene.decide_all(all);
  EXPECT_EQ(decided[1600], 101);
  EXPECT_EQ(scene.correlation().evicted(), 0U);
}

TEST_F(KeyedCorrelation, CapEvictsTheOldestAndCountsThem) {
  rules_.sid(101, 10, 100, 1, 600).context.same_source_ip = true;
  Scene scene(rules_, make_keyed_correlation, {.keyed_cap = 10});
  for (int i = 0; i < 25; ++i) scene.decide(from("10.0.0." + std::to_string(i)));
  EXPECT_EQ(scene.correlation().evicted(), 15U);
  // The newest ten are still there.
  scene.decide(from("10.0.0.24"));
  EXPECT_EQ(scene.decide(from("10.0.0.24")).rule, 101);
}

TEST_F(KeyedCorrelation, CapOfBytesEvictsToo) {
  rules_.sid(101, 10, 100, 1, 600).context.same_source_ip = true;
  Scene scene(rules_, make_keyed_correlation, {.keyed_bytes = 10'000});
  for (int i = 0; i < 20; ++i) {
    Message m = from("10.0.0." + std::to_string(i));
    m.log.append(1000, 'x');
    scene.decide(m);
  }
  EXPECT_GE(scene.correlation().evicted(), 10U);
}

TEST_F(KeyedCorrelation, LineLargerThanTheCapStillWorks) {
  rules_.sid(101, 10, 100, 0, 600);
  Scene scene(rules_, make_keyed_correlation, {.keyed_bytes = 100});
  Message m = from("1.1.1.1");
  m.log.assign(100'000, 'x');
  EXPECT_EQ(scene.decide(m).rule, 100);
  const Verdict second = scene.decide(m);
  EXPECT_EQ(second.rule, 101);
  EXPECT_THAT(second.lines, ElementsAre(m.log));
}

TEST_F(KeyedCorrelation, DifferentUrlsDifferFromEachOther) {
  rules_.sid(101, 10, 100, 1).context.different_url = true;
  EXPECT_THAT(places(in_turn(Field::Url, {"/a", "/a", "/b"}, 3), 101), IsEmpty());
  EXPECT_THAT(places(in_turn(Field::Url, {"/a", "/b", "/c"}, 3), 101), ElementsAre(3));
  EXPECT_THAT(places(in_turn(Field::Url, {"/a", "/b", "/a"}, 4), 101), IsEmpty());
  EXPECT_THAT(places({message({}), message({}), message({})}, 101), IsEmpty());
}

TEST_F(KeyedCorrelation, RepeatedUrlDoesNotPushOthersOut) {
  rules_.sid(101, 10, 100, 1).context.different_url = true;
  EXPECT_THAT(places(in_turn(Field::Url, {"/a", "/b", "/b", "/b", "/b", "/c"}, 6), 101), ElementsAre(6));
}

TEST_F(KeyedCorrelation, DifferentAddressesMeanWhatTheySay) {
  rules_.sid(101, 10, 100, 1).context.different_srcip = true;
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"1.1.1.1"}, 6), 101), IsEmpty());
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"1.1.1.1", "2.2.2.2", "3.3.3.3"}, 3), 101), ElementsAre(3));
}

TEST_F(KeyedCorrelation, NotSameMeansDifferent) {
  Rule& rule = rules_.sid(101, 10, 100, 1);
  rule.context.same_user = true;
  rule.context.not_same_source_ip = true;
  const auto attempt = [&](const std::string& user, const std::string& address) {
    return message({{Field::DstUser, user}, {Field::SrcIp, address}});
  };
  EXPECT_THAT(places({attempt("bob", "1"), attempt("bob", "1"), attempt("bob", "1")}, 101), IsEmpty());
  EXPECT_THAT(places({attempt("bob", "1"), attempt("bob", "2"), attempt("eve", "3"), attempt("bob", "4")}, 101),
              ElementsAre(4));
}

TEST_F(KeyedCorrelation, NotSameIdAndUser) {
  Rule& rule = rules_.sid(101, 10, 100, 1);
  rule.context.not_same_id = true;
  rule.context.not_same_user = true;
  const auto attempt = [&](const std::string& id, const std::string& user) {
    return message({{Field::Id, id}, {Field::DstUser, user}});
  };
  EXPECT_THAT(places({attempt("1", "a"), attempt("2", "b"), attempt("3", "b"), attempt("4", "c")}, 101),
              ElementsAre(4));
}

TEST_F(KeyedCorrelation, NotSameAgentLooksAtTheAgentNotItsFiles) {
  rules_.sid(101, 10, 100, 0).context.not_same_agent = true;
  Message log = message({});
  log.hostname = "(web) 10.0.0.1->/var/log/a";
  Message other_file = message({});
  other_file.hostname = "(web) 10.0.0.1->/var/log/b";
  Message other_agent = message({});
  other_agent.hostname = "(db) 10.0.0.2->/var/log/a";
  EXPECT_THAT(places({log, other_file, other_agent}, 101), ElementsAre(3));
}

TEST_F(KeyedCorrelation, SameBehindNotSameHasTheLastWord) {
  Rule& rule = rules_.sid(101, 10, 100, 1);
  rule.context.same_source_ip = true;
  rule.context.not_same_source_ip = true;
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"1.1.1.1"}, 3), 101), ElementsAre(3));
}

TEST_F(KeyedCorrelation, SidAndGroupBothCount) {
  rules_.group(102, 9, {100}, 0);
  rules_.sid(101, 8, 100, 5);
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"1.1.1.1"}, 4), 102), ElementsAre(2, 4));
}

TEST_F(KeyedCorrelation, EventCountsOnceHoweverManyPlacesItsRuleHas) {
  rules_.group(101, 10, {100}, 1);
  rules_.tree.by_id.at(100)->feeds_groups[0].times = 3;
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"1.1.1.1"}, 3), 101), ElementsAre(3));
}

TEST_F(KeyedCorrelation, RegexHonoursSameLocation) {
  rules_.regex(101, 10, 100, 0).context.same_location = true;
  Message one = message({});
  Message other = message({});
  other.hostname = "other";
  EXPECT_THAT(places({one, other, one, other}, 101), ElementsAre(3, 4));
}

// A rule over all addresses fires at each fourth event; that says nothing about the one address that another rule
// watches (whose events 2, 7, 17 and 22 count; 12 belongs to the other rule).
TEST_F(KeyedCorrelation, FiringOverManySourcesSettlesNoSingleOne) {
  rules_.sid(101, 12, 100, 2, 600);
  rules_.sid(102, 10, 100, 3, 600).context.same_source_ip = true;
  std::vector<Message> all;
  for (int i = 0; i < 40; ++i) {
    all.push_back(from(i % 5 == 1 ? "6.6.6.6" : "10.0.0." + std::to_string(i)));
  }
  EXPECT_THAT(places(all, 102), ElementsAre(27));
}

// On one source the same firing settles both, as in OSSEC.
TEST_F(KeyedCorrelation, FiringOverOneSourceSettlesIt) {
  rules_.sid(101, 12, 100, 2, 600);
  rules_.sid(102, 10, 100, 3, 600).context.same_source_ip = true;
  EXPECT_THAT(places(in_turn(Field::SrcIp, {"6.6.6.6"}, 40), 102), IsEmpty());
}

TEST_F(KeyedCorrelation, ShowsNoLinesOfAnEarlierSearch) {
  rules_.add(110, 5);
  Rule& many = rules_.sid(101, 10, 100, 5);
  Rule& child = rules_.add(102, 3);
  child.line_store = &many;
  rules_.below(110, child);
  auto all = in_turn(Field::SrcIp, {"1.1.1.1"}, 4);
  all[3].base = 110;
  Scene scene(rules_, make_keyed_correlation);
  for (size_t i = 0; i < 3; ++i) scene.decide(all[i]);
  const Verdict last = scene.decide(all[3]);
  EXPECT_EQ(last.rule, 102);
  EXPECT_THAT(last.lines, IsEmpty());
}

TEST_F(KeyedCorrelation, LinesSurviveALaterSearchThatFails) {
  rules_.sid(101, 10, 100, 1);
  rules_.sid(102, 12, 101, 3);
  Scene scene(rules_, make_keyed_correlation);
  Verdict last;
  for (const Message& m : in_turn(Field::SrcIp, {"1.1.1.1"}, 3)) last = scene.decide(m);
  EXPECT_EQ(last.rule, 101);
  EXPECT_THAT(last.lines, ElementsAre("n=2", "n=1"));
}

// Ages are those at the current event's time; a later one is inside every timeframe, as in OSSEC.
TEST_F(KeyedCorrelation, TimeMayStepBack) {
  rules_.sid(101, 10, 100, 1, 30);
  EXPECT_THAT(places({from("1", kStart), from("1", kStart + 1), from("1", kStart - 1000)}, 101), ElementsAre(3));
}

TEST_F(KeyedCorrelation, StragglersDoNotPushOutWhatIsInTime) {
  rules_.sid(101, 10, 100, 1, 30);
  rules_.add(110, 5);
  rules_.tree.by_id.at(101)->matched_sid = 110;
  rules_.tree.by_id.at(110)->keeps_sid_list = true;
  const auto fed = [&](int64_t time) {
    Message m = from("1", time);
    m.base = 110;
    return m;
  };
  EXPECT_THAT(places({fed(kStart), fed(kStart + 1), fed(kStart - 1000), fed(kStart - 999), from("1", kStart + 2)}, 101),
              ElementsAre(5));
}

TEST_F(KeyedCorrelation, LineDatedInTheFutureForgetsNothing) {
  rules_.sid(101, 10, 100, 2, 30).context.same_source_ip = true;
  std::vector<Message> all;
  for (int i = 0; i < 1000; ++i) all.push_back(from("10.0.0." + std::to_string(i), kStart));
  all.push_back(from("6.6.6.6", kStart));
  all.push_back(from("6.6.6.6", kStart));
  all.push_back(from("9.9.9.9", kStart + 100'000'000));
  all.push_back(from("6.6.6.6", kStart + 1));
  all.push_back(from("6.6.6.6", kStart + 1));
  EXPECT_THAT(places(all, 101), ElementsAre(1005));
}

// A stream in order keeps only what is inside the timeframe.
TEST_F(KeyedCorrelation, TimeEmptiesWindows) {
  rules_.sid(101, 10, 100, 3, 30).context.same_source_ip = true;
  Scene scene(rules_, make_keyed_correlation, {.keyed_cap = 1000});
  for (int i = 0; i < 20'000; ++i) scene.decide(from(std::to_string(i), kStart + i));
  EXPECT_EQ(scene.correlation().evicted(), 0U);
}

TEST_F(KeyedCorrelation, ResultsDoNotDependOnTheSeed) {
  rules_.sid(101, 10, 100, 1, 60).context.same_source_ip = true;
  std::vector<Message> all;
  for (int i = 0; i < 500; ++i) all.push_back(from(std::to_string(i * 7919 % 97), kStart + i));
  const auto first = places(all, 101, {.keyed_cap = 50});
  for (int i = 0; i < 5; ++i) EXPECT_EQ(places(all, 101, {.keyed_cap = 50}), first);
}

// Any bytes are keys: empty values, NUL, values that run together.
TEST_F(KeyedCorrelation, HostileValuesAreKeptApart) {
  Rule& rule = rules_.sid(101, 10, 100, 0, 60);
  rule.context.same_source_ip = true;
  rule.context.same_user = true;
  const auto attempt = [&](const std::string& address, const std::string& user) {
    return message({{Field::SrcIp, address}, {Field::DstUser, user}});
  };
  EXPECT_THAT(places({attempt("ab", "c"), attempt("a", "bc"), attempt("", "abc"), attempt(std::string("\0", 1), "abc"),
                      attempt("abc", ""), attempt("", "abc")},
                     101),
              ElementsAre(6));
}

}  // namespace
}  // namespace gander::rules
