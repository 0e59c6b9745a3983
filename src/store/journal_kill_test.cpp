// Every step of a commit is a place to be killed at, or to be told that the disk is full. Whatever happens, each batch
// is in every file exactly once.
#include <gtest/gtest.h>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>

#include "store/alert_chain.h"
#include "store/journal.h"
#include "store/spool.h"
#include "store/testing/temp_home.h"

namespace gander::store {
namespace {

using testing::TempHome;

constexpr int kBatches = 5;
const base::Instant kNow = base::from_unix(1709632800);

JournalOptions options_for(const std::string& home, FaultSeam seam = {}) {
  JournalOptions o;
  o.home = home;
  o.now = kNow;
  o.json = true;
  o.segment_bytes = 256;  // so that segments change in the middle
  o.boot_id = "this boot";
  o.seam = std::move(seam);
  return o;
}

// What batch `n` adds. The third one crosses midnight.
void fill(Batch& batch, int n) {
  const std::string tag = "batch " + std::to_string(n) + "\n";
  batch.set_day({2024, 3, n <= 3 ? 5 : 6});
  batch.log(LogKind::Archives) += "archive " + tag;
  batch.log(LogKind::Alerts) += "alert " + tag;
  batch.log(LogKind::AlertsJson) += "json " + tag;
  if (n == 3) {
    batch.set_day({2024, 3, 6});
    batch.log(LogKind::Alerts) += "behind midnight " + tag;
  }
  for (int i = 0; i < 3; ++i) {
    batch.open_record() += "record " + std::to_string(i) + " of " + tag + std::string(40, 'r');
  }
  batch.append_to("queue/fts/fts-queue") += "seen " + tag;
  batch.replace("queue/diff/h1/1/last-entry", "output " + tag);
  batch.place("file", std::to_string(n));
  if (n == 2) batch.forget_source("old file");
  if (n == 1) batch.place("old file", "x");
  batch.count("file", "lines", static_cast<uint64_t>(n));
  if (n % 2 == 0) batch.response("respond to " + tag);
}

// A source that knows how far it was judged, and sends the rest. Ends when a commit fails.
bool run(Journal& journal) {
  int next = 1;
  for (const SourcePlace& p : journal.places()) {
    if (p.source == "file") next = std::stoi(p.place) + 1;
  }
  for (; next <= kBatches; ++next) {
    fill(journal.batch(), next);
    if (!journal.commit()) return false;
    if (next == 4 && !journal.sync()) return false;
  }
  return true;
}

// Everything that counts of a home, as one text.
std::string picture(const TempHome& home) {
  std::string all;
  for (const Day day : {Day{2024, 3, 5}, Day{2024, 3, 6}}) {
    for (const LogKind kind : {LogKind::Archives, LogKind::Alerts, LogKind::AlertsJson}) {
      all += "--- " + dated_name(kind, day) + "\n" + home.read(dated_name(kind, day));
      all += "chain " + std::to_string(std::hash<std::string>()(home.read(chain_name(dated_name(kind, day))))) + "\n";
    }
  }
  all += "--- fts\n" + home.read("queue/fts/fts-queue") + "--- diff\n" + home.read("queue/diff/h1/1/last-entry");
  Result<SpoolReader> reader = SpoolReader::open(home.path(), "", SpoolReader::Start::Oldest);
  EXPECT_TRUE(reader);
  for (Result<std::optional<std::string_view>> record = reader->next(); record && *record; record = reader->next()) {
    all += "spool " + std::string(**record) + "\n";
  }
  EXPECT_EQ(reader->skipped_bytes(), 0u);
  Result<StateDb> state = StateDb::open(home / "queue/gander.db", StateDb::Access::ReadOnly, kNow);
  EXPECT_TRUE(state);
  const auto places = state->places();
  const auto counts = state->counts();
  for (const SourcePlace& p : *places) all += "place " + p.source + " " + p.place + "\n";
  for (const SourceCount& c : *counts) all += "count " + c.name + " " + std::to_string(c.value) + "\n";
  return all;
}

constexpr const char* kKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";

std::string expected_picture() {
  TempHome home;
  home.write("etc/alerts.key", kKey);
  {
    Result<std::unique_ptr<Journal>> journal = Journal::open(options_for(home.path()));
    EXPECT_TRUE(journal);
    EXPECT_TRUE(run(**journal));
  }
  return picture(home);
}

int steps_of_a_run() {
  TempHome home;
  home.write("etc/alerts.key", kKey);
  int steps = 0;
  Result<std::unique_ptr<Journal>> journal =
      Journal::open(options_for(home.path(), [&](std::string_view) { return ++steps, 0; }));
  EXPECT_TRUE(journal && run(**journal));
  return steps;
}

// Runs in a child that dies at the step of that number; `torn`: half of that step's bytes are written first. True: it
// came to that step.
enum class Death { Clean, Torn };
bool die_at(const TempHome& home, int step, Death death) {
  const pid_t child = ::fork();
  if (child == 0) {
    int seen = 0;
    const FaultSeam seam = [&](std::string_view name) {
      if (name == "torn") ::_exit(9);
      if (++seen < step) return 0;
      if (death == Death::Torn) return kTorn;
      ::_exit(9);
    };
    Result<std::unique_ptr<Journal>> journal = Journal::open(options_for(home.path(), seam));
    const bool done = journal && run(**journal);
    ::_exit(done ? 0 : 8);  // without the orderly stop
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  return WEXITSTATUS(status) != 0;
}

void finish(const TempHome& home) {
  Result<std::unique_ptr<Journal>> journal = Journal::open(options_for(home.path()));
  ASSERT_TRUE(journal) << journal.error().message;
  ASSERT_TRUE(run(**journal));
}

TEST(JournalKill, AtEveryStepEachBatchIsThereOnce) {
  const std::string expected = expected_picture();
  const int steps = steps_of_a_run();
  ASSERT_GT(steps, 50);
  for (const Death death : {Death::Clean, Death::Torn}) {
    for (int step = 1; step <= steps; ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      TempHome home;
      home.write("etc/alerts.key", kKey);
      EXPECT_TRUE(die_at(home, step, death));
      finish(home);
      ASSERT_EQ(picture(home), expected);
    }
  }
}

TEST(JournalKill, AgainAndAgainDuringRecovery) {
  const std::string expected = expected_picture();
  const int steps = steps_of_a_run();
  for (int step = 3; step <= steps; step += 13) {
    for (int second = 1; second <= 12; second += 2) {
      SCOPED_TRACE("steps " + std::to_string(step) + ", " + std::to_string(second));
      TempHome home;
      home.write("etc/alerts.key", kKey);
      die_at(home, step, Death::Torn);
      die_at(home, second, second % 4 == 1 ? Death::Torn : Death::Clean);
      finish(home);
      ASSERT_EQ(picture(home), expected);
    }
  }
}

TEST(JournalFault, AtEveryStepTheBatchIsKeptAndDoneLater) {
  const std::string expected = expected_picture();
  const int steps = steps_of_a_run();
  for (const int error : {ENOSPC, EROFS, EIO, kTorn}) {
    const int stride = error == ENOSPC || error == kTorn ? 1 : 7;
    for (int step = 1; step <= steps; step += stride) {
      SCOPED_TRACE("step " + std::to_string(step) + " error " + std::to_string(error));
      TempHome home;
      home.write("etc/alerts.key", kKey);
      int seen = 0;
      int left = 0;
      const FaultSeam seam = [&](std::string_view name) {
        if (name == "torn") return 0;
        if (++seen == step) left = 3;  // it stays full for a while
        return left > 0 ? (--left, error) : 0;
      };
      Result<std::unique_ptr<Journal>> journal = Journal::open(options_for(home.path(), seam));
      for (int tries = 0; !journal && tries < 5; ++tries) journal = Journal::open(options_for(home.path(), seam));
      ASSERT_TRUE(journal);
      for (int n = 1; n <= kBatches; ++n) {
        fill((*journal)->batch(), n);
        int failures = 0;
        for (Result<void> done = (*journal)->commit(); !done; done = (*journal)->commit()) {
          EXPECT_TRUE((*journal)->pending());
          ASSERT_LT(++failures, 5) << done.error().message;
        }
        if (n % 2 == 0) {
          EXPECT_EQ((*journal)->responses().size(), 1u);
        }
      }
      EXPECT_FALSE((*journal)->pending());
      journal->reset();
      ASSERT_EQ(picture(home), expected);
    }
  }
}

// A child whose files may not pass a size; then the limit goes away.
TEST(JournalFault, AFileThatMayNotGrow) {
  TempHome home;
  home.write("etc/alerts.key", kKey);
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    Result<std::unique_ptr<Journal>> journal = Journal::open(options_for(home.path()));
    const rlimit small{200, RLIM_INFINITY};
    const rlimit large{RLIM_INFINITY, RLIM_INFINITY};
    bool good = journal.has_value();
    bool failed = false;
    for (int n = 1; good && n <= kBatches; ++n) {
      fill((*journal)->batch(), n);
      ::setrlimit(RLIMIT_FSIZE, &small);
      const bool first = (*journal)->commit().has_value();
      failed = failed || !first;
      ::setrlimit(RLIMIT_FSIZE, &large);
      good = first || (*journal)->commit().has_value();
    }
    ::_exit(good && failed ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(picture(home), expected_picture());
}

// A small file system over a folder, gone with the test however it ends.
struct SmallFileSystem {
  explicit SmallFileSystem(const std::string& at) : path(at) {
    mounted = ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=4m") == 0;
  }
  ~SmallFileSystem() {
    if (mounted) ::umount2(path.c_str(), MNT_DETACH);
  }
  SmallFileSystem(const SmallFileSystem&) = delete;
  SmallFileSystem& operator=(const SmallFileSystem&) = delete;

  std::string path;
  bool mounted = false;
};

TEST(JournalFault, AFileSystemThatFills) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root to mount a small tmpfs";
  TempHome home;
  const SmallFileSystem small(home.path());
  if (!small.mounted) GTEST_SKIP() << "cannot mount a tmpfs here";
  {
    JournalOptions o = options_for(home.path());
    o.segment_bytes = 64 * 1024;
    Result<std::unique_ptr<Journal>> journal = Journal::open(o);
    ASSERT_TRUE(journal) << journal.error().message;
    Result<SpoolReader> reader = SpoolReader::open(home.path(), "r", SpoolReader::Start::Oldest);
    ASSERT_TRUE(reader);
    std::string expected;
    int full = 0;
    for (int n = 0; n < 120; ++n) {
      const std::string line = "alert " + std::to_string(n) + " " + std::string(30'000, 'x') + "\n";
      if (n % 60 == 0) expected.clear();
      expected += line;
      // Room is made as an administrator makes it: the next day's file begins, old ones go.
      if (n == 60) {
        ASSERT_TRUE((*journal)->start_day({2024, 3, 6}));
        std::filesystem::remove(home / dated_name(LogKind::Alerts, {2024, 3, 5}));
        std::filesystem::remove(home / chain_name(dated_name(LogKind::Alerts, {2024, 3, 5})));
      }
      (*journal)->batch().log(LogKind::Alerts) += line;
      (*journal)->batch().open_record() += line;
      if ((*journal)->commit()) continue;
      ++full;
      std::filesystem::remove(home / "ballast");
      for (Result<std::optional<std::string_view>> r = reader->next(); r && *r; r = reader->next()) {
      }
      ASSERT_TRUE(reader->publish());
      (*journal)->remove_passed_segments();
      const Result<void> again = (*journal)->commit();
      ASSERT_TRUE(again) << again.error().message;
    }
    EXPECT_GT(full, 0);
    EXPECT_EQ(home.read("logs/alerts/alerts.log"), expected);
  }
}

TEST(JournalFault, APowerCutGoesBackToWhatWasFlushed) {
  TempHome home;
  {
    Result<std::unique_ptr<Journal>> journal = Journal::open(options_for(home.path()));
    ASSERT_TRUE(journal);
    fill((*journal)->batch(), 1);
    ASSERT_TRUE((*journal)->commit());
    ASSERT_TRUE((*journal)->sync());
  }
  die_at(home, 1'000'000, Death::Clean);  // batches 2 to 5; 4 was flushed
  JournalOptions o = options_for(home.path());
  o.boot_id = "the next boot";
  Result<std::unique_ptr<Journal>> journal = Journal::open(o);
  ASSERT_TRUE(journal);
  ASSERT_EQ((*journal)->places().size(), 1u);
  EXPECT_EQ((*journal)->places()[0].place, "4");
  uint64_t lines = 0;
  const auto counts = (*journal)->state().counts();
  for (const SourceCount& c : *counts) lines += c.value;
  EXPECT_EQ(lines, 1u + 2 + 3 + 4);
  // Judged again, and from now on a kill finds the new journal.
  fill((*journal)->batch(), 5);
  ASSERT_TRUE((*journal)->commit());
  EXPECT_EQ((*journal)->places()[0].place, "5");
}

}  // namespace
}  // namespace gander::store
