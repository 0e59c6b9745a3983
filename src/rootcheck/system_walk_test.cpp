// The walk of the system below a folder of the test.
#include "rootcheck/system_walk.h"

#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/testing/temp_folder.h"
#include "rootcheck/file_checks.h"
#include "rootcheck/testing/keeping_sink.h"

namespace gander::rootcheck {
namespace {

using Texts = std::vector<std::string>;

class SystemWalk : public testing::Test {
 protected:
  Texts told() {
    settings_.options.base_directory = temp_.path();
    KeepingSink sink;
    walk_system(signatures_, settings_, sink);
    return sink.findings;
  }
  base::testing::TempFolder temp_;
  Settings settings_;
  std::vector<FileSignature> signatures_;
};

TEST_F(SystemWalk, WritableByAnyone) {
  if (::geteuid() != 0) GTEST_SKIP() << "files must be root's";
  temp_.write("etc/good", "x");
  ::chmod(temp_.write("etc/bad", "x").c_str(), 0646);
  const std::string others = temp_.write("etc/others", "x");
  ::chmod(others.c_str(), 0666);
  ASSERT_EQ(::chown(others.c_str(), 1, 1), 0);
  ::chmod(temp_.write("srv/elsewhere", "x").c_str(), 0666);
  EXPECT_EQ(told(),
            Texts{"File '" + temp_.path("etc/bad") + "' is owned by root and has write permissions to anyone."});
  settings_.options.scanall = true;
  EXPECT_EQ(told().size(), 2u);
  settings_.options.ignore = {temp_.path("srv")};
  EXPECT_EQ(told().size(), 1u);
}

TEST_F(SystemWalk, NamesEverywhereAndOnceBehindALink) {
  temp_.write("usr/bin/.kit", "x");
  std::filesystem::create_directory_symlink("usr/bin", temp_.path("bin"));
  signatures_.push_back({".kit", "Kit", true});
  const Texts found = told();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("Rootkit 'Kit' detected by the presence of file '" + temp_.path("bin/.kit") + "'."));
}

// A file whose content is longer than its size says: a kernel that lies about one of them looks so.
TEST_F(SystemWalk, SizeAndContentDiffer) {
  if (::geteuid() != 0) GTEST_SKIP() << "a bind mount needs root";
  const std::string file = temp_.write("etc/file", "");
  if (::mount("/proc/version", file.c_str(), nullptr, MS_BIND, nullptr) != 0) GTEST_SKIP() << "no bind mounts here";
  const Texts found = told();
  ::umount(file.c_str());
  ASSERT_EQ(found.size(), 1u);
  EXPECT_TRUE(found[0].starts_with("Anomaly detected in file '" + file +
                                   "'. File size doesn't match what we found. Possible kernel level rootkit. MD5="))
      << found[0];
}

TEST_F(SystemWalk, EndsWhenItIsToldTo) {
  for (int i = 0; i < 10; ++i) temp_.write("etc/d" + std::to_string(i) + "/.kit", "x");
  signatures_.push_back({".kit", "Kit", true});
  settings_.options.base_directory = temp_.path();
  KeepingSink sink;
  sink.most = 4;
  walk_system(signatures_, settings_, sink);
  EXPECT_LT(sink.findings.size(), 5u);
  EXPECT_EQ(sink.asked, 5u);
}

TEST(Devices, FilesAmongThem) {
  const base::testing::TempFolder temp;
  temp.write("dev/x", "");
  temp.write("dev/pts/.hidden", "");
  temp.write("dev/MAKEDEV", "");
  temp.write("dev/shm/segment", "");
  Settings settings;
  settings.options.base_directory = temp.path();
  KeepingSink sink;
  check_devices(settings, sink);
  EXPECT_EQ(sink.findings, (Texts{"File '" + temp.path("dev/pts/.hidden") + "' present on /dev. Possible hidden file.",
                                  "File '" + temp.path("dev/x") + "' present on /dev. Possible hidden file."}));
}

}  // namespace
}  // namespace gander::rootcheck
