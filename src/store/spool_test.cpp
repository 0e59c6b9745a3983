#include "store/spool.h"

#include <gtest/gtest.h>
#include <poll.h>

#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

std::string frame(const std::string& record) {
  std::string bytes(kFrameHead, '\0');
  bytes += record;
  finish_frame(bytes, 0, bytes.size());
  return bytes;
}

std::string segment(int number) {
  return "queue/alerts/spool/000000000" + std::to_string(number);
}

SpoolReader opened(const TempHome& home, const char* name, SpoolReader::Start start = SpoolReader::Start::Oldest) {
  Result<SpoolReader> reader = SpoolReader::open(home.path(), name, start);
  EXPECT_TRUE(reader) << reader.error().message;
  return std::move(*reader);
}

std::vector<std::string> all(SpoolReader& reader) {
  std::vector<std::string> seen;
  for (auto r = reader.next(); r && *r; r = reader.next()) seen.emplace_back(**r);
  return seen;
}

using Records = std::vector<std::string>;

TEST(SpoolReader, ReadsAcrossSegmentsAndGoesOnWhereItWas) {
  TempHome home;
  home.write(segment(1), frame("one") + frame(std::string(3'000'000, 'x')));
  home.write(segment(2), frame("three"));
  SpoolPlace behind_one;
  {
    SpoolReader reader = opened(home, "r");
    ASSERT_EQ(**reader.next(), "one");
    behind_one = reader.place();
    ASSERT_TRUE(reader.publish());
    EXPECT_EQ(all(reader).size(), 2u);
  }
  {
    SpoolReader reader = opened(home, "r");
    EXPECT_EQ(reader.place(), behind_one);
    const Records rest = all(reader);
    ASSERT_EQ(rest.size(), 2u);
    EXPECT_EQ(rest[1], "three");
    ASSERT_TRUE(reader.seek(behind_one));
    EXPECT_EQ(all(reader).size(), 2u);
  }
  SpoolReader newest = opened(home, "late", SpoolReader::Start::Newest);
  EXPECT_TRUE(all(newest).empty());
  home.write(segment(3), frame("four"));
  EXPECT_EQ(all(newest), Records{"four"});
}

TEST(SpoolReader, AnUnfinishedFrameIsWaitedFor) {
  TempHome home;
  const std::string bytes = frame("one") + frame("two");
  for (size_t cut = 0; cut < bytes.size(); ++cut) {
    home.write(segment(1), bytes.substr(0, cut));
    SpoolReader reader = opened(home, "");
    const Records before = all(reader);
    home.write(segment(1), bytes);
    Records seen = before;
    for (const std::string& record : all(reader)) seen.push_back(record);
    EXPECT_EQ(seen, (Records{"one", "two"})) << cut;
    EXPECT_EQ(reader.skipped_bytes(), 0u);
  }
}

TEST(SpoolReader, ATornTailIsLeftBehind) {
  TempHome home;
  for (const std::string& tail :
       {frame("torn").substr(0, 9), std::string(20, '\0'), std::string("\xff\xff\xff\xff garbage")}) {
    home.write(segment(1), frame("one") + tail);
    home.write(segment(2), frame("two"));
    SpoolReader reader = opened(home, "");
    EXPECT_EQ(all(reader), (Records{"one", "two"}));
    EXPECT_EQ(reader.skipped_bytes(), tail.size());
  }
}

TEST(SpoolReader, FramesThatStillArriveAreNotTakenForDamage) {
  TempHome home;
  std::string bytes = frame("one") + frame("two");
  bytes[bytes.size() - 1] = '\0';
  home.write(segment(1), bytes);
  SpoolReader reader = opened(home, "");
  EXPECT_EQ(all(reader), Records{"one"});
  home.write(segment(1), frame("one") + frame("two"));
  EXPECT_EQ(all(reader), Records{"two"});
}

TEST(SpoolReader, WakesUp) {
  TempHome home;
  home.write(segment(1), frame("one"));
  SpoolReader reader = opened(home, "r");
  EXPECT_EQ(all(reader), Records{"one"});
  reader.drain();
  pollfd wait{reader.descriptor(), POLLIN, 0};
  ASSERT_TRUE(reader.publish());  // places do not wake readers
  EXPECT_EQ(::poll(&wait, 1, 0), 0);
  home.write(segment(2), frame("two"));
  ASSERT_EQ(::poll(&wait, 1, 5000), 1);
  reader.drain();
  EXPECT_EQ(all(reader), Records{"two"});
}

TEST(SpoolReader, ADamagedPlaceStartsAnew) {
  TempHome home;
  home.write(segment(1), frame("one"));
  home.write("queue/alerts/spool/readers/r", "rubbish");
  SpoolReader reader = opened(home, "r");
  EXPECT_EQ(all(reader), Records{"one"});
  ASSERT_TRUE(SpoolReader::forget(home.path(), "r"));
  EXPECT_FALSE(home.has("queue/alerts/spool/readers/r"));
  ASSERT_TRUE(SpoolReader::forget(home.path(), "r"));
}

TEST(SpoolReader, APlaceWhoseSegmentIsGoneBecomesTheOldest) {
  TempHome home;
  home.write(segment(3), frame("three"));
  SpoolReader reader = opened(home, "");
  ASSERT_TRUE(reader.seek({1, 500}));
  EXPECT_EQ(all(reader), Records{"three"});
}

TEST(Frame, RefusesWhatIsNotOne) {
  EXPECT_EQ(first_frame("").state, Frame::State::NeedsMore);
  EXPECT_EQ(first_frame("1234567").state, Frame::State::NeedsMore);
  EXPECT_EQ(first_frame(std::string(8, '\0')).state, Frame::State::Damaged);
  EXPECT_EQ(first_frame(std::string(8, '\xff')).state, Frame::State::Damaged);
  std::string bytes = frame("text");
  for (size_t i = 4; i < bytes.size(); ++i) {
    bytes[i] ^= 1;
    EXPECT_EQ(first_frame(bytes).state, Frame::State::Damaged);
    bytes[i] ^= 1;
  }
  EXPECT_EQ(first_frame(bytes).record, "text");
}

}  // namespace
}  // namespace gander::store
