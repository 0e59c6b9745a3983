#include "store/state_db.h"

#include <gtest/gtest.h>

#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

const base::Instant kNow = base::from_unix(1709632800);

StateDb opened(const TempHome& home) {
  Result<StateDb> db = StateDb::open(home / "queue/gander.db", StateDb::Access::ReadWrite, kNow);
  EXPECT_TRUE(db) << db.error().message;
  return std::move(*db);
}

TEST(StateDb, KeepsPlacesCountsRunsAndValues) {
  TempHome home;
  {
    StateDb db = opened(home);
    EXPECT_TRUE(db.is_new());
    StateDb::Change change;
    change.batch = 1;
    change.places = {{"a", std::string("\0bytes\xff", 7)}, {"b", ""}};
    change.counts = {{"a", "lines", 3}, {"a", "analysed", 2}};
    ASSERT_TRUE(db.apply(change));
    change.batch = 2;
    change.places = {{"a", "next"}};
    ASSERT_TRUE(db.apply(change));
    ASSERT_TRUE(db.set_last_run("report:daily", kNow));
    ASSERT_TRUE(db.set_value("k", "v"));
  }
  StateDb db = opened(home);
  EXPECT_FALSE(db.is_new());
  EXPECT_EQ(db.batch(), 2u);
  EXPECT_EQ(*db.places(), (std::vector<SourcePlace>{{"a", "next"}, {"b", ""}}));
  EXPECT_EQ(*db.counts(), (std::vector<SourceCount>{{"a", "analysed", 4}, {"a", "lines", 6}}));
  EXPECT_EQ(*db.last_run("report:daily"), kNow);
  EXPECT_EQ(*db.last_run("other"), std::nullopt);
  EXPECT_EQ(*db.value("k"), "v");
  EXPECT_EQ(*db.value("other"), std::nullopt);
  ASSERT_TRUE(db.forget_counts("a"));
  EXPECT_TRUE(db.counts()->empty());
}

TEST(StateDb, TheSameBatchAgainChangesNothing) {
  TempHome home;
  StateDb db = opened(home);
  StateDb::Change change;
  change.batch = 1;
  change.counts = {{"a", "lines", 3}};
  ASSERT_TRUE(db.apply(change));
  ASSERT_TRUE(db.apply(change));
  EXPECT_EQ(db.counts()->at(0).value, 3u);
}

TEST(StateDb, GoesBackToWhatWasFlushed) {
  TempHome home;
  StateDb db = opened(home);
  StateDb::Change change;
  change.batch = 1;
  change.places = {{"a", "1"}, {"gone", "1"}};
  change.counts = {{"a", "lines", 1}};
  ASSERT_TRUE(db.apply(change));
  ASSERT_TRUE(db.mark_flushed());
  change.batch = 2;
  change.places = {{"a", "2"}, {"new", "2"}};
  change.forgotten = {"gone"};
  ASSERT_TRUE(db.apply(change));
  EXPECT_EQ(db.places()->size(), 2u);
  EXPECT_EQ(*db.flushed_places(), (std::vector<SourcePlace>{{"a", "1"}, {"gone", "1"}}));
  ASSERT_TRUE(db.return_to_flushed());
  EXPECT_EQ(*db.places(), (std::vector<SourcePlace>{{"a", "1"}, {"gone", "1"}}));
  EXPECT_EQ(db.counts()->at(0).value, 1u);
}

TEST(StateDb, ADamagedFileIsSetAside) {
  for (const std::string& content :
       {std::string("this is no database at all, not even a little"), std::string(4096, '\0')}) {
    TempHome home;
    home.write("queue/gander.db", content);
    StateDb db = opened(home);
    EXPECT_NE(db.note().find("damaged-20240305-100000"), std::string::npos) << db.note();
    EXPECT_TRUE(home.has("queue/gander.db.damaged-20240305-100000"));
    EXPECT_TRUE(db.is_new());
  }
}

TEST(StateDb, ADamagedPageIsFound) {
  TempHome home;
  {
    StateDb db = opened(home);
    StateDb::Change change;
    change.batch = 1;
    for (int i = 0; i < 2000; ++i) change.places.push_back({"source " + std::to_string(i), std::string(50, 'p')});
    ASSERT_TRUE(db.apply(change));
  }
  std::string bytes = home.read("queue/gander.db");
  ASSERT_GT(bytes.size(), 40'000u);
  std::fill(bytes.begin() + 8192, bytes.begin() + 40'000, '\x7f');
  home.write("queue/gander.db", bytes);
  StateDb db = opened(home);
  EXPECT_FALSE(db.note().empty());
  EXPECT_TRUE(db.places()->empty());
}

TEST(StateDb, ReadersDoNotMakeFiles) {
  TempHome home;
  EXPECT_FALSE(StateDb::open(home / "queue/gander.db", StateDb::Access::ReadOnly, kNow));
  EXPECT_FALSE(home.has("queue/gander.db"));
}

}  // namespace
}  // namespace gander::store
