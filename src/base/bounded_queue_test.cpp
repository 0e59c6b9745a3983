#include "base/bounded_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace gander::base {
namespace {

TEST(BoundedQueue, KeepsOrder) {
  BoundedQueue<int> queue(4);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(queue.push(i));
  EXPECT_EQ(queue.size(), 4U);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(queue.pop(), i);
  EXPECT_EQ(queue.try_pop(), std::nullopt);
}

TEST(BoundedQueue, DropsTheOldestAndCounts) {
  BoundedQueue<int> queue(2, QueuePolicy::DropOldestAndCount);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(queue.push(i));
  EXPECT_EQ(queue.dropped(), 3U);
  EXPECT_EQ(queue.pop(), 3);
  EXPECT_EQ(queue.pop(), 4);
}

TEST(BoundedQueue, CloseLetsTheRestBePopped) {
  BoundedQueue<std::unique_ptr<int>> queue(2);
  EXPECT_TRUE(queue.push(std::make_unique<int>(7)));
  queue.close();
  EXPECT_FALSE(queue.push(std::make_unique<int>(8)));
  const auto value = queue.pop();
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(**value, 7);
  EXPECT_FALSE(queue.pop().has_value());
  EXPECT_TRUE(queue.closed());
}

TEST(BoundedQueue, StopThrowsAwayAndWakesABlockedProducer) {
  BoundedQueue<int> queue(1);
  ASSERT_TRUE(queue.push(1));
  std::atomic<bool> accepted{true};
  {
    const std::jthread producer([&] { accepted = queue.push(2); });
    EXPECT_LE(queue.stop(), 1U);
  }
  EXPECT_FALSE(accepted.load());
  EXPECT_FALSE(queue.pop().has_value());
}

TEST(BoundedQueue, StopWakesABlockedConsumer) {
  BoundedQueue<int> queue(1);
  bool got = true;
  {
    const std::jthread consumer([&] { got = queue.pop().has_value(); });
    queue.stop();
  }
  EXPECT_FALSE(got);
}

TEST(BoundedQueue, ManyProducersAndConsumersLoseNothing) {
  constexpr int kEach = 2000;
  constexpr int kProducers = 3;
  BoundedQueue<int> queue(8);
  std::atomic<int64_t> sum{0};
  std::atomic<int> count{0};
  {
    std::vector<std::jthread> consumers;
    for (int c = 0; c < 3; ++c) {
      consumers.emplace_back([&] {
        while (const std::optional<int> value = queue.pop()) {
          sum += *value;
          ++count;
        }
      });
    }
    {
      std::vector<std::jthread> producers;
      for (int p = 0; p < kProducers; ++p) {
        producers.emplace_back([&] {
          for (int i = 1; i <= kEach; ++i) queue.push(i);
        });
      }
    }
    queue.close();
  }
  EXPECT_EQ(count.load(), kEach * kProducers);
  EXPECT_EQ(sum.load(), int64_t{kProducers} * kEach * (kEach + 1) / 2);
}

}  // namespace
}  // namespace gander::base
