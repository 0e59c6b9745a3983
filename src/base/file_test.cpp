#include "base/file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

namespace gander::base {
namespace {

using ::testing::HasSubstr;

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("gander_file_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(FileTest, WritesMakeFoldersAndReplaceWhole) {
  const std::string path = folder_ / "deep/down/file";
  ASSERT_TRUE(write_file_atomically(path, std::string("one\0two", 7)).has_value());
  EXPECT_EQ(*read_file(path), std::string("one\0two", 7));
  ASSERT_TRUE(write_file_atomically(path, "").has_value());
  EXPECT_EQ(*read_file(path), "");
  EXPECT_TRUE(exists(path));
  // Nothing is left of the temporary file.
  size_t entries = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_ / "deep/down")) {
    (void)entry;
    ++entries;
  }
  EXPECT_EQ(entries, 1U);
}

TEST_F(FileTest, ErrorsNameTheFile) {
  const Result<std::string> missing = read_file(folder_ / "missing");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, "I001");
  EXPECT_THAT(missing.error().message, HasSubstr("missing"));
  EXPECT_FALSE(read_file(folder_).has_value());
  const Result<void> written = write_file_atomically("/proc/no/such/place", "x");
  ASSERT_FALSE(written.has_value());
  EXPECT_EQ(written.error().code, "I002");
}

TEST_F(FileTest, JoinLeavesAbsoluteNames) {
  EXPECT_EQ(join("/a", "b"), "/a/b");
  EXPECT_EQ(join("/a", "/b"), "/b");
}

}  // namespace
}  // namespace gander::base
