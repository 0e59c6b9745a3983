#include "integrity/watch.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

#include "integrity/scan_schedule.h"
#include "integrity/testing/scan_bench.h"

namespace gander::integrity {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;
using Reach = Scanner::Dirty::Reach;
using std::chrono::milliseconds;

constexpr Coalescer::Time kStart{};

PathEvent event(std::string path, PathEvent::State state = PathEvent::State::Settled) {
  return {std::move(path), state, PathEvent::Entry::File, std::nullopt};
}

TEST(Coalescer, ManyEventsOfAFileAreOneLook) {
  Coalescer c;
  c.add(event("/a/f", PathEvent::State::Writing), kStart);
  c.add(event("/a/f", PathEvent::State::Writing), kStart + milliseconds(5));
  EXPECT_TRUE(c.take(kStart + milliseconds(500)).empty());  // still written to
  c.add(event("/a/f"), kStart + milliseconds(600));         // closed
  ASSERT_TRUE(c.next());
  const auto dirty = c.take(kStart + milliseconds(700));
  ASSERT_EQ(dirty.size(), 1U);
  EXPECT_EQ(dirty[0].path, "/a/f");
  EXPECT_TRUE(c.take(kStart + std::chrono::hours(1)).empty());
}

TEST(Coalescer, AFileThatIsNeverQuietIsLookedAtAllTheSame) {
  Coalescer c;
  milliseconds at{0};
  size_t looks = 0;
  for (; at < std::chrono::seconds(60); at += milliseconds(500)) {
    c.add(event("/log", PathEvent::State::Writing), kStart + at);
    looks += c.take(kStart + at).size();
  }
  EXPECT_GE(looks, 5U);
}

TEST(Coalescer, AStormStaysBoundedAndForgetsNothing) {
  Coalescer c;
  for (int i = 0; i < 100'000; ++i) c.add(event("/watched/one/f" + std::to_string(i)), kStart);
  EXPECT_LE(c.size(), 1024U);
  std::vector<Scanner::Dirty> dirty = c.take(kStart + std::chrono::seconds(10));
  ASSERT_EQ(dirty.size(), 1U);
  EXPECT_EQ(dirty[0].path, "/watched/one");
  EXPECT_EQ(dirty[0].reach, Reach::Directory);
  for (int i = 0; i < 100'000; ++i) c.add(event("/watched/x/y/z/d" + std::to_string(i) + "/f"), kStart);
  EXPECT_LE(c.size(), 65'536U);
  EXPECT_TRUE(c.took_trees());
  std::vector<Scanner::Dirty> all;
  do {
    dirty = c.take(kStart + std::chrono::seconds(20));
    EXPECT_LE(dirty.size(), 4096U);
    all.insert(all.end(), dirty.begin(), dirty.end());
  } while (!dirty.empty());
  bool covered = false;
  for (const Scanner::Dirty& one : all) covered = covered || (one.reach == Reach::Tree && one.path == "/watched/x/y/z");
  EXPECT_TRUE(covered);
}

// Who stands behind an event: a process of this number.
PathEvent event_by(std::string path, int64_t pid) {
  PathEvent out = event(std::move(path));
  out.actor.emplace();
  out.actor->pid = pid;
  return out;
}

TEST(Coalescer, OfAFileTheLastOneIsNamed) {
  Coalescer c;
  c.add(event_by("/a/f", 1), kStart);
  c.add(event_by("/a/f", 2), kStart);
  const auto dirty = c.take(kStart + std::chrono::seconds(1));
  ASSERT_EQ(dirty.size(), 1U);
  ASSERT_TRUE(dirty[0].actor);
  EXPECT_EQ(dirty[0].actor->pid, 2);
}

TEST(Coalescer, NobodyIsBlamedForWhatAnotherDidInTheFolder) {
  for (const bool two : {false, true}) {
    Coalescer c;
    for (int i = 0; i < 2000; ++i) c.add(event_by("/a/f" + std::to_string(i), two && i == 3 ? 2 : 1), kStart);
    auto dirty = c.take(kStart + std::chrono::seconds(10));
    ASSERT_EQ(dirty.size(), 1U);
    EXPECT_EQ(dirty[0].reach, Reach::Directory);
    EXPECT_EQ(dirty[0].actor.has_value(), !two);
    // The same when the folder is new, or stands for its names already.
    PathEvent made = event_by("/new", 1);
    made.entry = PathEvent::Entry::NewDirectory;
    c.add(made, kStart);
    c.add(event_by("/new/f", two ? 2 : 1), kStart);
    c.add(event_by("/new/g", 1), kStart);
    dirty = c.take(kStart + std::chrono::seconds(20));
    ASSERT_EQ(dirty.size(), 1U);
    EXPECT_EQ(dirty[0].actor.has_value(), !two);
  }
}

class LiveWatch : public testing::TestWithParam<Watch::Options::Use> {
 protected:
  void SetUp() override {
    spew(b.file("start"), "1");
    fs::create_directories(b.file("sub/deep"));
    auto opened = Watch::open(b.plan(), {GetParam(), -1});
    ASSERT_TRUE(opened);
    watch.emplace(std::move(*opened));
    if (GetParam() == Watch::Options::Use::Best && watch->means() != "fanotify") {
      GTEST_SKIP() << "fanotify is not allowed here";
    }
    scanner = std::make_unique<Scanner>(b.plan(), b.baseline(), b.pool(), b.sink, b.options());
    scanner->on_directory([&](const std::string& path, const WatchRoot&) { watch->watch_directory(path); });
    ASSERT_TRUE(scanner->scan());
    b.sink.told.clear();
  }
  // Everything that has happened until now, by a clock of our own.
  std::vector<Change> settle() {
    b.sink.told.clear();
    for (;;) {
      watch->read(now);
      now += std::chrono::seconds(30);
      const auto dirty = watch->take(now);
      if (dirty.empty() && watch->waiting() == 0) break;
      EXPECT_TRUE(scanner->check(dirty));
    }
    return b.sink.told;
  }
  Names names() { return names_of(settle(), b.dir()); }

  ScanBench b{R"(<directories check_all="yes" realtime="yes">@DIR@</directories>)"};
  std::optional<Watch> watch;
  std::unique_ptr<Scanner> scanner;
  Coalescer::Time now = std::chrono::steady_clock::now();
};

TEST_P(LiveWatch, FilesDirectoriesAndRenames) {
  spew(b.file("sub/deep/f"), "1");
  EXPECT_EQ(names(), Names{"new /sub/deep/f"});
  fs::rename(b.file("sub"), b.file("moved"));
  EXPECT_EQ(names(), (Names{"deleted /sub/deep/f", "new /moved/deep/f"}));
  spew(b.file("moved/deep/f"), "22");
  EXPECT_EQ(names(), Names{"changed /moved/deep/f"});
  fs::remove_all(b.file("moved"));
  EXPECT_EQ(names(), Names{"deleted /moved/deep/f"});
  spew(b.file("n1/n2/n3/f"), "1");
  EXPECT_EQ(names(), Names{"new /n1/n2/n3/f"});
  spew(b.file("n1/n2/n3/g"), "1");
  EXPECT_EQ(names(), Names{"new /n1/n2/n3/g"});
  spew(b.file("temporary"), "1");
  fs::rename(b.file("temporary"), b.file("start"));
  EXPECT_TRUE(names().empty()) << "replaced by the same content";
}

TEST_P(LiveWatch, AStormOfFilesIsToldToTheLastState) {
  fs::create_directories(b.file("storm"));
  settle();
  for (int i = 0; i < 4'000; ++i) {
    const std::string name = b.file("storm/f" + std::to_string(i));
    std::ofstream(name) << i;
    if (i % 2 == 0) ::unlink(name.c_str());
  }
  EXPECT_EQ(settle().size(), 2'000U);
  fs::remove_all(b.file("storm"));
  EXPECT_EQ(settle().size(), 2'000U);
}

TEST_P(LiveWatch, AnOverflowIsSaidAndNothingIsLost) {
  const std::string limit = slurp("/proc/sys/fs/" + watch->means() + "/max_queued_events");
  const long renames = limit.empty() ? 0 : std::stol(limit) + 1000;  // both names may be one event
  if (renames == 0 || renames > 200'000) GTEST_SKIP() << "the kernel's queue is too long: " << limit;
  std::string name = b.file("start");
  for (long i = 0; i < renames; ++i) {
    const std::string next = b.file("r" + std::to_string(i));
    fs::rename(name, next);
    name = next;
  }
  spew(b.file("sub/behind"), "its own event was dropped");
  EXPECT_EQ(names(), (Names{"deleted /start", "new " + name.substr(b.dir().size()), "new /sub/behind"}));
  EXPECT_EQ(watch->overflows(), 1U);
  const Names notes = watch->take_notes();
  EXPECT_TRUE(std::any_of(notes.begin(), notes.end(),
                          [](const std::string& note) { return note.find("dropped events") != std::string::npos; }));
}

TEST_P(LiveWatch, WhoDidIt) {
  if (watch->means() != "fanotify") GTEST_SKIP() << "only fanotify knows";
  spew(b.file("start"), "by this very test");
  const std::vector<Change> told = settle();
  ASSERT_EQ(told.size(), 1U);
  ASSERT_TRUE(told[0].actor);
  EXPECT_EQ(told[0].actor->pid, ::getpid());
  EXPECT_EQ(told[0].actor->parent, ::getppid());
  EXPECT_EQ(told[0].actor->uid, static_cast<int64_t>(::getuid()));
  EXPECT_TRUE(told[0].actor->executable.ends_with("gander_integrity_test")) << told[0].actor->executable;
  EXPECT_NE(change_json(told[0], wall_clock()).find("\"actor\":{\"pid\":"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Means, LiveWatch, testing::Values(Watch::Options::Use::Best, Watch::Options::Use::Inotify));

TEST(ScanSchedule, PauseTimeAndDay) {
  const auto at = [](const char* text) { return *base::parse_instant(text, base::TimeZone::utc()); };
  config::Syscheck s;
  s.frequency = 100;
  ScanSchedule plain(s, base::TimeZone::utc(), at("2026-01-15 12:00:00"));
  EXPECT_TRUE(plain.due(at("2026-01-15 12:00:00")));
  plain.done(at("2026-01-15 12:01:00"));
  EXPECT_FALSE(plain.due(at("2026-01-15 12:02:40")));
  EXPECT_TRUE(plain.due(at("2026-01-15 12:02:41")));
  plain.done(at("2026-01-15 12:03:00"));
  EXPECT_FALSE(plain.due(at("2026-01-10 12:00:00")));  // the clock ran back
  EXPECT_TRUE(plain.due(at("2026-01-10 12:02:00")));

  s.scan_on_start = false;
  s.scan_time = 8 * 60 + 30;
  s.scan_days = 1 << 5;                                                     // Friday
  ScanSchedule timed(s, base::TimeZone::utc(), at("2026-01-15 12:00:00"));  // a Thursday
  EXPECT_FALSE(timed.due(at("2026-01-15 12:30:00")));
  EXPECT_FALSE(timed.due(at("2026-01-16 08:29:00")));
  EXPECT_TRUE(timed.due(at("2026-01-16 08:30:00")));
  timed.done(at("2026-01-16 08:40:00"));
  EXPECT_FALSE(timed.due(at("2026-01-16 20:00:00")));
  EXPECT_FALSE(timed.due(at("2026-01-17 09:00:00")));
}

}  // namespace
}  // namespace gander::integrity
