// Whatever becomes of the responder, the scanner goes on, and no answer is lost that could be had.
#include "live/prefilter_door.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "live/wire.h"

namespace gander::live {
namespace {

using std::chrono::milliseconds;
using Check = config::WatchedPaths;

// A scanner's thread that asks about one file after the other, and the link's thread, which is the test's.
class PrefilterDoorTest : public testing::Test {
 protected:
  static constexpr milliseconds kNever{600'000};

  // The question that came over `link`, once there is one.
  static std::string question(PrefilterDoor& door, Link& ours, Link& theirs) {
    std::string out;
    while (out.empty()) {
      door.send_to(ours);
      ours.flush();
      theirs.pump([&](Frame kind, std::string_view payload) {
        EXPECT_EQ(kind, Frame::Filter);
        out = payload;
        return false;
      });
      std::this_thread::yield();
    }
    return out;
  }

  struct Ends {
    Ends() : Ends(Link::pair()) {}
    explicit Ends(std::pair<base::Descriptor, base::Descriptor> pair)
        : ours(std::move(pair.first)), theirs(std::move(pair.second)) {}
    Link ours;
    Link theirs;
  };

  static base::Descriptor output_of(std::string_view text) {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    const base::Descriptor writing(ends[1]);
    EXPECT_EQ(::write(writing.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    return base::Descriptor(ends[0]);
  }

  static bool ask(PrefilterDoor& door, integrity::Digests& out) {
    integrity::Hasher hasher;
    return door.digests("/f", hasher, Check::Md5, out);
  }

  std::atomic<bool> stop{false};
  std::atomic<int> rings{0};
  std::function<void()> ring = [this] { ++rings; };
};

TEST_F(PrefilterDoorTest, NoResponderEverComes) {
  PrefilterDoor door(ring, stop, milliseconds(50));
  integrity::Digests digests;
  EXPECT_FALSE(ask(door, digests));
  EXPECT_EQ(door.take_note(), "prefilter_cmd: there is no responder to run it; the files themselves are hashed");
  // The rest of a scan does not wait for it file by file, and says nothing more.
  const int before = rings;
  EXPECT_FALSE(ask(door, digests));
  EXPECT_EQ(rings, before);
  EXPECT_EQ(door.take_note(), "");
}

TEST_F(PrefilterDoorTest, ResponderThatDoesNotAnswerIsTriedAgainOnceItDoes) {
  PrefilterDoor door(ring, stop, milliseconds(300));
  Ends link;
  integrity::Digests digests;
  std::string first;
  {
    const std::jthread scanner([&] { EXPECT_FALSE(ask(door, digests)); });
    first = question(door, link.ours, link.theirs);
  }
  EXPECT_EQ(door.take_note(), "prefilter_cmd: the responder does not answer; the files themselves are hashed");
  EXPECT_FALSE(ask(door, digests));
  door.answered(first, base::Descriptor());  // too late for its file
  const std::jthread scanner([&] { EXPECT_TRUE(ask(door, digests)); });
  const std::string second = question(door, link.ours, link.theirs);
  EXPECT_NE(second.substr(0, sizeof(uint64_t)), first.substr(0, sizeof(uint64_t)));
  door.answered(second.substr(0, sizeof(uint64_t)), output_of("x"));
}

TEST_F(PrefilterDoorTest, SuccessorOfADeadResponderIsAsked) {
  PrefilterDoor door(ring, stop, kNever);
  integrity::Digests digests;
  {
    const std::jthread scanner([&] { EXPECT_TRUE(ask(door, digests)); });
    Ends dead;
    const std::string asked = question(door, dead.ours, dead.theirs);
    door.responder_changed();
    Ends next;
    EXPECT_EQ(question(door, next.ours, next.theirs), asked);
    door.answered(std::string_view(asked).substr(0, sizeof(uint64_t)), output_of("one"));
  }
  EXPECT_TRUE(digests.present & Check::Md5);
  EXPECT_EQ(door.take_note(), "");
}

TEST_F(PrefilterDoorTest, StoppedScannerSaysNothing) {
  PrefilterDoor door(ring, stop, kNever);
  integrity::Digests digests;
  stop = true;
  EXPECT_FALSE(ask(door, digests));
  EXPECT_EQ(door.take_note(), "");
}

TEST_F(PrefilterDoorTest, RefusalIsSaid) {
  PrefilterDoor door(ring, stop, kNever);
  Ends link;
  integrity::Digests digests;
  {
    const std::jthread scanner([&] { EXPECT_FALSE(ask(door, digests)); });
    const std::string asked = question(door, link.ours, link.theirs);
    door.answered(asked.substr(0, sizeof(uint64_t)) + "too many run already", base::Descriptor());
  }
  EXPECT_EQ(door.take_note(), "prefilter_cmd: too many run already; the files themselves are hashed");
}

}  // namespace
}  // namespace gander::live
