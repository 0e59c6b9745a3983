#include "sensitive/file_scan.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/descriptor.h"

namespace gander::sensitive {
namespace {

FileFindings scan(std::string_view content, FileScan&& scan = FileScan(Detector())) {
  const base::Descriptor fd(::memfd_create("scan", MFD_CLOEXEC));
  for (size_t at = 0; at < content.size();) {
    const ssize_t put = ::write(fd.get(), content.data() + at, content.size() - at);
    if (put <= 0) break;
    at += static_cast<size_t>(put);
  }
  ::lseek(fd.get(), 0, SEEK_SET);
  FileFindings out;
  EXPECT_EQ(scan.scan(fd.get(), out), 0);
  EXPECT_EQ(out.bytes, content.size());
  return out;
}

// Wherever a block ends, the finding is there once, with its place and line.
TEST(FileScan, FindsAcrossBlocks) {
  const size_t block = 2 * (64 + 1) * 1024;
  for (const size_t at : {size_t{0}, block - 65 * 1024, block - 64 * 1024 - 8, block - 64 * 1024, block - 8, block,
                          2 * block - 8, 3 * block + 5}) {
    std::string content(at, '\n');
    content += "4111111111111111\n" + std::string(100, 'x') + "\n5555555555554444\n" + std::string(200'000, 'y');
    const FileFindings out = scan(content, FileScan(Detector(), FileScan::kNoLimit, block));
    ASSERT_EQ(out.findings.size(), 2U) << at;
    EXPECT_EQ(out.findings[0].offset, at);
    EXPECT_EQ(out.findings[0].line, at + 1);
    EXPECT_EQ(out.findings[1].offset, at + 118);
    EXPECT_EQ(out.findings[1].line, at + 3);
  }
}

TEST(FileScan, KeepsAtMostAndCountsTheRest) {
  std::string content;
  for (int i = 0; i < 10; ++i) content += "card 4111111111111111\n";
  const FileFindings out = scan(content, FileScan(Detector(), 4));
  EXPECT_EQ(out.findings.size(), 4U);
  EXPECT_EQ(out.left_out, 6U);
}

TEST(FileScan, LeavesPasswordsInBinaryFilesOut) {
  using std::string_literals::operator""s;
  EXPECT_EQ(scan("password=q8Zkw2vv\n").findings.size(), 1U);
  const FileFindings out = scan("\0password=q8Zkw2vv card 4111111111111111"s);
  EXPECT_TRUE(out.binary);
  ASSERT_EQ(out.findings.size(), 1U);
  EXPECT_EQ(out.findings[0].kind, Kind::Card);
}

// Consecutive numbers: every tenth has a good checksum.
TEST(FileScan, TakesATableOfNumbersForWhatItIs) {
  std::string table;
  std::string cards;
  for (int i = 1000; i < 1200; ++i) table += "453201511283" + std::to_string(i) + "\n";
  EXPECT_GT(Detector().scan(table).size(), 10U);
  EXPECT_EQ(scan(table).findings.size(), 0U);
  EXPECT_EQ(scan(table + "card 4111111111111111\n").findings.size(), 1U);
  for (int i = 0; i < 50; ++i) cards += "4111111111111111\n4111111111111112\n";
  EXPECT_EQ(scan(cards).findings.size(), 50U);
}

TEST(FileScan, SaysWhatCannotBeRead) {
  FileFindings out;
  const base::Descriptor directory(::memfd_create("x", MFD_CLOEXEC));
  FileScan scan{Detector()};
  EXPECT_EQ(scan.scan(-1, out), EBADF);
  const std::atomic<bool> stop = true;
  EXPECT_EQ(scan.scan(directory.get(), out, &stop), ECANCELED);
}

}  // namespace
}  // namespace gander::sensitive
