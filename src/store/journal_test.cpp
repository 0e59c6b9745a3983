#include "store/journal.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cerrno>
#include <thread>

#include "model/alert_record.h"
#include "store/spool.h"
#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

const base::Instant kNow = base::from_unix(1709632800);  // 2024 Mar 05 10:00:00

JournalOptions options_for(const TempHome& home) {
  JournalOptions o;
  o.home = home.path();
  o.now = kNow;
  o.boot_id = "boot";
  return o;
}

std::unique_ptr<Journal> opened(const JournalOptions& o) {
  Result<std::unique_ptr<Journal>> journal = Journal::open(o);
  EXPECT_TRUE(journal) << journal.error().message;
  return std::move(*journal);
}

void add(Journal& journal, const std::string& text) {
  journal.batch().log(LogKind::Alerts) += text;
  journal.batch().place("s", text);
  const Result<void> done = journal.commit();
  EXPECT_TRUE(done) << done.error().message;
}

ino_t inode(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

TEST(Journal, DatedFilesAndTheirFixedNames) {
  TempHome home;
  const auto journal = opened(options_for(home));
  EXPECT_TRUE(home.has("logs/archives/2024/Mar/ossec-archive-05.log"));
  EXPECT_TRUE(home.has("logs/firewall/2024/Mar/ossec-firewall-05.log"));
  EXPECT_FALSE(home.has("logs/alerts/alerts.json"));
  add(*journal, "one\n");
  add(*journal, "two\n");
  EXPECT_EQ(home.read("logs/alerts/2024/Mar/ossec-alerts-05.log"), "one\ntwo\n");
  EXPECT_EQ(inode(home / "logs/alerts/alerts.log"), inode(home / "logs/alerts/2024/Mar/ossec-alerts-05.log"));
  struct stat status {};
  ASSERT_EQ(::stat((home / "logs/alerts/alerts.log").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0037, 0u);
}

TEST(Journal, WhoReadsAlongMayComeBeforeTheFirstAlert) {
  TempHome home;
  const auto journal = opened(options_for(home));
  const auto reader = SpoolReader::open(home.path(), "", SpoolReader::Start::Newest);
  EXPECT_TRUE(reader) << reader.error().message;
}

TEST(Journal, TheDayChangesWithTheHour) {
  TempHome home;
  JournalOptions o = options_for(home);
  o.json = true;
  const auto journal = opened(o);
  EXPECT_EQ(journal->day_of(kNow + std::chrono::minutes(30)), (Day{2024, 3, 5}));
  // The same hour of the next day: OSSEC does not look at the date.
  EXPECT_EQ(journal->day_of(kNow + std::chrono::hours(24)), (Day{2024, 3, 5}));
  const Day next = journal->day_of(kNow + std::chrono::hours(25));
  EXPECT_EQ(next, (Day{2024, 3, 6}));
  journal->batch().log(LogKind::Alerts) += "old\n";
  journal->batch().set_day(next);
  journal->batch().log(LogKind::Alerts) += "new\n";
  ASSERT_TRUE(journal->commit());
  EXPECT_EQ(home.read("logs/alerts/2024/Mar/ossec-alerts-05.log"), "old\n");
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), "new\n");
  EXPECT_FALSE(home.has("logs/archives/2024/Mar/ossec-archive-05.log"));  // it was empty
  EXPECT_FALSE(home.has("logs/alerts/2024/Mar/ossec-alerts-05.json"));
  EXPECT_TRUE(home.has("logs/archives/2024/Mar/ossec-archive-06.log"));
  // A closed day is not gone back to.
  home.write("logs/alerts/2024/Mar/ossec-alerts-05.log.sum", "sum");
  EXPECT_EQ(journal->day_of(kNow), (Day{2024, 3, 6}));
}

TEST(Journal, MidnightWithoutEvents) {
  TempHome home;
  const auto journal = opened(options_for(home));
  add(*journal, "one\n");
  ASSERT_TRUE(journal->start_day({2024, 3, 6}));
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), "");
  add(*journal, "two\n");
  EXPECT_EQ(home.read("logs/alerts/2024/Mar/ossec-alerts-06.log"), "two\n");
}

TEST(Journal, TheNextBatchIsGatheredWhileOneIsWrittenElsewhere) {
  TempHome home;
  const auto journal = opened(options_for(home));
  std::string expected;
  for (int n = 0; n < 50; ++n) {
    const std::string text = std::to_string(n) + " " + std::string(20'000, 'x') + "\n";
    expected += text;
    journal->batch().log(LogKind::Alerts) += text;
    journal->batch().response(std::to_string(n));
    journal->seal();
    EXPECT_TRUE(journal->batch().empty());
    Result<void> done;
    std::thread side([&] { done = journal->commit_sealed(); });
    const std::string meanwhile = std::to_string(n) + " meanwhile\n";
    expected += meanwhile;
    journal->batch().log(LogKind::Alerts) += meanwhile;
    EXPECT_EQ(journal->day_of(kNow), (Day{2024, 3, 5}));
    side.join();
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(journal->responses(), std::vector<std::string>{std::to_string(n)});
    EXPECT_TRUE(journal->pending());
    EXPECT_FALSE(journal->sealed());
    ASSERT_TRUE(journal->commit());
    EXPECT_FALSE(journal->pending());
  }
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), expected);
}

TEST(Journal, WhatIsGatheredBehindAFailureComesBehindIt) {
  TempHome home;
  JournalOptions o = options_for(home);
  int faults = 0;
  o.seam = [&](std::string_view step) { return step == "target.write" && faults > 0 ? (--faults, ENOSPC) : 0; };
  const auto journal = opened(o);
  journal->batch().log(LogKind::Alerts) += "one\n";
  journal->seal();
  faults = 1;
  EXPECT_FALSE(journal->commit_sealed());
  EXPECT_TRUE(journal->sealed());
  journal->batch().log(LogKind::Alerts) += "two\n";
  EXPECT_FALSE(journal->close());
  ASSERT_TRUE(journal->commit_sealed());
  EXPECT_TRUE(journal->pending());
  ASSERT_TRUE(journal->commit());
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), "one\ntwo\n");
}

TEST(Journal, ASecondInstanceIsRefused) {
  TempHome home;
  const auto journal = opened(options_for(home));
  const Result<std::unique_ptr<Journal>> second = Journal::open(options_for(home));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, "A205");
}

TEST(Journal, WhatOthersDoToItsFilesIsSaidAndNothingIsLost) {
  TempHome home;
  const auto journal = opened(options_for(home));
  add(*journal, "one\n");
  journal->take_notes();
  home.write("logs/alerts/2024/Mar/ossec-alerts-05.log", "");  // shortened in place
  add(*journal, "two\n");
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), "two\n");
  EXPECT_EQ(journal->take_notes().size(), 1u);
  std::filesystem::remove(home / "logs/alerts/2024/Mar/ossec-alerts-05.log");
  std::filesystem::remove(home / "logs/alerts/alerts.log");
  add(*journal, "three\n");
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), "three\n");
  EXPECT_EQ(home.read("logs/alerts/2024/Mar/ossec-alerts-05.log"), "three\n");
  EXPECT_FALSE(journal->take_notes().empty());
}

TEST(Journal, RecordsAreIdentifiedWithTheCommit) {
  TempHome home;
  const auto journal = opened(options_for(home));
  Result<SpoolReader> reader = SpoolReader::open(home.path(), "r", SpoolReader::Start::Oldest);
  ASSERT_TRUE(reader);
  journal->set_ruleset("rules");
  model::RecordHead head;
  head.id.bytes.fill(7);
  const auto add = [&] { model::append_record_head(journal->batch().open_record(), head); };
  add();
  journal->batch().identify_record("file:/a", "1@2#0", 100);
  add();
  add();
  journal->batch().identify_record("file:/b", "", 101);
  ASSERT_TRUE(journal->commit());
  std::vector<model::StableId> ids;
  for (auto r = reader->next(); r && *r; r = reader->next()) {
    model::RecordView view;
    ASSERT_TRUE(view.parse(**r));
    ids.push_back(view.head().id);
  }
  StableIdMaker maker("rules");
  EXPECT_EQ(ids,
            (std::vector<model::StableId>{maker.of("file:/a", "1@2#0", 100), head.id, maker.of("file:/b", "", 101)}));
}

TEST(Journal, AForeignByteInTheSpoolLosesNoRecord) {
  TempHome home;
  const auto journal = opened(options_for(home));
  Result<SpoolReader> reader = SpoolReader::open(home.path(), "r", SpoolReader::Start::Oldest);
  ASSERT_TRUE(reader);
  const auto record = [&](const char* text) {
    journal->batch().open_record() += text;
    EXPECT_TRUE(journal->commit());
  };
  record("one");
  std::ofstream(home / "queue/alerts/spool/0000000001", std::ios::app) << "?";
  record("two");
  std::vector<std::string> seen;
  for (auto r = reader->next(); r && *r; r = reader->next()) seen.emplace_back(**r);
  EXPECT_EQ(seen, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(reader->skipped_bytes(), 1u);
}

TEST(Journal, ADamagedStateIsSetAsideAndItsPlacesComeFromTheirCopy) {
  TempHome home;
  {
    const auto journal = opened(options_for(home));
    add(*journal, "one\n");
    add(*journal, "two\n");
  }
  home.write("queue/gander.db", std::string(8192, 'x'));
  const auto journal = opened(options_for(home));
  ASSERT_EQ(journal->places().size(), 1u);
  EXPECT_EQ(journal->places()[0].place, "two\n");
  const std::vector<std::string> notes = journal->take_notes();
  ASSERT_GE(notes.size(), 2u);
  EXPECT_NE(notes[0].find("gander.db.damaged-20240305-100000"), std::string::npos) << notes[0];
  EXPECT_TRUE(home.has("queue/gander.db.damaged-20240305-100000"));
  add(*journal, "three\n");
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), "one\ntwo\nthree\n");
}

TEST(Journal, ResponsesAreGivenUntilTheyWereAsked) {
  TempHome home;
  const auto with_response = [&](Journal& journal, const char* text) {
    journal.batch().response(text);
    EXPECT_TRUE(journal.commit());
  };
  {
    const auto journal = opened(options_for(home));
    with_response(*journal, "block 10.0.0.1");
    EXPECT_EQ(journal->responses(), std::vector<std::string>{"block 10.0.0.1"});
  }
  {
    const auto journal = opened(options_for(home));
    EXPECT_EQ(journal->responses(), std::vector<std::string>{"block 10.0.0.1"});
    journal->responses_asked();
  }
  const auto journal = opened(options_for(home));
  EXPECT_TRUE(journal->responses().empty());
}

TEST(Journal, AFullSpoolHoldsTheBatchUntilAReaderMovesOn) {
  TempHome home;
  JournalOptions o = options_for(home);
  o.segment_bytes = 100;
  o.spool_cap = 400;
  const auto journal = opened(o);
  Result<SpoolReader> reader = SpoolReader::open(home.path(), "mail", SpoolReader::Start::Oldest);
  ASSERT_TRUE(reader);
  Result<void> done;
  int committed = 0;
  for (; done && committed < 20; committed += done ? 1 : 0) {
    journal->batch().open_record() += "record " + std::to_string(committed) + std::string(80, '.');
    done = journal->commit();
  }
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, "A202");
  EXPECT_NE(done.error().message.find("'mail' is behind"), std::string::npos) << done.error().message;
  EXPECT_EQ(committed, 4);
  int seen = 0;
  for (auto r = reader->next(); r && *r; r = reader->next()) ++seen;
  EXPECT_EQ(seen, 4);
  ASSERT_TRUE(reader->publish());
  ASSERT_TRUE(journal->commit());
  const auto last = reader->next();
  ASSERT_TRUE(last && *last);
  EXPECT_TRUE((*last)->starts_with("record 4"));
  // All were passed and removed; numbers go on.
  Result<SpoolExtent> extent = spool_extent(home.path());
  ASSERT_TRUE(extent);
  EXPECT_EQ(extent->oldest.segment, extent->end.segment);
  EXPECT_GT(extent->end.segment, 2u);
}

TEST(Journal, AHomeThatCannotBeWrittenIsAnError) {
  TempHome home;
  home.write("queue", "a file where a folder should be");
  const Result<std::unique_ptr<Journal>> journal = Journal::open(options_for(home));
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().code, "A201");
}

TEST(Journal, ALargeBatchDoesNotLeaveALargeJournal) {
  TempHome home;
  const auto journal = opened(options_for(home));
  add(*journal, std::string(size_t{40} << 20, 'x'));
  EXPECT_LE(std::filesystem::file_size(home / "queue/alerts/journal"), uint64_t{16} << 20);
  add(*journal, "small\n");
}

TEST(Journal, ABrokenKeyIsSaidAndStopsNothing) {
  TempHome home;
  home.write("etc/alerts.key", "not a key");
  const auto journal = opened(options_for(home));
  add(*journal, "one\n");
  EXPECT_EQ(home.read("logs/alerts/alerts.log"), "one\n");
  EXPECT_EQ(journal->take_notes().size(), 1u);
  EXPECT_FALSE(home.has("logs/alerts/2024/Mar/ossec-alerts-05.log.chain"));
}

}  // namespace
}  // namespace gander::store
