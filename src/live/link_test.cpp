#include "live/link.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

#include <vector>

namespace gander::live {
namespace {

using Got = std::vector<std::pair<Frame, std::string>>;

void pump(Link& link, Got& got) {
  link.pump([&](Frame kind, std::string_view payload) {
    got.emplace_back(kind, std::string(payload));
    return true;
  });
}

void wait_readable(const Link& link) {
  pollfd p{link.descriptor(), POLLIN, 0};
  ::poll(&p, 1, 1000);
}

TEST(Link, FramesComeInOrderAndWhole) {
  auto [a, b] = Link::pair();
  Link left(std::move(a));
  Link right(std::move(b));
  left.send(Frame::Log, "one");
  left.send(Frame::Ready, "");
  left.send(Frame::Batch, std::string(5'000'000, 'x'));
  left.send(Frame::Stop, "last");
  Got got;
  while (got.size() < 4) {
    left.flush();
    pump(right, got);
  }
  EXPECT_EQ(got[0], std::pair(Frame::Log, std::string("one")));
  EXPECT_EQ(got[1], std::pair(Frame::Ready, std::string()));
  EXPECT_EQ(got[2].second, std::string(5'000'000, 'x'));
  EXPECT_EQ(got[3], std::pair(Frame::Stop, std::string("last")));
}

TEST(Link, DescriptorsComeWithTheirFrames) {
  auto [a, b] = Link::pair();
  Link left(std::move(a));
  Link right(std::move(b));
  const base::Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  const base::Descriptor zero(::open("/dev/zero", O_RDWR | O_CLOEXEC));
  left.send(Frame::Log, "before");
  left.send(Frame::Peer, "first", null.get());
  left.send(Frame::Peer, "second", zero.get());
  Got got;
  std::vector<dev_t> devices;
  while (got.size() < 3) {
    left.flush();
    wait_readable(right);
    right.pump([&](Frame kind, std::string_view payload) {
      got.emplace_back(kind, std::string(payload));
      if (kind == Frame::Peer) {
        struct stat s {};
        const base::Descriptor fd = right.take_descriptor();
        EXPECT_EQ(::fstat(fd.get(), &s), 0);
        devices.push_back(s.st_rdev);
      }
      return true;
    });
  }
  struct stat s {};
  ::fstat(null.get(), &s);
  ASSERT_EQ(devices.size(), 2u);
  EXPECT_EQ(devices[0], s.st_rdev);
  ::fstat(zero.get(), &s);
  EXPECT_EQ(devices[1], s.st_rdev);
}

TEST(Link, WhoeverTakesMayStop) {
  auto [a, b] = Link::pair();
  Link left(std::move(a));
  Link right(std::move(b));
  for (int i = 0; i < 3; ++i) left.send(Frame::Log, std::to_string(i));
  wait_readable(right);
  int taken = 0;
  const auto one = [&](Frame, std::string_view) {
    ++taken;
    return false;
  };
  EXPECT_TRUE(right.pump(one));
  EXPECT_EQ(taken, 1);
  EXPECT_TRUE(right.pump(one));
  EXPECT_FALSE(right.pump(one));
  EXPECT_EQ(taken, 3);
}

TEST(Link, AClosedEndIsKnownWhenAllWasRead) {
  auto [a, b] = Link::pair();
  Link right(std::move(b));
  {
    Link left(std::move(a));
    left.send(Frame::Log, "last words");
  }
  Got got;
  pump(right, got);
  pump(right, got);
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(right.state(), Link::State::Closed);
  right.send(Frame::Log, "nobody hears this");
}

TEST(Link, AFrameTooLargeEndsTheLink) {
  auto [a, b] = Link::pair();
  Link right(std::move(b));
  const uint32_t length = 0xffffffff;
  ASSERT_EQ(::write(a.get(), &length, sizeof length), 4);
  ASSERT_EQ(::write(a.get(), "x", 1), 1);
  Got got;
  pump(right, got);
  EXPECT_TRUE(got.empty());
  EXPECT_EQ(right.state(), Link::State::Closed);
}

}  // namespace
}  // namespace gander::live
