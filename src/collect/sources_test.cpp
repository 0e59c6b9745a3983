#include "collect/sources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "collect/location_pattern.h"
#include "collect/testing/live_rig.h"

namespace gander::collect {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::file_block;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::LiveRig;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using namespace std::chrono_literals;

TEST(LocationPattern, DatesAreLocalTime) {
  const auto zone = base::TimeZone::named("Europe/Rome").value();
  EXPECT_EQ(expand_date("/l/%Y-%m-%d.log", zone, base::from_unix(1'709'681'400)), "/l/2024-03-06.log");
  EXPECT_EQ(expand_date("/l/" + std::string(300, 'x') + "%Y", zone, base::from_unix(0)), std::nullopt);
  EXPECT_THAT(dates_since("a-%d", base::TimeZone::utc(), base::from_unix(1'709'632'800), "a-02"),
              ElementsAre("a-03", "a-04", "a-05"));
  EXPECT_THAT(dates_since("a-%d", base::TimeZone::utc(), base::from_unix(1'709'632'800), "b"), IsEmpty());
}

TEST(Sources, WildcardsArePickedUpLaterToo) {
  const Folder dir;
  dir.append("a.log", "old\n");
  LiveRig rig({file_block(dir / "*.log")});
  rig.run();
  dir.append("a.log", "one\n");
  dir.append("b.txt", "not mine\n");
  dir.append("b.log", "new file\n");
  rig.run();
  EXPECT_THAT(rig.texts(), UnorderedElementsAre("one", "new file"));
  // One that came while nobody looked is read from its beginning, too.
  rig.restart();
  dir.append("c.log", "meanwhile\n");
  rig.run();
  EXPECT_THAT(rig.texts(), ElementsAre("meanwhile"));
}

TEST(Sources, MissingFilesOfTheDefaultConfigurationAreOneLine) {
  const Folder dir;
  dir.append("a.log", "");
  SourceOptions options;
  options.missing = SourceOptions::Missing::SumUp;
  LiveRig rig({file_block(dir / "a.log"), file_block(dir / "b.log"), file_block(dir / "c.log")}, options);
  rig.run();
  const auto said = [&](const std::string& text) { return Contains(HasSubstr(text)); };
  EXPECT_THAT(rig.sink.said, Not(said("ERROR")));
  EXPECT_THAT(rig.sink.said, said("INFO: 2 files of the default configuration are not there and are followed once they "
                                  "are: '" +
                                  (dir / "b.log") + "', '" + (dir / "c.log") + "'."));
  EXPECT_THAT(rig.sink.said, said("Analyzing file: '" + (dir / "a.log")));
  EXPECT_THAT(rig.sink.said, Not(said("Analyzing file: '" + (dir / "b.log"))));
  rig.sink.said.clear();
  dir.append("b.log", "first\n");
  rig.run();
  EXPECT_THAT(rig.texts(), ElementsAre("first"));
  EXPECT_THAT(rig.sink.said, said("Analyzing file: '" + (dir / "b.log")));
  std::filesystem::remove(dir / "b.log");
  rig.pass_time(11s);
  EXPECT_THAT(rig.sink.said, said("(1103): ERROR: Could not open file '" + (dir / "b.log")));
}

TEST(Sources, WildcardsInFolders) {
  const Folder dir;
  LiveRig rig({file_block(dir / "*/app.log")});
  rig.run();
  EXPECT_THAT(rig.sink.said, Contains(HasSubstr("(1121): WARN: Glob error. Invalid pattern")));
  std::filesystem::create_directory(dir / "x");
  Folder::append_to(dir / "x/app.log", "deep\n");
  rig.pass_time(11s);
  EXPECT_THAT(rig.texts(), ElementsAre("deep"));
}

TEST(Sources, AWildcardThatTakesRotatedNamesReadsEachLineOnce) {
  const Folder dir;
  dir.append("a.log", "old\n");
  LiveRig rig({file_block(dir / "a.log*")});
  rig.run();
  dir.append("a.log", "one\n");
  rig.run();
  for (int i = 0; i < 3; ++i) {
    if (std::filesystem::exists(dir / "a.log.1")) dir.rename("a.log.1", "a.log." + std::to_string(i + 1));
    dir.rename("a.log", "a.log.1");
    dir.append("a.log", "n" + std::to_string(i) + "\n");
    rig.pass_time(70s);
  }
  rig.pass_time(200s);
  std::multiset<std::string> lines;
  for (const std::string& text : rig.texts()) {
    if (!text.starts_with("ossec:")) lines.insert(text);
  }
  EXPECT_THAT(lines, UnorderedElementsAre("one", "n0", "n1", "n2"));
}

TEST(Sources, DatesMoveOnAndMissedDaysAreRead) {
  const Folder dir;
  dir.append("app-05.log", "old\n");
  LiveRig rig({file_block(dir / "app-%d.log")});
  rig.run();
  dir.append("app-05.log", "evening\n");
  dir.append("app-06.log", "morning\n");
  rig.after(24h);
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), ElementsAre("evening", "morning"));
  dir.append("app-06.log", "more\n");
  dir.append("app-07.log", "unseen\n");
  dir.append("app-08.log", "today\n");
  rig.restart();
  rig.now.wall += 48h;
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), ElementsAre("more", "unseen", "today"));
}

TEST(Sources, AClockThatJumpsBackLosesNothing) {
  const Folder dir;
  dir.append("a.log", "");
  LiveRig rig({file_block(dir / "a.log"), file_block(dir / "d-%H.log")});
  rig.run();
  rig.now.wall -= 1h;
  dir.append("a.log", "one\n");
  dir.append("d-09.log", "nine\n");
  rig.run().after(2s);
  rig.now.wall += 2h;
  dir.append("d-11.log", "eleven\n");
  dir.append("a.log", "two\n");
  rig.run().after(2s);
  EXPECT_THAT(rig.texts(), UnorderedElementsAre("one", "nine", "eleven", "two"));
}

TEST(Sources, AFullWindowStopsReadingAndLosesNothing) {
  const Folder dir;
  dir.append("a.log", "");
  SourceOptions options;
  options.window_bytes = 100'000;
  LiveRig rig({file_block(dir / "a.log")}, options);
  rig.run();
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i) + "\n";
  dir.append("a.log", text);
  rig.acknowledges = false;
  rig.run();
  const size_t first = rig.sink.records.size();
  EXPECT_LT(first, 100'000U);
  EXPECT_GT(rig.sources().next_deadline(rig.now), rig.now.steady);
  EXPECT_GT(rig.sources().status().at(0).waiting_bytes, 0U);
  rig.pass_time(100s);
  EXPECT_EQ(rig.sink.records.size(), first);
  rig.acknowledges = true;
  rig.sources().acknowledge(rig.sink.last);
  rig.run();
  ASSERT_EQ(rig.sink.records.size(), 100'000U);
  // What waited that long is to be judged at its own time.
  EXPECT_EQ(rig.sink.records.back().age, Age::Backlog);
  EXPECT_EQ(rig.sources().unacknowledged_bytes(), 0U);
}

TEST(Sources, ManyFilesWithFewDescriptors) {
  const Folder dir;
  constexpr int kFiles = 300;
  for (int i = 0; i < kFiles; ++i) dir.append("f" + std::to_string(i) + ".log", "old\n");
  SourceOptions options;
  options.open_files = 10;
  LiveRig rig({file_block(dir / "*.log")}, options);
  rig.run();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < kFiles; ++i) dir.append("f" + std::to_string(i) + ".log", "r" + std::to_string(round) + "\n");
    rig.run();
    size_t open = 0;
    for (const auto& fd : std::filesystem::directory_iterator("/proc/self/fd")) {
      std::error_code error;
      if (std::filesystem::read_symlink(fd, error).string().starts_with(dir.path())) ++open;
    }
    EXPECT_LE(open, 10U);
    EXPECT_EQ(rig.texts().size(), size_t{kFiles});
  }
  // Rotated while its descriptor was given back.
  dir.append("f0.log", "rest\n");
  dir.rename("f0.log", "f0.old");
  dir.append("f0.log", "new\n");
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), ElementsAre("rest", HasSubstr("File rotated"), "new"));
}

TEST(Sources, ALinkIsFollowedToItsFolder) {
  const Folder dir;
  std::filesystem::create_directory(dir / "real");
  Folder::append_to(dir / "real/a.log", "old\n");
  std::filesystem::create_symlink(dir / "real/a.log", dir / "a.log");
  LiveRig rig({file_block(dir / "a.log")});
  rig.run();
  Folder::append_to(dir / "real/a.log", "new\n");
  rig.run();
  EXPECT_THAT(rig.texts(), ElementsAre("new"));
}

TEST(Sources, ReloadKeepsPositions) {
  const Folder dir;
  dir.append("a.log", "");
  dir.append("b.log", "old\n");
  dir.append("c.log", "");
  LiveRig rig({file_block(dir / "a.log"), file_block(dir / "c.log")});
  rig.run();
  dir.append("a.log", "one\n");
  rig.sources().reload({file_block(dir / "a.log", "apache"), file_block(dir / "b.log")});
  rig.run();
  dir.append("b.log", "b\n");
  dir.append("c.log", "not followed any more\n");
  rig.run();
  EXPECT_THAT(rig.texts(), ElementsAre("one", "b"));
  EXPECT_THAT(rig.sources().forgotten(rig.sink.kept()), ElementsAre("file:" + (dir / "c.log")));
}

TEST(Sources, ADuplicateIsReadOnce) {
  const Folder dir;
  dir.append("a.log", "");
  LiveRig rig({file_block(dir / "a.log"), file_block(dir / "a.log", "apache"), file_block(dir / "*.log")});
  rig.run();
  EXPECT_THAT(rig.sink.said,
              Contains("ossec-logcollector: WARN: Duplicated log file given: '" + (dir / "a.log") + "'."));
  dir.append("a.log", "one\n");
  rig.run();
  EXPECT_THAT(rig.texts(), ElementsAre("one"));
}

TEST(Sources, ADamagedPlaceIsToldAndNothingIsLost) {
  const Folder dir;
  dir.append("a.log", "one\n");
  LiveRig rig({file_block(dir / "a.log")}, {}, {{"file:" + (dir / "a.log"), "\xff\xff"}});
  rig.run();
  EXPECT_THAT(rig.texts(), ElementsAre("one"));
  EXPECT_THAT(rig.sink.said, Contains(HasSubstr("is damaged")));
}

TEST(Sources, TheLedgerAddsUp) {
  const Folder dir;
  dir.append("a.log", "");
  LiveRig rig({file_block(dir / "a.log", "audit")});
  rig.run();
  dir.append("a.log", "type=A msg=audit(1:1): x\nbad\ntype=A msg=audit(1:2): y\ntype=A msg=audit(1:2): z\nhalf");
  rig.pass_time(5s);
  const SourceStatus s = rig.sources().status().at(0);
  EXPECT_EQ(s.counts.lines, 4U);
  EXPECT_EQ(s.counts.records, 2U);
  EXPECT_EQ(s.counts.refused, 1U);
  EXPECT_EQ(s.waiting_bytes, 4U);
  EXPECT_EQ(s.counts, rig.sink.counts["file:" + (dir / "a.log")]);
  EXPECT_EQ(s.counts.bytes + s.waiting_bytes, std::filesystem::file_size(dir / "a.log"));
}

TEST(Sources, RelativeLocationsCountFromHome) {
  const Folder dir;
  dir.append("a.log", "");
  SourceOptions options;
  options.home = dir.path();
  LiveRig rig({file_block("a.log")}, options);
  rig.run();
  dir.append("a.log", "one\n");
  rig.run();
  ASSERT_EQ(rig.sink.records.size(), 1U);
  EXPECT_EQ(rig.sink.records[0].location, "a.log");
}

TEST(Sources, AnInvalidDjbNameIsDropped) {
  const Folder dir;
  LiveRig rig({file_block(dir / "x.log", "djb-multilog")});
  rig.run();
  EXPECT_THAT(rig.sink.said,
              ElementsAre("ossec-logcollector(1953): ERROR: Invalid DJB multilog file: '" + (dir / "x.log") + "'."));
  EXPECT_THAT(rig.sources().status(), IsEmpty());
}

}  // namespace
}  // namespace gander::collect
