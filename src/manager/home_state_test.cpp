#include "manager/home_state.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/file.h"

namespace gander::manager {
namespace {

class HomeStateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "gander-home-XXXXXX").string();
    home_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(home_); }

  HomeState open() {
    return HomeState(home_, [this](const std::string& text) { problems_.push_back(text); });
  }

  std::string home_;
  std::vector<std::string> problems_;
};

TEST_F(HomeStateTest, LastOutputOutlivesTheProcessInOssecsFile) {
  {
    HomeState state = open();
    EXPECT_EQ(state.last_output("h1", 533), std::nullopt);
    state.set_last_output("h1", 533, "ossec: output: 'df': 10");
  }
  EXPECT_EQ(base::read_file(home_ + "/queue/diff/h1/533/last-entry").value(),
            std::string("ossec: output: 'df': 10") + '\0');
  HomeState again = open();
  EXPECT_EQ(again.last_output("h1", 533), "ossec: output: 'df': 10");
  EXPECT_EQ(again.last_output("h2", 533), std::nullopt);
}

TEST_F(HomeStateTest, AHostNameFromTheLogCanNotLeaveTheFolder) {
  HomeState state = open();
  for (const char* host : {"../../../etc", "/etc", "..", "", "a/b", "a\nb"}) {
    state.set_last_output(host, 1, host);
    EXPECT_EQ(state.last_output(host, 1), host);
  }
  size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home_))
    files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 6u) << "each host has its own file below the home";
  EXPECT_FALSE(std::filesystem::exists(home_ + "/../1"));
  EXPECT_TRUE(problems_.empty());
}

TEST_F(HomeStateTest, LinesAreAppendedAndReadBack) {
  {
    HomeState state = open();
    state.add_first_seen("a    1.1.1.1    l");
    state.add_first_seen("b");
    state.add_ignore("  bob 1.1.1.1    ");
  }
  HomeState again = open();
  EXPECT_EQ(again.first_seen_lines(), (std::vector<std::string>{"a    1.1.1.1    l", "b"}));
  EXPECT_EQ(again.ignore_lines(), (std::vector<std::string>{"  bob 1.1.1.1    "}));
}

TEST_F(HomeStateTest, AnUnwritableHomeIsSaidOnceAndMemoryAnswers) {
  home_ = "/proc/gander-nowhere";
  HomeState state = open();
  state.set_last_output("h", 1, "one");
  state.set_last_output("h", 1, "two");
  EXPECT_EQ(state.last_output("h", 1), "two");
  EXPECT_EQ(problems_.size(), 1u);
}

}  // namespace
}  // namespace gander::manager
