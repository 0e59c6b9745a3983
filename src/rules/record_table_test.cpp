#include "rules/record_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace gander::rules {
namespace {

using ::testing::ElementsAre;

KeyHash key(uint64_t n) {
  return {n * 0x9E3779B97F4A7C15ULL, n};
}

std::vector<uint32_t> places(const KeyRecord& record) {
  std::vector<uint32_t> found;
  for (const RecordedEvent& event : record.events()) found.push_back(event.place);
  return found;
}

TEST(RecordTable, FindsEachOfManyKeysUntilItIsDropped) {
  RecordTable table;
  constexpr uint64_t kKeys = 50'000;  // buckets double several times
  for (uint64_t n = 0; n < kKeys; ++n) table.make(static_cast<uint16_t>(n % 3), key(n));
  EXPECT_EQ(table.records(), kKeys);
  for (uint64_t n = 0; n < kKeys; ++n) {
    const uint32_t record = table.find(static_cast<uint16_t>(n % 3), key(n));
    ASSERT_NE(record, RecordTable::kNone) << n;
    EXPECT_EQ(table.at(record).key, key(n));
    if (n % 2 == 0) table.drop(record);
  }
  for (uint64_t n = 0; n < kKeys; ++n) {
    const bool there = table.find(static_cast<uint16_t>(n % 3), key(n)) != RecordTable::kNone;
    ASSERT_EQ(there, n % 2 == 1) << n;
  }
}

TEST(RecordTable, TwoKindsWithOneHashAreTwo) {
  RecordTable table;
  const uint32_t first = table.make(1, key(7));
  EXPECT_EQ(table.find(2, key(7)), RecordTable::kNone);
  EXPECT_NE(table.make(2, key(7)), first);
  EXPECT_EQ(table.find(1, key(7)), first);
}

TEST(RecordTable, SeveralRecordsOfAKeyAreFoundOneAfterTheOther) {
  RecordTable table;
  std::set<uint32_t> made;
  for (int i = 0; i < 5; ++i) {
    made.insert(table.make(1, key(7)));
    table.make(1, key(8));
  }
  std::set<uint32_t> found;
  for (uint32_t r = table.find(1, key(7)); r != RecordTable::kNone; r = table.next(r)) found.insert(r);
  EXPECT_EQ(found, made);
}

TEST(RecordTable, EventsStandByTimeThenArrival) {
  RecordTable table;
  const uint32_t record = table.make(0, key(1));
  table.insert(record, {20, 1, 0, 1, 1});
  table.insert(record, {10, 1, 0, 2, 2});
  table.insert(record, {20, 1, 0, 3, 3});
  EXPECT_THAT(places(table.at(record)), ElementsAre(2, 1, 3));
}

TEST(RecordTable, GrowsWithWhatItHolds) {
  RecordTable table;
  uint32_t record = table.make(4, key(1));
  const uint32_t other = table.make(4, key(2));
  for (uint32_t i = 0; i < 1000; ++i) {
    if (table.full(record)) {
      const uint64_t version = table.version();
      record = table.grow(record);
      EXPECT_NE(table.version(), version);
    }
    table.insert(record, {i, 1, 0, i, i + 1});
  }
  EXPECT_EQ(table.find(4, key(1)), record);
  EXPECT_EQ(table.find(4, key(2)), other);
  ASSERT_EQ(table.at(record).size, 1000U);
  for (uint32_t i = 0; i < 1000; ++i) ASSERT_EQ(table.at(record).events()[i].place, i);
}

TEST(RecordTable, SweepShowsEachOfThemInTurn) {
  RecordTable table;
  std::set<uint32_t> there;
  for (uint64_t n = 0; n < 40'000; ++n) {  // more than a chunk, of several sizes
    const uint32_t record = table.make(0, key(n));
    there.insert(n % 3 == 0 ? table.grow(record) : record);
  }
  std::set<uint32_t> shown;
  for (int i = 0; i < 10'000; ++i) table.sweep(8, [&](uint32_t record) { shown.insert(record); });
  EXPECT_EQ(shown, there);
  for (const uint32_t record : there) table.drop(record);
  for (int i = 0; i < 10'000; ++i) table.sweep(8, [&](uint32_t record) { ADD_FAILURE() << record; });
}

TEST(KeyRecord, FindsAWindowByItsComposite) {
  KeyRecord record;
  EXPECT_EQ(record.window(0), record.windows);  // of an empty one, not its zeros
  record.window_of = {5, 9, 0, 7, 2, 3, 4};
  record.windows = 5;
  EXPECT_EQ(record.window(5), 0U);
  EXPECT_EQ(record.window(0), 2U);
  EXPECT_EQ(record.window(2), 4U);
  EXPECT_EQ(record.window(3), record.windows);  // behind the end
  EXPECT_EQ(record.free_window(0), 5U);
  record.windows = KeyRecord::kMostWindows;
  record.count = {1, 1, 0, 1, 0, 1, 1};
  EXPECT_EQ(record.free_window(0), 2U);
  EXPECT_EQ(record.free_window(1U << 2), 4U);
  EXPECT_EQ(record.free_window(1U << 2 | 1U << 4), KeyRecord::kMostWindows);
}

}  // namespace
}  // namespace gander::rules
