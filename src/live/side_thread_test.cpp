#include "live/side_thread.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <thread>

namespace gander::live {
namespace {

bool is_readable(const SideThread& side, int milliseconds) {
  pollfd p{side.descriptor(), POLLIN, 0};
  return ::poll(&p, 1, milliseconds) == 1;
}

TEST(SideThread, DoesWorkElsewhereAndWakesItsOwner) {
  SideThread side;
  EXPECT_FALSE(side.busy());
  EXPECT_FALSE(is_readable(side, 0));
  for (int n = 0; n < 100; ++n) {
    std::thread::id where;
    side.start([&] { where = std::this_thread::get_id(); });
    EXPECT_TRUE(side.busy());
    ASSERT_TRUE(is_readable(side, 10'000));
    ASSERT_TRUE(side.take());
    EXPECT_NE(where, std::this_thread::get_id());
    EXPECT_FALSE(side.busy());
    EXPECT_FALSE(side.take());
    EXPECT_FALSE(is_readable(side, 0));
  }
}

TEST(SideThread, WaitsForTheEndOfItsWork) {
  int done = 0;
  {
    SideThread side;
    side.start([&] { ++done; });
    side.wait();
    EXPECT_EQ(done, 1);
    EXPECT_TRUE(side.busy());
    EXPECT_TRUE(side.take());
    side.wait();
    side.start([&] { ++done; });
  }
  EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace gander::live
