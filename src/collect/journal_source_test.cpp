// The journal: on one that systemd-journal-remote writes from the export format, as in the golden case.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "collect/journal_source.h"
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
using namespace std::chrono_literals;

constexpr const char* kWriter = "/lib/systemd/systemd-journal-remote";

class Journal : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!journal_supported()) GTEST_SKIP() << "built without libsystemd";
    if (::access(kWriter, X_OK) != 0) GTEST_SKIP() << "needs systemd-journal-remote to record a journal";
    std::filesystem::create_directory(dir_ / "journal");
  }
  void write(const std::string& entries, const std::string& name = "recorded.journal") {
    dir_.append("export", entries);
    const std::string command = std::string(kWriter) + " --split-mode=none -o '" + (dir_ / "journal/") + name + "' '" +
                                (dir_ / "export") + "' 2>/dev/null >/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
    std::filesystem::remove(dir_ / "export");
  }
  static std::string entry(int second, const std::string& fields) {
    const std::string n = std::to_string(1'709'632'800 + second);
    return "__REALTIME_TIMESTAMP=" + n + "000000\n__MONOTONIC_TIMESTAMP=" + n +
           "\n_BOOT_ID=11111111111111111111111111111111\n_MACHINE_ID=22222222222222222222222222222222\n" + fields +
           "\n\n";
  }
  static std::string message(int second, const std::string& identifier, const std::string& text) {
    return entry(second, "_HOSTNAME=web7\nSYSLOG_IDENTIFIER=" + identifier + "\nMESSAGE=" + text);
  }
  SourceOptions options(model::Compat compat = model::Compat::Mended) {
    SourceOptions o;
    o.compat = compat;
    o.journal_directory = dir_ / "journal";
    o.hostname = "ids1";
    return o;
  }
  std::vector<std::string> seen(LiveRig& rig) {
    rig.pass_time(12s);
    return rig.texts();
  }

  Folder dir_;
};

std::string golden(const std::string& name) {
  std::ifstream in(std::string(GANDER_SOURCE_DIR) + "/tests/golden/cases/collect-journald/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST_F(Journal, GoldenCase) {
  write(golden("entries.1.export"));
  LiveRig rig({file_block("all", "journald"), file_block("sshd", "journald")}, options(model::Compat::Ossec43));
  rig.run();
  EXPECT_THAT(seen(rig), IsEmpty());
  EXPECT_THAT(rig.sink.said, Contains("ossec-logcollector(1951): INFO: Analyzing journald log: 'all'."));
  write(golden("entries.2.export"));
  rig.pass_time(12s);
  std::vector<std::string> all;
  std::vector<std::string> sshd;
  for (const auto& t : rig.sink.records) {
    EXPECT_EQ(t.location, "journald");
    (t.source == "journal:all" ? all : sshd).push_back(t.text);
  }
  const std::string login =
      "2024-03-05T10:00:00+00:00 web7 sshd: Failed password for root from 10.0.0.1 port 22 ssh2\n";
  EXPECT_THAT(all, ElementsAre(login, "2024-03-05T10:00:02+00:00 web7 cron: x\n",
                               "2024-03-05T10:00:04+00:00 web7 a b: tab\tand \xc3\xa9\n"));
  EXPECT_THAT(sshd, ElementsAre(login));
}

TEST_F(Journal, ByDefaultNoEntryIsPassedOverForItsNames) {
  write(message(0, "x", "before"));
  LiveRig rig({file_block("all", "journald")}, options());
  rig.run();
  write(entry(1, "_COMM=tool\nMESSAGE=a") + entry(2, "_HOSTNAME=h\nMESSAGE=b") + entry(3, "_HOSTNAME=h\nMESSAGE="));
  EXPECT_THAT(seen(rig),
              ElementsAre("2024-03-05T10:00:01+00:00 ids1 tool: a", "2024-03-05T10:00:02+00:00 h unknown: b"));
}

TEST_F(Journal, TheCursorIsKept) {
  write(message(0, "x", "before"));
  LiveRig rig({file_block("all", "journald")}, options());
  rig.run();
  write(message(1, "x", "one"));
  EXPECT_EQ(seen(rig).size(), 1U);
  write(message(2, "x", "two") + message(3, "x", "three"));
  rig.restart();
  rig.pass_time(12s);
  ASSERT_EQ(rig.sink.records.size(), 2U);
  EXPECT_THAT(rig.sink.records[0].text, HasSubstr("two"));
  EXPECT_EQ(rig.sink.records[0].age, Age::Backlog);
  EXPECT_NE(rig.sink.records[0].at, rig.sink.records[1].at);
}

TEST_F(Journal, AVanishedCursorGoesOnAtTheOldestLaterEntry) {
  write(message(0, "x", "before"), "old.journal");
  LiveRig rig({file_block("all", "journald")}, options());
  rig.run();
  std::filesystem::remove(dir_ / "journal/old.journal");
  write(message(5, "x", "later"), "new.journal");
  rig.restart();
  EXPECT_THAT(seen(rig), ElementsAre(HasSubstr("later")));
  EXPECT_THAT(rig.sink.said, Contains(HasSubstr("does not hold the entry that was read last")));
}

TEST_F(Journal, AnEmptyJournalIsReadFromItsBeginning) {
  LiveRig rig({file_block("all", "journald")}, options());
  rig.run();
  write(message(0, "x", "first"));
  rig.restart();
  EXPECT_THAT(seen(rig), ElementsAre(HasSubstr("first")));
}

TEST(JournalText, ZonesAndBytes) {
  std::string out;
  const auto zone = base::TimeZone::named("Asia/Kolkata").value();
  const JournalEntry entry{base::from_unix(1'709'632'800), "h", "id", std::string_view("a\0b", 3)};
  append_journal_text(out, entry, zone, model::Compat::Mended);
  EXPECT_EQ(out, "2024-03-05T15:30:00+05:30 h id: a b");
  out.clear();
  append_journal_text(out, entry, zone, model::Compat::Ossec43);
  EXPECT_EQ(out, "2024-03-05T15:30:00+05:00 h id: a b\n");
}

}  // namespace
}  // namespace gander::collect
