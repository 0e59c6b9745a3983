#include "integrity/package_judge.h"

#include <gtest/gtest.h>

#include "integrity/testing/scan_bench.h"

namespace gander::integrity {
namespace {

constexpr const char* kTwo = "c193497a1a06b2c72230e6146ff47080";  // MD5 of "two\n"

class PackageTest : public testing::Test {
 protected:
  // Package tool 1.0 with `files` (name below the watched folder, MD5).
  void install(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string list = "/.\n";
    std::string sums;
    for (const auto& [name, md5] : files) {
      list += b.file(name) + "\n";
      if (!md5.empty()) sums += md5 + "  " + b.file(name).substr(1) + "\n";
    }
    spew(dpkg / "status", "Package: tool\nStatus: install ok installed\nVersion: 1.0\nConffiles:\n " + b.file("conf") +
                              " " + kTwo + "\n");
    spew(dpkg / "info/tool:amd64.list", list);
    spew(dpkg / "info/tool:amd64.md5sums", sums);
  }
  // What a scan tells when packages explain; how much they explained is in b.summary.
  std::vector<std::string> told(const std::string& owned_before = "") {
    const auto packages = PackageDatabase::load(dpkg.path());
    EXPECT_TRUE(packages);
    PackageJudge judge(*packages, PackageDatabase::parse_owned(owned_before));
    ScanOptions o = b.options();
    o.explain = [&](const Change& change) { return judge.explain(change); };
    return names_of(b.scan(o), b.dir());
  }

  ScanBench b{R"(<directories check_size="yes" check_perm="yes">@DIR@</directories>)"};
  TempFolder dpkg;
};

TEST_F(PackageTest, WhatThePackageBroughtIsExplainedTheRestIsTold) {
  for (const char* name : {"tool", "conf", "own", "swapped"}) spew(b.file(name), "one\n");
  b.scan();
  for (const char* name : {"tool", "conf", "own", "fresh"}) spew(b.file(name), "two\n");
  spew(b.file("swapped"), "evil\n");
  install({{"tool", kTwo}, {"fresh", kTwo}, {"swapped", kTwo}});
  EXPECT_EQ(told(), (std::vector<std::string>{"changed /own", "changed /swapped"}));
  EXPECT_EQ(b.summary.explained, 3U);
  EXPECT_EQ(told(), std::vector<std::string>{});
  EXPECT_TRUE(b.baseline().verify().findings.empty());
}

TEST_F(PackageTest, MoreRightsAreNeverExplained) {
  spew(b.file("tool"), "one\n");
  b.scan();
  spew(b.file("tool"), "two\n");
  std::filesystem::permissions(b.file("tool"), std::filesystem::perms::set_uid, std::filesystem::perm_options::add);
  install({{"tool", kTwo}});
  EXPECT_EQ(told(), std::vector<std::string>{"changed /tool"});
}

TEST_F(PackageTest, RemovedFilesAreExplainedOnlyWhenTheyWereOwnedBefore) {
  for (const char* name : {"lib.1", "mine", "kept"}) spew(b.file(name), "two\n");
  b.scan();
  install({{"lib.1", kTwo}, {"kept", kTwo}});
  const std::string before = PackageDatabase::load(dpkg.path())->owned();
  for (const char* name : {"lib.1", "mine", "kept"}) std::filesystem::remove(b.file(name));
  install({{"lib.2", kTwo}, {"kept", kTwo}});
  EXPECT_EQ(told(before), (std::vector<std::string>{"deleted /kept", "deleted /mine"}));
}

}  // namespace
}  // namespace gander::integrity
