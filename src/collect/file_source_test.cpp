// Rotation stories of one file, live and over restarts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

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

// Long enough for a fingerprint.
std::string numbered(const std::string& word, int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += word + " " + std::to_string(i) + "\n";
  return text;
}
std::vector<std::string> lines(const std::string& word, int from, int to) {
  std::vector<std::string> all;
  for (int i = from; i < to; ++i) all.push_back(word + " " + std::to_string(i));
  return all;
}

class FileStory : public ::testing::TestWithParam<SourceOptions::Watch> {
 protected:
  SourceOptions options() {
    SourceOptions o;
    o.watch = GetParam();
    return o;
  }
  std::string rotated() { return "ossec: File rotated (inode changed): '" + (dir_ / "a.log") + "'."; }
  std::string reduced() { return "ossec: File size reduced (inode remained): '" + (dir_ / "a.log") + "'."; }
  // Whatever is not told by the kernel is seen at the next look.
  std::vector<std::string> seen(LiveRig& rig) {
    rig.run();
    if (GetParam() == SourceOptions::Watch::Poll) rig.after(2s);
    return rig.texts();
  }

  Folder dir_;
};

TEST_P(FileStory, WhatIsThereAtFirstSightIsNotRead) {
  dir_.append("a.log", "old\n");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  EXPECT_THAT(rig.texts(), IsEmpty());
  EXPECT_EQ(rig.sink.places.size(), 1U);
  dir_.append("a.log", "new\n");
  EXPECT_THAT(seen(rig), ElementsAre("new"));
}

TEST_P(FileStory, AFileThatAppearsLaterIsReadFromItsBeginning) {
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  EXPECT_THAT(rig.sink.said, Contains(HasSubstr("(1103): ERROR: Could not open file")));
  EXPECT_EQ(rig.sources().status().at(0).state, SourceState::Missing);
  rig.restart();
  rig.run();
  dir_.append("a.log", "first\n");
  EXPECT_THAT(seen(rig), ElementsAre("first"));
  EXPECT_EQ(rig.sources().status().at(0).state, SourceState::Following);
}

TEST_P(FileStory, AnUnfinishedLineWaits) {
  dir_.append("a.log", "");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", "par");
  EXPECT_THAT(seen(rig), IsEmpty());
  EXPECT_EQ(rig.sources().status().at(0).waiting_bytes, 3U);
  rig.pass_time(100s);
  dir_.append("a.log", "tial\n");
  EXPECT_THAT(seen(rig), ElementsAre("partial"));
}

TEST_P(FileStory, Renamed) {
  dir_.append("a.log", "old\n");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", "one\n");
  dir_.rename("a.log", "a.log.1");
  dir_.append("a.log.1", "late\n");
  dir_.append("a.log", "two\n");
  EXPECT_THAT(seen(rig), ElementsAre("one", "late", rotated(), "two"));
  // Its writer has not noticed yet.
  dir_.append("a.log.1", "later\n");
  rig.after(2s);
  EXPECT_THAT(rig.texts(), ElementsAre("later"));
  rig.pass_time(200s);
  EXPECT_THAT(rig.texts(), IsEmpty());
}

TEST_P(FileStory, AnUnfinishedLineOfARotatedFileIsSentAfterAWhile) {
  dir_.append("a.log", "");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", "one\nlast");
  EXPECT_THAT(seen(rig), ElementsAre("one"));
  dir_.rename("a.log", "a.log.1");
  dir_.append("a.log", "new\n");
  rig.pass_time(5s);
  EXPECT_THAT(rig.texts(), ElementsAre(rotated(), "last", "new"));
}

TEST_P(FileStory, CopiedAndTruncated) {
  dir_.append("a.log", "old\n");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", numbered("line", 0, 40));
  EXPECT_EQ(seen(rig).size(), 40U);
  dir_.append("a.log", "unread\n");
  std::filesystem::copy_file(dir_ / "a.log", dir_ / "a.log.1");
  dir_.truncate("a.log");
  dir_.append("a.log", "two\n");
  EXPECT_THAT(seen(rig), ElementsAre("unread", reduced(), "two"));
}

TEST_P(FileStory, TruncatedAndGrownBeyondItsOldSize) {
  dir_.append("a.log", numbered("old", 0, 40));
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.truncate("a.log");
  dir_.append("a.log", numbered("new", 0, 200));
  auto expected = lines("new", 0, 200);
  expected.insert(expected.begin(), reduced());
  EXPECT_EQ(seen(rig), expected);
}

TEST_P(FileStory, WrittenAnewWithTheSameBeginning) {
  dir_.append("a.log", numbered("line", 0, 100));
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("copy", numbered("line", 0, 105));
  std::filesystem::remove(dir_ / "a.log");
  dir_.rename("copy", "a.log");
  auto expected = lines("line", 100, 105);
  expected.insert(expected.begin(), rotated());
  EXPECT_EQ(seen(rig), expected);
}

TEST_P(FileStory, ReplacedByAnotherFile) {
  dir_.append("a.log", numbered("line", 0, 100));
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("other", "one\n");
  dir_.append("a.log", "rest\n");
  dir_.rename("other", "a.log");
  EXPECT_THAT(seen(rig), ElementsAre("rest", rotated(), "one"));
}

TEST_P(FileStory, RemovedAndMadeAgain) {
  dir_.append("a.log", "x\n");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", "rest\n");
  std::filesystem::remove(dir_ / "a.log");
  EXPECT_THAT(seen(rig), ElementsAre("rest"));
  EXPECT_EQ(rig.sources().status().at(0).state, SourceState::Missing);
  dir_.append("a.log", "one\n");
  EXPECT_THAT(seen(rig), ElementsAre(rotated(), "one"));
}

TEST_P(FileStory, RotatedSeveralTimesWhileNobodyLooked) {
  dir_.append("a.log", "old\n");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", "one\n");
  dir_.rename("a.log", "a.log.1");
  dir_.append("a.log", "two\n");
  dir_.rename("a.log.1", "a.log.2");
  dir_.rename("a.log", "a.log.1");
  dir_.append("a.log", "three\n");
  rig.restart();
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), ElementsAre("one", rotated(), "two", rotated(), "three"));
  rig.restart();
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), IsEmpty());
}

TEST_P(FileStory, TruncatedWhileNobodyLooked) {
  dir_.append("a.log", numbered("line", 0, 50));
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", "rest\n");
  std::filesystem::copy_file(dir_ / "a.log", dir_ / "a.log.1");
  dir_.truncate("a.log");
  dir_.append("a.log", "new\n");
  rig.restart();
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), ElementsAre("rest", reduced(), "new"));
}

TEST_P(FileStory, AFileThatIsGoneWithItsRestIsTold) {
  dir_.append("a.log", numbered("line", 0, 50));
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  std::filesystem::remove(dir_ / "a.log");
  dir_.append("keeps-the-inode-from-being-used-again", "x");
  dir_.append("a.log", "new\n");
  rig.restart();
  rig.run();
  EXPECT_THAT(rig.texts(), ElementsAre("new"));
  EXPECT_THAT(rig.sink.said, Contains(HasSubstr("is gone")));
  EXPECT_EQ(rig.sources().status().at(0).counts.lost, 1U);
}

TEST_P(FileStory, WhatWasWrittenMeanwhileIsBacklog) {
  dir_.append("a.log", "");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", "one\ntwo\nhal");
  rig.restart();
  rig.run();
  dir_.append("a.log", "f\nthree\n");
  if (GetParam() == SourceOptions::Watch::Poll) rig.after(2s);
  rig.run();
  ASSERT_EQ(rig.sink.records.size(), 4U);
  EXPECT_EQ(rig.sink.records[1].age, Age::Backlog);
  EXPECT_EQ(rig.sink.records[2].text, "half");
  EXPECT_EQ(rig.sink.records[2].age, Age::Fresh);
}

TEST_P(FileStory, ADirectoryOrPipeWhereAFileWas) {
  dir_.append("a.log", "x\n");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  std::filesystem::remove(dir_ / "a.log");
  std::filesystem::create_directory(dir_ / "a.log");
  seen(rig);
  EXPECT_EQ(rig.sources().status().at(0).state, SourceState::Unreadable);
  EXPECT_EQ(rig.sources().status().at(0).trouble, "Is a directory");
  std::filesystem::remove(dir_ / "a.log");
  ASSERT_EQ(::mkfifo((dir_ / "a.log").c_str(), 0600), 0);
  seen(rig);
  const int writer = ::open((dir_ / "a.log").c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  ASSERT_EQ(::write(writer, "from a pipe\nhalf", 16), 16);
  rig.pass_time(2s);
  EXPECT_THAT(rig.texts(), ElementsAre("from a pipe"));
  ::close(writer);
  std::filesystem::remove(dir_ / "a.log");
  dir_.append("a.log", "file again\n");
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), Contains("file again"));
}

TEST_P(FileStory, WhatMayNotBeReadIsTriedForEver) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  dir_.append("a.log", "old\n");
  ::chmod((dir_ / "a.log").c_str(), 0);
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  ::chmod((dir_ / "a.log").c_str(), 0200);
  dir_.append("a.log", "new\n");
  rig.pass_time(3s);
  EXPECT_EQ(rig.sources().status().at(0).state, SourceState::Unreadable);
  ::chmod((dir_ / "a.log").c_str(), 0600);
  rig.pass_time(3s);
  EXPECT_THAT(rig.texts(), ElementsAre("new"));
}

TEST_P(FileStory, LongLinesAreWholeUpToTheLimitAndCutBeyond) {
  dir_.append("a.log", "");
  SourceOptions o = options();
  LiveRig rig({file_block(dir_ / "a.log")}, o);
  rig.run();
  const std::string longest(1 << 20, 'x');
  dir_.append("a.log", longest + "\n" + longest + "yz\nshort\n");
  seen(rig);
  rig.run();
  ASSERT_EQ(rig.sink.counts.begin()->second.lines, 3U);
  EXPECT_EQ(rig.sink.counts.begin()->second.truncated, 1U);
  EXPECT_EQ(rig.sink.counts.begin()->second.bytes, 2 * (longest.size() + 1) + 2 + 6);
}

TEST_P(FileStory, ALineWithoutEndNeedsNoMemory) {
  dir_.append("a.log", "");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  std::filesystem::resize_file(dir_ / "a.log", size_t{64} << 20);
  dir_.append("a.log", std::string(3 << 20, 'x'));
  seen(rig);
  dir_.append("a.log", "\nnext\n");
  const auto texts = seen(rig);
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_EQ(texts[0], std::string(1 << 20, 'x'));
  EXPECT_EQ(texts[1], "next");
}

TEST_P(FileStory, AWriterThatDoesNotAppendLeavesAHole) {
  dir_.append("a.log", numbered("line", 0, 2000));
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  const uint64_t size = std::filesystem::file_size(dir_ / "a.log");
  dir_.truncate("a.log");
  std::filesystem::resize_file(dir_ / "a.log", size);
  dir_.append("a.log", "behind the hole\n");
  EXPECT_THAT(seen(rig), ElementsAre(reduced(), "behind the hole"));
}

TEST_P(FileStory, NulBytesHideNothing) {
  dir_.append("a.log", "");
  LiveRig rig({file_block(dir_ / "a.log")}, options());
  rig.run();
  dir_.append("a.log", std::string("\0a\0b\0\n", 6));
  EXPECT_THAT(seen(rig), ElementsAre(" a b "));
}

TEST_P(FileStory, TheOpenRecordStaysBeforeThePlace) {
  dir_.append("a.log", "");
  LiveRig rig({file_block(dir_ / "a.log", "multi-line_indented")}, options());
  rig.run();
  dir_.append("a.log", "head\n one\nnext\n two\n");
  EXPECT_THAT(seen(rig), ElementsAre("head  one"));
  rig.restart();
  rig.run();
  EXPECT_THAT(rig.texts(), IsEmpty());
  dir_.append("a.log", " three\n");
  rig.pass_time(5s);
  EXPECT_THAT(rig.texts(), ElementsAre("next  two  three"));
  rig.restart();
  rig.pass_time(5s);
  EXPECT_THAT(rig.texts(), IsEmpty());
}

TEST_P(FileStory, CountedLinesWaitForTheirGroupUntilTheFileIsRotated) {
  dir_.append("a.log", "");
  config::Localfile block = file_block(dir_ / "a.log", "multi-line");
  block.lines = 3;
  LiveRig rig({block}, options());
  rig.run();
  dir_.append("a.log", "1\n2\n3\n4\n");
  rig.pass_time(100s);
  EXPECT_THAT(rig.texts(), ElementsAre("1 2 3"));
  dir_.rename("a.log", "a.log.1");
  dir_.append("a.log", "5\n");
  rig.pass_time(5s);
  EXPECT_THAT(rig.texts(), ElementsAre(rotated(), "4"));
}

INSTANTIATE_TEST_SUITE_P(Watched, FileStory, ::testing::Values(SourceOptions::Watch::Kernel));
INSTANTIATE_TEST_SUITE_P(Polled, FileStory, ::testing::Values(SourceOptions::Watch::Poll));

}  // namespace
}  // namespace gander::collect
