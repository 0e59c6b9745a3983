#include "integrity/scanner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <random>

#include "integrity/prefilter.h"
#include "integrity/testing/scan_bench.h"

namespace gander::integrity {
namespace {

namespace fs = std::filesystem;
using model::Compat;
using Names = std::vector<std::string>;
constexpr const char* kAll = R"(<directories check_all="yes">@DIR@</directories>)";
constexpr const char* kDiff = R"(<directories check_all="yes" report_changes="yes">@DIR@</directories>)";

Names scan_names(ScanBench& b) {
  return names_of(b.scan(), b.dir());
}

std::string only_text(ScanBench& b) {
  const std::vector<Change> told = b.scan();
  EXPECT_EQ(told.size(), 1U);
  return told.empty() ? "" : event_text(told.front());
}

TEST(Scan, EachKindOfChangeOfARealFileHasItsText) {
  ScanBench b(kDiff);
  spew(b.file("a"), "one\n");
  ::chmod(b.file("a").c_str(), 0644);
  b.scan();
  const std::string head = "Integrity checksum changed for: '" + b.file("a") + "'\n";
  ::chmod(b.file("a").c_str(), 04755);
  EXPECT_EQ(only_text(b), head + "Permissions changed from 'rw-r--r--' to 'rwsr-xr-x'\n");
  spew(b.file("a"), "two\n");  // writing takes setuid away
  ::chmod(b.file("a").c_str(), 0755);
  EXPECT_EQ(only_text(b), head +
                              "Permissions changed from 'rwsr-xr-x' to 'rwxr-xr-x'\n"
                              "Old md5sum was: '5bbf5a52328e7439ae6e719dfe712200'\n"
                              "New md5sum is : 'c193497a1a06b2c72230e6146ff47080'\n"
                              "Old sha1sum was: 'c7059bb19433cc3cabaa6236c83d56668a843dd2'\n"
                              "New sha1sum is : '7bbef45b3bc70855010e02460717643125c3beca'\n"
                              "Old sha256sum was: '2c8b08da5ce60398e1f19af0e5dccc744df274b826abe585eaba68c525434806'\n"
                              "New sha256sum is : '27dd8ed44a83ff94d557f9fd0412ed5a8cbca69ea04922d88c01184a07300a5a'\n"
                              "What changed:\n1c1\n< one\n---\n> two\n")
      << "digests of 'two\\n'";
  fs::remove(b.file("a"));
  EXPECT_EQ(only_text(b), "File '" + b.file("a") + "' was deleted. Unable to retrieve checksum.");
  spew(b.file("empty"), "");
  EXPECT_EQ(only_text(b),
            "New file '" + b.file("empty") +
                "' added to the file system.\n"
                "New sha1sum is : 'da39a3ee5e6b4b0d3255bfef95601890afd80709'\n"
                "New md5sum is : 'd41d8cd98f00b204e9800998ecf8427e'\n"
                "New sha256sum is : 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'\n");
  if (::geteuid() != 0) GTEST_SKIP() << "owners: needs root";
  ASSERT_EQ(::chown(b.file("empty").c_str(), 5, 6), 0);
  EXPECT_EQ(only_text(b), "Integrity checksum changed for: '" + b.file("empty") +
                              "'\nOwnership was '0', now it is '5'\nGroup ownership was '0', now it is '6'\n");
}

TEST(Scan, UnchangedFilesAreNotReadAgainUnlessForced) {
  ScanBench b(kAll);
  spew(b.file("old"), "x");
  // Long ago: a change in the same tick as the look could not be told.
  const struct timespec old[2] = {{1000, 0}, {1000, 0}};
  ::utimensat(AT_FDCWD, b.file("old").c_str(), old, 0);
  ScanOptions later = b.options();
  later.now = [] { return wall_clock() + std::chrono::seconds(10); };
  b.scan(later);
  EXPECT_EQ(b.summary.read_files, 1U);
  b.scan(later);
  EXPECT_EQ(b.summary.read_files, 0U);
  later.content = Content::Always;
  b.scan(later);
  EXPECT_EQ(b.summary.read_files, 1U);
}

TEST(Scan, ContentChangedBehindTheSameTimesIsSeenByItsChangeTime) {
  ScanBench b(kAll);
  spew(b.file("f"), "aaaa");
  const struct timespec old[2] = {{1000, 0}, {1000, 0}};
  ::utimensat(AT_FDCWD, b.file("f").c_str(), old, 0);
  b.scan();
  spew(b.file("f"), "bbbb");
  ::utimensat(AT_FDCWD, b.file("f").c_str(), old, 0);
  EXPECT_EQ(scan_names(b), Names{"changed /f"});
}

TEST(Scan, OddNamesDeepPathsAndSpecialFiles) {
  ScanBench b(kAll);
  spew(b.file("line\nfeed"), "1");
  spew(b.file("bad\xff\xfeutf8"), "2");
  ::mkfifo(b.file("pipe").c_str(), 0600);
  std::string deep = b.dir();
  while (deep.size() < 3500) deep += "/" + std::string(200, 'd');
  spew(deep + "/f", "3");
  fs::create_hard_link(b.file("line\nfeed"), b.file("hard"));
  EXPECT_EQ(b.scan().size(), 4U);
  EXPECT_TRUE(b.summary.notes.empty());
  spew(deep + "/f", "changed");
  const std::vector<Change> told = b.scan();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].path, deep + "/f");
  fs::remove(b.file("pipe"));
  EXPECT_TRUE(b.scan().empty());
}

TEST(Scan, ALinkInPlaceOfADirectoryIsNotFollowed) {
  ScanBench b(kAll);
  const TempFolder elsewhere;
  spew(b.file("d/f"), "x");
  spew(elsewhere / "f", "other");
  spew(elsewhere / "secret", "other");
  b.scan();
  fs::remove_all(b.file("d"));
  fs::create_directory_symlink(elsewhere.path(), b.file("d"));
  EXPECT_EQ(scan_names(b), (Names{"deleted /d/f", "new /d"}));
}

TEST(Scan, AFileBecomesADirectoryAndBack) {
  ScanBench b(kAll);
  spew(b.file("x"), "1");
  b.scan();
  fs::remove(b.file("x"));
  spew(b.file("x/inner"), "2");
  EXPECT_EQ(scan_names(b), (Names{"deleted /x", "new /x/inner"}));
  fs::remove_all(b.file("x"));
  spew(b.file("x"), "1");
  EXPECT_EQ(scan_names(b), (Names{"deleted /x/inner", "new /x"}));
}

TEST(Scan, ADirectoryThatCannotBeReadDeletesNothing) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads everything";
  ScanBench b(kAll);
  spew(b.file("closed/f"), "1");
  b.scan();
  ::chmod(b.file("closed").c_str(), 0);
  EXPECT_TRUE(b.scan().empty());
  EXPECT_EQ(b.summary.notes.size(), 1U);
  ::chmod(b.file("closed").c_str(), 0700);
  EXPECT_TRUE(b.scan().empty());
}

TEST(Scan, AttributesAreWatchedOnlyWhenMended) {
  for (const Compat compat : {Compat::Mended, Compat::Ossec43}) {
    ScanBench b(kAll, compat);
    spew(b.file("f"), "1");
    b.scan();
    if (::setxattr(b.file("f").c_str(), "user.note", "hi", 2, 0) != 0) GTEST_SKIP() << "no extended attributes here";
    const std::vector<Change> told = b.scan();
    if (compat == Compat::Ossec43) {
      EXPECT_TRUE(told.empty());
      continue;
    }
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(event_text(told[0]), "Integrity checksum changed for: '" + b.file("f") +
                                       "'\nWhat changed:\nAttribute user.note was '', now it is 'hi'\n");
  }
}

TEST(Scan, NestedRootsTellAFileOnceAndConfigurationChangesAreNoDeletions) {
  ScanBench b(R"(<directories check_all="yes" restrict=".conf$">@DIR@</directories>
                 <directories check_size="yes">@DIR@/sub</directories><ignore>@DIR@/sub/ign</ignore>)");
  spew(b.file("a.conf"), "1");
  spew(b.file("a.txt"), "1");
  spew(b.file("sub/b.conf"), "1");
  spew(b.file("sub/b.txt"), "1");
  spew(b.file("sub/IGNored/c.conf"), "1");
  EXPECT_EQ(scan_names(b), (Names{"baseline /a.conf", "baseline /sub/b.conf", "baseline /sub/b.txt"}));
  b.set_config(R"(<directories check_all="yes" restrict=".conf$">@DIR@</directories>)");
  EXPECT_EQ(scan_names(b), (Names{"new /sub/IGNored/c.conf"}));
  EXPECT_EQ(b.summary.unwatched, 1U);
  b.set_config(R"(<directories check_all="yes">@DIR@/sub</directories>)");
  EXPECT_EQ(scan_names(b), (Names{"new /sub/b.txt"}));
  EXPECT_EQ(b.summary.unwatched, 1U);
  EXPECT_TRUE(b.baseline().verify().findings.empty());
}

TEST(Scan, ContentThatMustNotBeShownIsNeitherShownNorKept) {
  ScanBench b(std::string(kDiff) + "<nodiff>@DIR@/secret</nodiff>");
  spew(b.file("secret"), "password one\n");
  b.scan();
  spew(b.file("secret"), "password two\n");
  EXPECT_TRUE(only_text(b).ends_with("What changed:\n<Diff truncated because nodiff option>"));
  EXPECT_FALSE(fs::exists(b.queue() + "/diff/local" + b.file("secret") + "/last-entry"));
}

TEST(Scan, APrefilterGetsTheNameAsOneArgumentAndNoShell) {
  ScanBench b(kAll);
  const std::string name = b.file("a;touch pwned;$(touch pwned2)");
  spew(name, "content");
  Prefilter filter("/usr/bin/printf same");
  ScanOptions o = b.options();
  o.source = [&](size_t) { return &filter; };
  const std::vector<Change> told = b.scan(o);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(filter.note(), "");
  EXPECT_NE(sum_text(told[0].after).find(":51037a4a37730f52c8732586d3aaa316:"), std::string::npos) << "MD5 of 'same'";
  EXPECT_NE(sum_text(told[0].after).find(":ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"),
            std::string::npos)
      << "SHA-256 is of the file";
  EXPECT_FALSE(fs::exists("pwned"));
}

TEST(Scan, WhatWasNotDeliveredIsFoundAgain) {
  ScanBench b(kDiff);
  spew(b.file("f"), "1\n");
  b.scan();
  spew(b.file("f"), "22\n");
  fs::remove(b.file("gone"));
  b.sink.refuse = true;
  b.scan();
  EXPECT_NE(b.error, "");
  b.sink.refuse = false;
  EXPECT_NE(only_text(b).find("What changed:\n1c1\n< 1\n---\n> 22\n"), std::string::npos);
  EXPECT_TRUE(b.scan().empty());
}

TEST(Scan, KilledAtAnyMomentNothingIsLost) {
  ScanBench b(kAll);
  for (int i = 0; i < 200; ++i) spew(b.file("d" + std::to_string(i % 7) + "/" + std::to_string(i)), "x");
  b.scan();
  for (int i = 0; i < 200; i += 3) spew(b.file("d" + std::to_string(i % 7) + "/" + std::to_string(i)), "changed");
  b.close();
  // The child dies in the middle of its scan, after a number of files that grows.
  for (const int after : {1, 10, 40}) {
    const pid_t child = ::fork();
    if (child == 0) {
      b.open();
      int seen = 0;
      ScanOptions o = b.options();
      o.now = [&] {
        if (++seen > after) ::_exit(9);
        return wall_clock();
      };
      b.sink.refuse = false;
      b.scan(o);
      ::_exit(9);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
  }
  b.open();
  EXPECT_TRUE(b.notes().empty());
  EXPECT_EQ(b.scan().size(), 67U);
  EXPECT_TRUE(b.scan().empty());
  EXPECT_TRUE(b.baseline().verify().findings.empty());
}

// Random changes of a tree, held against a model of it.
TEST(Scan, RandomChangesAreToldExactly) {
  ScanBench b(kAll);
  std::mt19937 random(7);
  std::map<std::string, std::string> model;
  b.scan();
  for (int round = 0; round < 40; ++round) {
    std::map<std::string, std::string> next = model;
    for (unsigned n = random() % 12; n > 0; --n) {
      const std::string name = "/d" + std::to_string(random() % 3) + "/e" + std::to_string(random() % 3) + "/f" +
                               std::to_string(random() % 4);
      if (random() % 3 == 0) {
        next.erase(name);
        fs::remove(b.dir() + name);
      } else {
        next[name] = std::to_string(random() % 5);
        spew(b.dir() + name, next[name]);
      }
    }
    if (random() % 8 == 0) {
      fs::remove_all(b.file("d1"));
      std::erase_if(next, [](const auto& one) { return one.first.starts_with("/d1/"); });
    }
    Names expected;
    for (const auto& [name, text] : model) {
      if (!next.contains(name))
        expected.push_back("deleted " + name);
      else if (next[name] != text)
        expected.push_back("changed " + name);
    }
    for (const auto& [name, text] : next) {
      if (!model.contains(name)) expected.push_back("new " + name);
    }
    std::sort(expected.begin(), expected.end());
    ASSERT_EQ(scan_names(b), expected) << "round " << round;
    model = std::move(next);
  }
  EXPECT_TRUE(b.baseline().verify().findings.empty());
}

class Tampering : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"a", "b", "c"}) spew(b.file(name), name);
    b.scan();
    spew(b.file("a"), "changed");
    b.scan();
    b.close();
  }
  void sql(const char* text) const {
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((b.queue() + "/integrity.db").c_str(), &db), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(db, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
    sqlite3_close(db);
  }
  Names findings() {
    b.open();
    return b.baseline().verify().findings;
  }
  ScanBench b{kAll};
};

TEST_F(Tampering, NothingIsFoundWhereNothingWasDone) {
  EXPECT_EQ(findings(), Names{});
}
TEST_F(Tampering, AnEditedRowIsNamed) {
  sql("UPDATE files SET state=(SELECT state FROM files WHERE name=x'63') WHERE name=x'62'");
  const Names found = findings();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0], "edited: " + b.file("b"));
}
TEST_F(Tampering, ARemovedRowIsFound) {
  sql("DELETE FROM files WHERE name=x'62'");
  EXPECT_FALSE(findings().empty());
}
TEST_F(Tampering, ACutHistoryIsFound) {
  sql("DELETE FROM history");
  EXPECT_FALSE(findings().empty());
}
TEST_F(Tampering, AnOlderCopyIsFound) {
  const std::string old = slurp(b.queue() + "/integrity.db");
  b.open();
  spew(b.file("b"), "changed too");
  b.scan();
  b.close();
  spew(b.queue() + "/integrity.db", old);
  fs::remove(b.queue() + "/integrity.db-wal");
  EXPECT_FALSE(findings().empty());
}

TEST(BaselineFile, DamagedCutAndForeignFilesAreSetAside) {
  for (const std::string kind : {"garbage", "cut", "version"}) {
    ScanBench b(kAll);
    for (int i = 0; i < 300; ++i) spew(b.file(std::to_string(i)), "x");
    b.scan();
    b.close();
    const std::string file = b.queue() + "/integrity.db";
    const std::string whole = slurp(file);
    if (kind == "garbage") spew(file, "this is no database at all, whatever its name says");
    if (kind == "cut") fs::resize_file(file, whole.size() / 2);
    if (kind == "version") {
      std::string other = whole;
      other[63] = 9;  // user_version
      spew(file, other);
    }
    b.open();
    ASSERT_EQ(b.notes().size(), 1U) << kind;
    EXPECT_TRUE(fs::exists(file + ".aside-1")) << kind;
    EXPECT_EQ(b.scan().size(), 300U) << kind;
    EXPECT_TRUE(b.summary.first) << kind;
  }
}

TEST(Paths, EncodingIsReversible) {
  for (const std::string path : {"/etc/x", "/a\nb", "/%/x", "/%/%41\x01", "/100%", "/\x7f"}) {
    EXPECT_EQ(decode_path(encode_path(path)), path);
    EXPECT_EQ(encode_path(path).find('\n'), std::string::npos);
  }
  EXPECT_EQ(encode_path("/100% sure"), "/100% sure");
}

TEST(States, WhatIsNoStateIsRefused) {
  FileState s;
  s.checks = config::WatchedPaths::kAll;
  s.digests.present = Check::Sha256;
  s.attributes = "a=b";
  const std::string packed = pack(s);
  EXPECT_EQ(unpack(packed), s);
  for (size_t size = 0; size + 3 < packed.size(); ++size) EXPECT_FALSE(unpack(packed.substr(0, size))) << size;
}

}  // namespace
}  // namespace gander::integrity
