#include "store/indexer.h"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cerrno>

#include "base/file.h"
#include "model/alert_record.h"
#include "store/alert_query.h"
#include "store/journal.h"
#include "store/spool.h"
#include "store/spool_files.h"
#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

const base::Instant kNow = base::from_unix(1709632800);  // 2024 Mar 05 10:00

model::StoredAlert alert(int n, int day_offset = 0) {
  model::StoredAlert a;
  a.time = kNow + std::chrono::hours(24 * day_offset) + std::chrono::seconds(n);
  a.stored_time = a.time;
  a.id = std::to_string(base::unix_seconds(a.time)) + "." + std::to_string(n);
  a.rule = 100;
  a.level = 5;
  a.log = {"line " + std::to_string(n)};
  const std::string digits = std::to_string(1'000'000 + n);
  a.stable_id = std::string(32 - digits.size(), '0') + digits;
  return a;
}

struct Store {
  TempHome home;
  std::unique_ptr<Journal> journal;

  Store() { open(); }
  void open() {
    JournalOptions o;
    o.home = home.path();
    o.now = kNow;
    o.boot_id = "boot";
    o.segment_bytes = 4000;
    Result<std::unique_ptr<Journal>> opened = Journal::open(o);
    EXPECT_TRUE(opened);
    journal = std::move(*opened);
  }
  void add(int from, int to, int day_offset = 0) {
    journal->batch().set_day({2024, 3, 5 + day_offset});
    for (int n = from; n < to; ++n) {
      model::append_record(journal->batch().open_record(), alert(n, day_offset));
      journal->batch().log(LogKind::Alerts) += std::to_string(n) + "\n";
    }
    EXPECT_TRUE(journal->commit());
  }
  // The test's own form of alerts.log: one number a line.
  LogOfDay log() const {
    return [this](const Day& day, uint64_t most, const AlertTake& take) -> Result<void> {
      const std::string text = home.read(dated_name(LogKind::Alerts, day)).substr(0, most);
      for (size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
        model::StoredAlert a = alert(std::stoi(text.substr(at)), day.day - 5);
        a.stable_id.clear();
        a.time = {};
        take(a);
      }
      return {};
    };
  }
  IndexerOptions options(FaultSeam seam = {}) const {
    IndexerOptions o;
    o.home = home.path();
    o.now = kNow;
    o.rebuild = log();
    o.seam = std::move(seam);
    return o;
  }
  std::vector<std::string> ids() const {
    AlertSearch search(home.path(), base::TimeZone::utc());
    std::vector<std::string> found;
    AlertQuery q;
    q.order = AlertQuery::Order::OldestFirst;
    EXPECT_TRUE(search.run(q, [&](const model::StoredAlert& a) { return found.push_back(a.id), true; }));
    EXPECT_TRUE(search.take_notes().empty());
    return found;
  }
};

std::vector<std::string> expected(int from, int to, int day_offset = 0) {
  std::vector<std::string> out;
  for (int n = from; n < to; ++n) out.push_back(alert(n, day_offset).id);
  return out;
}

void run_all(Indexer& indexer) {
  for (Result<size_t> n = indexer.step();; n = indexer.step()) {
    ASSERT_TRUE(n) << n.error().message;
    if (*n == 0) return;
  }
}

std::unique_ptr<Indexer> opened(const IndexerOptions& options) {
  Result<std::unique_ptr<Indexer>> indexer = Indexer::open(options);
  EXPECT_TRUE(indexer) << indexer.error().message;
  return std::move(*indexer);
}

TEST(Indexer, EachDayHasItsFileAndPassedSegmentsGo) {
  Store store;
  const auto indexer = opened(store.options());
  store.add(0, 100);
  store.add(100, 150, 1);
  run_all(*indexer);
  std::vector<std::string> all = expected(0, 100);
  for (const std::string& id : expected(100, 150, 1)) all.push_back(id);
  EXPECT_EQ(store.ids(), all);
  EXPECT_EQ(indexed_days(store.home.path()), (std::vector<Day>{{2024, 3, 5}, {2024, 3, 6}}));
  store.add(150, 151, 1);
  EXPECT_GT(store.journal->remove_passed_segments(), 0u);
}

TEST(Indexer, KilledAtAnyCommitEachAlertIsInOnce) {
  for (const char* step : {"index.commit", "index.committed"}) {
    for (int at = 1; at <= 2; ++at) {
      Store store;
      opened(store.options());
      store.add(0, 40);
      store.add(40, 60, 1);
      const pid_t child = ::fork();
      if (child == 0) {
        int seen = 0;
        const auto indexer = opened(store.options([&](std::string_view name) {
          if (name == step && ++seen == at) ::_exit(9);
          return 0;
        }));
        while (indexer->step().value_or(0) > 0) {
        }
        ::_exit(0);
      }
      int status = 0;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      EXPECT_EQ(WEXITSTATUS(status), 9);
      run_all(*opened(store.options()));
      EXPECT_EQ(store.ids().size(), 60u) << step << at;
    }
  }
}

TEST(Indexer, AFullDiskIsTriedAgain) {
  Store store;
  bool full = true;
  const auto indexer = opened(store.options([&](std::string_view) { return full ? ENOSPC : 0; }));
  store.add(0, 10);
  EXPECT_FALSE(indexer->step());
  EXPECT_FALSE(indexer->step());
  full = false;
  run_all(*indexer);
  EXPECT_EQ(store.ids(), expected(0, 10));
}

TEST(Indexer, ARepeatIsKnownByItsStableId) {
  Store store;
  const auto indexer = opened(store.options());
  store.add(0, 10);
  store.add(5, 15);
  run_all(*indexer);
  EXPECT_EQ(store.ids(), expected(0, 15));
}

TEST(Indexer, ADamagedFileIsSetAsideAndMadeAgainFromTheLogs) {
  Store store;
  {
    const auto indexer = opened(store.options());
    store.add(0, 50);
    run_all(*indexer);
  }
  const std::string name = "logs/index/2024-03-05.db";
  store.home.write(name, std::string(20'000, 'x'));
  std::filesystem::remove(store.home / name + "-wal");
  const auto indexer = opened(store.options());
  store.add(50, 60);
  run_all(*indexer);
  EXPECT_EQ(store.ids(), expected(0, 60));
  const std::vector<std::string> notes = indexer->take_notes();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("made again from the logs"), std::string::npos);
  EXPECT_TRUE(store.home.has(name + ".damaged-20240305-100000"));
}

TEST(Rebuild, BesideARunningIndexerNothingIsTwiceOrMissing) {
  Store store;
  const auto indexer = opened(store.options());
  store.add(0, 50);
  run_all(*indexer);
  store.add(50, 60);  // in the log, not yet in the index
  const Result<uint64_t> count = rebuild_index(store.home.path(), {2024, 3, 5}, store.log());
  ASSERT_TRUE(count) << count.error().message;
  EXPECT_EQ(*count, 60u);
  store.add(60, 70);
  run_all(*indexer);
  EXPECT_EQ(store.ids(), expected(0, 70));
  EXPECT_FALSE(base::exists(reader_file(store.home.path(), "reindex")));
}

TEST(Rebuild, WhatIsIndexedMeanwhileStaysInTheSpool) {
  Store store;
  const auto indexer = opened(store.options());
  store.add(0, 50);
  run_all(*indexer);
  const LogOfDay log = store.log();
  const LogOfDay slow = [&](const Day& day, uint64_t most, const AlertTake& take) {
    store.add(50, 90);  // while the logs are read
    run_all(*indexer);
    store.journal->remove_passed_segments();
    return log(day, most, take);
  };
  const Result<uint64_t> count = rebuild_index(store.home.path(), {2024, 3, 5}, slow);
  ASSERT_TRUE(count) << count.error().message;
  EXPECT_EQ(*count, 50u);
  run_all(*indexer);
  EXPECT_EQ(store.ids(), expected(0, 90));
}

TEST(Rebuild, OfAHomeWithoutSpool) {
  TempHome home;
  home.write("logs/alerts/2024/Mar/ossec-alerts-05.log", "");
  const LogOfDay log = [](const Day&, uint64_t, const AlertTake& take) -> Result<void> {
    model::StoredAlert a = alert(1);
    a.time = {};
    a.location = "h1->/var/log/x";
    take(a);
    return {};
  };
  const Result<uint64_t> count = rebuild_index(home.path(), {2024, 3, 5}, log);
  ASSERT_TRUE(count) << count.error().message;
  AlertSearch search(home.path(), base::TimeZone::utc());
  AlertQuery q;
  q.host = "h1";
  q.since = kNow;
  EXPECT_EQ(*search.run(q, [](const auto&) { return true; }), 1u);
}

}  // namespace
}  // namespace gander::store
