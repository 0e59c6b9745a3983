#include "collect/rotated_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collect/testing/live_rig.h"

namespace gander::collect {
namespace {

using ::testing::ElementsAre;
using testing::Folder;
using ::testing::IsEmpty;

TEST(RotatedNames, WhatRotationAdds) {
  for (const char* const name : {"app.log.1", "app.log.12", "app.log-20240305", "app-20240305.log", "app.1.log",
                                 "app.log.old", "app.log.2024-03-05_10:00", "app.log.bak"}) {
    EXPECT_TRUE(is_rotated_name(name, "app.log")) << name;
  }
  for (const char* const name : {"app.log", "app.log.gz", "app.log.1.gz", "app.logs", "app.log.err", "other.log.1",
                                 "app.error.log", "app.log.", "app.log1"}) {
    EXPECT_FALSE(is_rotated_name(name, "app.log")) << name;
  }
}

TEST(RotatedFiles, ByInode) {
  const Folder dir;
  dir.append("a.log", "x");
  const FileId id = FileLook::at(dir / "a.log").id;
  dir.rename("a.log", "somewhere else");
  EXPECT_EQ(find_by_inode(dir / "a.log", id), dir / "somewhere else");
  std::filesystem::remove(dir / "somewhere else");
  EXPECT_EQ(find_by_inode(dir / "a.log", id), std::nullopt);
}

// logrotate compressed the log and removed it; the next new file, its own state in the same folder, got the inode.
TEST(RotatedFiles, AnInodeThatAnotherFileGotIsNoMovedLog) {
  const Folder dir;
  const std::string text(300, 'x');
  dir.append("a.log", text);
  LogFile file;
  ASSERT_EQ(file.open(dir / "a.log"), 0);
  FileMark mark;
  mark.id = file.look().id;
  mark.offset = 200;
  mark.head = file.fingerprint(0, 200);
  mark.tail = file.fingerprint(200 - 64, 64);
  dir.rename("a.log", "logrotate.state");
  EXPECT_EQ(find_moved(dir / "a.log", mark), dir / "logrotate.state");
  std::filesystem::resize_file(dir / "logrotate.state", 0);
  EXPECT_EQ(find_moved(dir / "a.log", mark), std::nullopt);
  dir.append("logrotate.state", std::string(300, 'y'));
  EXPECT_EQ(find_moved(dir / "a.log", mark), std::nullopt);

  FileMark unread;
  unread.id = mark.id;
  EXPECT_EQ(find_moved(dir / "a.log", unread), std::nullopt);
  dir.rename("logrotate.state", "a.log.1");
  EXPECT_EQ(find_moved(dir / "a.log", unread), dir / "a.log.1");
}

TEST(RotatedFiles, YoungerOnesByNumberAndByDate) {
  const Folder dir;
  for (const char* const name : {"a.log", "a.log.3", "a.log.2", "a.log.1", "a.log.2.gz", "a.logger.1"})
    dir.append(name, "x");
  EXPECT_THAT(find_younger(dir / "a.log", dir / "a.log.3"), ElementsAre(dir / "a.log.2", dir / "a.log.1"));
  EXPECT_THAT(find_younger(dir / "a.log", dir / "a.log.1"), IsEmpty());
  EXPECT_THAT(find_younger(dir / "a.log", dir / "a.logger.1"), IsEmpty());

  for (const char* const name : {"b.log-20240301", "b.log-20240302", "b.log-20240303"}) dir.append(name, "x");
  for (int day = 1; day <= 3; ++day) {
    const timespec times[2] = {{day * 86400, 0}, {day * 86400, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, (dir / ("b.log-2024030" + std::to_string(day))).c_str(), times, 0), 0);
  }
  EXPECT_THAT(find_younger(dir / "b.log", dir / "b.log-20240301"),
              ElementsAre(dir / "b.log-20240302", dir / "b.log-20240303"));
}

TEST(RotatedFiles, ACopyIsKnownByItsContent) {
  const Folder dir;
  std::string text;
  for (int i = 0; i < 50; ++i) text += "line " + std::to_string(i) + "\n";
  dir.append("a.log", text);
  dir.append("a.log.2", std::string(text.size(), 'z'));
  dir.append("a.log.1", text + "rest\n");
  LogFile file;
  ASSERT_EQ(file.open(dir / "a.log"), 0);
  FileMark mark;
  mark.id = file.look().id;
  mark.offset = text.size();
  mark.head = file.fingerprint(0, 256);
  mark.tail = file.fingerprint(text.size() - 64, 64);
  EXPECT_EQ(find_copy(dir / "a.log", mark), dir / "a.log.1");
  mark.tail.hash ^= 1;
  EXPECT_EQ(find_copy(dir / "a.log", mark), std::nullopt);
}

}  // namespace
}  // namespace gander::collect
