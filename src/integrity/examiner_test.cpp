#include "integrity/examiner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <random>

#include "integrity/testing/temp_folder.h"

namespace gander::integrity {
namespace {

namespace fs = std::filesystem;

class ManyFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::mt19937 random(3);
    std::string bytes(400'000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    for (const size_t size : {size_t{0}, size_t{1}, size_t{55}, size_t{56}, size_t{63}, size_t{64}, size_t{65},
                              kReadSize - 1, kReadSize, kReadSize + 1, 2 * kReadSize, size_t{399'999}}) {
      add(std::to_string(size), std::string_view(bytes).substr(0, size));
    }
    for (int i = 0; i < 60; ++i) add("r" + std::to_string(i), std::string_view(bytes).substr(random() % 300'000));
    add("sparse", "x");
    fs::resize_file(folder / "sparse", 20'000'000);
    fs::create_symlink("r1", folder / "link");
    fs::create_symlink("nowhere", folder / "dangling");
    ASSERT_EQ(::mkfifo((folder / "fifo").c_str(), 0600), 0);
    fs::create_directory(folder / "directory");
    for (const char* name : {"link", "dangling", "fifo", "directory", "missing"}) names.emplace_back(name);
    directory = base::Descriptor(::open((folder / "").c_str(), O_RDONLY | O_DIRECTORY));
  }
  void add(const std::string& name, std::string_view text) {
    spew(folder / name, text);
    names.push_back(name);
  }
  std::vector<Request> requests(unsigned checks) {
    std::vector<Request> out;
    for (const std::string& name : names) {
      Request r;
      r.directory = directory.get();
      r.name = name.c_str();
      r.checks = checks;
      out.push_back(r);
    }
    return out;
  }
  static std::vector<Examined> together(Examiner& examiner, const std::vector<Request>& asked) {
    std::vector<Examined> out(asked.size());
    std::vector<Examined*> places;
    for (Examined& one : out) places.push_back(&one);
    examiner.examine(asked, places);
    return out;
  }

  TempFolder folder;
  std::vector<std::string> names;
  base::Descriptor directory;
};

TEST_F(ManyFiles, TogetherTheyAreAsOneByOne) {
  for (const unsigned checks : {unsigned{config::WatchedPaths::kAll}, Check::Sha256 | 0U, Check::Sha256 | Check::Size,
                                Check::Md5 | Check::Sha1, Check::Size | 0U}) {
    Examiner examiner;
    const std::vector<Request> asked = requests(checks);
    const std::vector<Examined> all = together(examiner, asked);
    for (size_t i = 0; i < asked.size(); ++i) {
      const Examined one = examiner.examine(asked[i]);
      EXPECT_EQ(all[i].outcome, one.outcome) << names[i];
      EXPECT_EQ(all[i].state, one.state) << names[i] << " with checks " << checks;
      EXPECT_EQ(all[i].read_bytes, one.read_bytes) << names[i];
    }
  }
}

TEST_F(ManyFiles, AskedToStopNothingIsRead) {
  const std::atomic<bool> stop{true};
  Examiner examiner(&stop);
  for (const Examined& one : together(examiner, requests(Check::Sha256))) {
    EXPECT_TRUE(one.outcome == Outcome::Stopped || one.read_bytes == 0);
    EXPECT_EQ(one.state.digests.present, 0U);
  }
}

}  // namespace
}  // namespace gander::integrity
