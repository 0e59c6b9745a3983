#include "rules/ignore_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gander::rules {
namespace {

using model::Compat;
using model::Field;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class IgnoreListTest : public ::testing::TestWithParam<Compat> {
 protected:
  void SetUp() override { decoder_.name = "app"; }
  model::Event login(const std::string& user, const std::string& address, const std::string& data = "d") {
    model::Event e;
    e.decoder = &decoder_;
    e.location = "loc";
    e.set(Field::DstUser, e.keep(user));
    e.set(Field::SrcIp, e.keep(address));
    e.set(Field::Data, e.keep(data));
    e.set(Field::Id, "A");
    e.set(Field::DstIp, "2.2.2.2");
    e.set(Field::SystemName, "sys");
    return e;
  }

  model::MemoryStateStore store_;
  model::DecoderInfo decoder_;
  Rule rule_;
};

TEST_P(IgnoreListTest, LineHasEightPlaces) {
  IgnoreList list(store_, StoreWrites::Yes, GetParam());
  rule_.ignore_items = kIgnoreUser | kIgnoreSrcIp;
  EXPECT_TRUE(list.allows(rule_, login("bob", "1.1.1.1")));
  rule_.ignore_items = kIgnoreSrcIp | kIgnoreId;
  EXPECT_TRUE(list.allows(rule_, login("bob", "1.1.1.1")));
  rule_.ignore_items =
      kIgnoreUser | kIgnoreSrcIp | kIgnoreDstIp | kIgnoreId | kIgnoreLocation | kIgnoreData | kIgnoreName;
  EXPECT_TRUE(list.allows(rule_, login("bob", "1.1.1.1")));
  EXPECT_THAT(store_.ignore_lines(),
              ElementsAre("  bob 1.1.1.1    ", " A  1.1.1.1    ", "app A bob 1.1.1.1 2.2.2.2 d  loc"));
}

TEST_P(IgnoreListTest, AddsAndThenDrops) {
  IgnoreList list(store_, StoreWrites::Yes, GetParam());
  rule_.ignore_items = rule_.check_if_ignored_items = kIgnoreUser | kIgnoreSrcIp;
  EXPECT_TRUE(list.allows(rule_, login("bob", "1.1.1.1")));
  EXPECT_FALSE(list.allows(rule_, login("bob", "1.1.1.1")));
  EXPECT_TRUE(list.allows(rule_, login("eve", "1.1.1.1")));
  EXPECT_THAT(store_.ignore_lines(), ElementsAre("  bob 1.1.1.1    ", "  eve 1.1.1.1    "));
}

TEST_P(IgnoreListTest, LinesOfTheStoreAreKnownAndNothingIsAddedWithoutWrites) {
  store_.add_ignore("  bob 1.1.1.1    ");
  IgnoreList list(store_, StoreWrites::No, GetParam());
  rule_.ignore_items = rule_.check_if_ignored_items = kIgnoreUser | kIgnoreSrcIp;
  EXPECT_FALSE(list.allows(rule_, login("bob", "1.1.1.1")));
  EXPECT_TRUE(list.allows(rule_, login("eve", "1.1.1.1")));
  EXPECT_TRUE(list.allows(rule_, login("eve", "1.1.1.1")));
}

INSTANTIATE_TEST_SUITE_P(Both, IgnoreListTest, ::testing::Values(Compat::Ossec43, Compat::Mended),
                         [](const auto& each) { return each.param == Compat::Mended ? "mended" : "ossec43"; });

TEST_F(IgnoreListTest, DataOfACheckIsTakenFromIgnoreOnlyUnderOssec43) {
  rule_.check_if_ignored_items = kIgnoreUser | kIgnoreData;
  for (const Compat compat : {Compat::Ossec43, Compat::Mended}) {
    model::MemoryStateStore store;
    store.add_ignore("  bob     ");
    IgnoreList list(store, StoreWrites::Yes, compat);
    EXPECT_EQ(list.allows(rule_, login("bob", "1.1.1.1", "other")), compat == Compat::Mended);
  }
}

TEST_F(IgnoreListTest, LongNameIsComparedWholeWhenMended) {
  rule_.ignore_items = rule_.check_if_ignored_items = kIgnoreUser | kIgnoreSrcIp;
  const std::string user(300, 'u');
  for (const Compat compat : {Compat::Ossec43, Compat::Mended}) {
    model::MemoryStateStore store;
    IgnoreList list(store, StoreWrites::Yes, compat);
    EXPECT_TRUE(list.allows(rule_, login(user, "1.1.1.1")));
    EXPECT_EQ(list.allows(rule_, login(user, "6.6.6.6")), compat == Compat::Mended);
  }
}

TEST_F(IgnoreListTest, GiantLineIsNotKept) {
  rule_.ignore_items = rule_.check_if_ignored_items = kIgnoreUser;
  IgnoreList list(store_, StoreWrites::Yes, Compat::Mended);
  const auto e = login(std::string(1'000'000, 'u'), "1.1.1.1");
  EXPECT_TRUE(list.allows(rule_, e));
  EXPECT_TRUE(list.allows(rule_, e));
  EXPECT_THAT(store_.ignore_lines(), IsEmpty());
}

class IgnoreTimersTest : public ::testing::Test {
 protected:
  std::vector<int64_t> allowed(IgnoreTimers timers, const std::vector<int64_t>& times) {
    Rule rule;
    rule.ignore_time = std::chrono::seconds(10);
    std::vector<int64_t> found;
    for (const int64_t t : times) {
      if (timers.allows(rule, base::from_unix(1'709'632'800 + t))) found.push_back(t);
    }
    return found;
  }
  const std::vector<int64_t> times_{0, 3, 9, 10, 11, 12, 25, 26};
};

TEST_F(IgnoreTimersTest, Daemon) {
  EXPECT_THAT(allowed({IgnoreBehaviour::Daemon, 1}, times_), ElementsAre(0, 10, 25));
}

TEST_F(IgnoreTimersTest, TestTool) {
  EXPECT_THAT(allowed({IgnoreBehaviour::TestTool, 1}, times_), ElementsAre(0, 10, 11, 25, 26));
}

TEST_F(IgnoreTimersTest, RuleWithoutIgnoreIsNeverSilent) {
  IgnoreTimers timers(IgnoreBehaviour::Daemon, 1);
  const Rule rule;
  EXPECT_TRUE(timers.allows(rule, base::from_unix(0)));
  EXPECT_TRUE(timers.allows(rule, base::from_unix(0)));
}

// A line dated in the future must not silence the rule until then.
TEST_F(IgnoreTimersTest, TimeThatStepsBackFarEndsTheSilenceWhenMended) {
  const std::vector<int64_t> times{100'000, 0, 5, 10};
  EXPECT_THAT(allowed({IgnoreBehaviour::Daemon, 1, Compat::Mended}, times), ElementsAre(100'000, 0, 10));
  EXPECT_THAT(allowed({IgnoreBehaviour::Daemon, 1, Compat::Ossec43}, times), ElementsAre(100'000));
}

}  // namespace
}  // namespace gander::rules
