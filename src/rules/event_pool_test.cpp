#include "rules/event_pool.h"

#include <gtest/gtest.h>

#include <string>

namespace gander::rules {
namespace {

class EventPoolTest : public ::testing::Test {
 protected:
  HeldEvent add(EventPool& pool, int64_t time, uint32_t queue = 0, const std::string& text = "a line") {
    model::Event event;
    event.time = base::from_unix(time);
    event.full_log = event.keep(text);
    const HeldEvent held = pool.add(event, 0, queue, &fed_);
    pool.hold(held);
    return held;
  }

  std::vector<uint32_t> fed_;
};

TEST_F(EventPoolTest, LeavesWithItsLastHolder) {
  EventPool pool({60}, {10, 1000});
  const HeldEvent held = add(pool, 100);
  pool.hold(held);
  pool.release(held);
  EXPECT_TRUE(pool.alive(held));
  pool.release(held);
  EXPECT_FALSE(pool.alive(held));
  EXPECT_EQ(pool.event(held).full_log(), "a line");  // until the next event
  pool.release(held);                                // of one that is gone: nothing
  EXPECT_EQ(pool.evicted(), 0U);
}

TEST_F(EventPoolTest, ItsPlaceIsUsedAgainAndTheOldNameStaysDead) {
  EventPool pool({60}, {10, 1000});
  const HeldEvent first = add(pool, 100);
  pool.release(first);
  pool.begin_event();
  const HeldEvent second = add(pool, 100, 0, "another");
  EXPECT_EQ(second.place, first.place);
  EXPECT_FALSE(pool.alive(first));
  EXPECT_TRUE(pool.alive(second));
}

TEST_F(EventPoolTest, CapTakesTheOldestArrivalOfAllQueues) {
  EventPool pool({60, 600}, {3, 1000});
  const HeldEvent a = add(pool, 100, 1);
  const HeldEvent b = add(pool, 100, 0);
  const HeldEvent c = add(pool, 50, 1);  // late: arrival counts, not time
  const HeldEvent d = add(pool, 100, 0);
  EXPECT_FALSE(pool.alive(a));
  EXPECT_FALSE(pool.arrived_lately(a));
  EXPECT_TRUE(pool.arrived_lately(b));
  const HeldEvent e = add(pool, 100, 1);
  EXPECT_FALSE(pool.alive(b));
  EXPECT_TRUE(pool.alive(c) && pool.alive(d) && pool.alive(e));
  EXPECT_EQ(pool.evicted(), 2U);
}

TEST_F(EventPoolTest, CapOfBytesCountsTexts) {
  EventPool pool({60}, {100, 5000});
  for (int i = 0; i < 20; ++i) add(pool, 100, 0, std::string(1000, 'x'));
  EXPECT_GE(pool.evicted(), 15U);
}

TEST_F(EventPoolTest, LeavesWhenOlderThanItsQueue) {
  EventPool pool({60, 600}, {100, 10'000});
  const HeldEvent young = add(pool, 100, 0);
  const HeldEvent old = add(pool, 100, 1);
  pool.expire(0, 160, 16);
  EXPECT_TRUE(pool.alive(young));
  pool.expire(0, 161, 16);
  pool.expire(1, 161, 16);
  EXPECT_FALSE(pool.alive(young));
  EXPECT_TRUE(pool.alive(old));
}

TEST_F(EventPoolTest, OneDatedAheadDoesNotHoldUpTheRest) {
  EventPool pool({60}, {100, 10'000});
  const HeldEvent ahead = add(pool, 1'000'000);
  const HeldEvent next = add(pool, 100);
  pool.expire(0, 200, 16);
  EXPECT_TRUE(pool.alive(ahead));
  EXPECT_FALSE(pool.alive(next));
}

TEST_F(EventPoolTest, HandsItsEventsOverInTheOrderOfTheirArrival) {
  EventPool before({60}, {100, 10'000});
  const HeldEvent gone = add(before, 100);
  const HeldEvent first = add(before, 100, 0, "first");
  before.release(gone);
  before.begin_event();
  const HeldEvent second = add(before, 100, 0, "second");  // in the place of one before `first`
  ASSERT_LT(second.place, first.place);

  EventPool after({60}, {1, 10'000});
  const auto now = after.take_over(before, [&](const std::vector<uint32_t>&) { return EventPool::Fate{0, &fed_}; });
  EXPECT_EQ(after.evicted(), 1U);  // the oldest
  EXPECT_FALSE(after.alive(now[first.place]));
  ASSERT_TRUE(after.alive(now[second.place]));
  EXPECT_EQ(after.event(now[second.place]).full_log(), "second");
}

}  // namespace
}  // namespace gander::rules
