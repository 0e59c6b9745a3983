#include "collect/command_runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "collect/testing/live_rig.h"

namespace gander::collect {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using testing::Folder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::KeepingSink;
using namespace std::chrono_literals;

config::Localfile command(const std::string& text, const std::string& format = "command", int frequency = 10) {
  config::Localfile block;
  block.log_format = format;
  block.command = text;
  block.frequency = frequency;
  return block;
}

class Commands : public ::testing::Test {
 protected:
  Commands() {
    now_.wall = base::from_unix(1'709'632'800);
    now_.steady = 1000s;
  }
  void make(std::vector<config::Localfile> blocks, CommandOptions options = {}, std::vector<KeptPlace> kept = {}) {
    runner_.emplace(blocks, options, kept);
    step();
  }
  void step() {
    runner_->step(now_, sink_);
    if (acknowledges_) runner_->acknowledge(sink_.last);
  }
  void after(Steady time) {
    now_.steady += time;
    now_.wall += time;
    step();
  }
  // Waits for what processes do, not for a time; the clock of the runner stands.
  template <class Condition>
  bool until(Condition condition) {
    for (int i = 0; i < 10'000; ++i) {
      if (condition()) return true;
      pollfd p{runner_->poll_fd(), POLLIN, 0};
      ::poll(&p, 1, 10'000);
      step();
    }
    return false;
  }
  bool until_done() {
    return until([&] { return !status().running; });
  }
  SourceStatus status(size_t i = 0) { return runner_->status().at(i); }

  Moment now_;
  KeepingSink sink_;
  std::optional<CommandRunner> runner_;
  bool acknowledges_ = true;
};

TEST_F(Commands, RunsWhenDueAndAgain) {
  make({command("printf 'a\\nb'; echo oops >&2; exit 3")});
  EXPECT_THAT(sink_.said, ElementsAre(HasSubstr("INFO: Monitoring output of command(10): printf")));
  after(9s);
  EXPECT_FALSE(status().running);
  for (uint64_t round = 1; round <= 2; ++round) {
    after(10s);
    ASSERT_TRUE(until_done());
    EXPECT_EQ(status().runs, round);
    EXPECT_EQ(status().failed_runs, 0U);
    EXPECT_EQ(sink_.records.size(), 2U);
    EXPECT_THAT(sink_.records[1].text, HasSubstr("': b"));
    sink_.records.clear();
  }
  EXPECT_THAT(sink_.debug, Contains(HasSubstr("oops")));
}

TEST_F(Commands, PipelinesAsTheShellRunsThem) {
  make({command("printf 'tcp 1.2.3.4:22 LISTEN\\ntcp 127.0.0.1:25 LISTEN\\nx\\n' |grep LISTEN|grep -v 127.0.0.1",
                "full_command")});
  after(10s);
  ASSERT_TRUE(until_done());
  ASSERT_EQ(sink_.records.size(), 1U);
  EXPECT_TRUE(sink_.records[0].text.ends_with("':\ntcp 1.2.3.4:22 LISTEN"));
}

TEST_F(Commands, OneThatHangsIsKilledWithAllItStarted) {
  const Folder dir;
  config::Localfile hangs =
      command("sleep 1000 & echo $! > " + (dir / "pid") + "; echo half; sleep 1000", "full_command");
  hangs.frequency = 10;
  hangs.timeout = 5;
  make({hangs, command("echo beside")});
  after(10s);
  ASSERT_TRUE(
      until([&] { return std::filesystem::exists(dir / "pid") && std::filesystem::file_size(dir / "pid") > 1; }));
  ASSERT_TRUE(until([&] { return status(1).runs == 1; })) << "commands run beside each other";
  after(5s);
  EXPECT_FALSE(status().running);
  EXPECT_EQ(status().failed_runs, 1U);
  EXPECT_THAT(status().trouble, HasSubstr("did not end within 5 s"));
  EXPECT_THAT(sink_.said, Contains(HasSubstr("did not end within")));
  for (const auto& t : sink_.records) EXPECT_THAT(t.text, ::testing::Not(HasSubstr("half")));
  pid_t pid = 0;
  std::ifstream(dir / "pid") >> pid;
  // Its zombie belongs to whoever reaps orphans here.
  const auto gone = [&] {
    if (::kill(pid, 0) != 0) return true;
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string a, b, state;
    stat >> a >> b >> state;
    return state == "Z" || state.empty();
  };
  while (!gone()) ::usleep(1000);
}

TEST_F(Commands, EndlessOutputIsBounded) {
  CommandOptions options;
  options.most_output = 100'000;
  options.longest_record = 5000;
  make({command("yes line"), command("yes full", "full_command"), command("head -c 50000000 /dev/zero")}, options);
  after(10s);
  ASSERT_TRUE(until([&] { return status(0).runs + status(1).runs + status(2).runs == 3; }));
  EXPECT_THAT(status(0).trouble, HasSubstr("printed more"));
  EXPECT_EQ(status(0).counts.truncated, 1U);
  EXPECT_LT(status(0).counts.bytes, 700'000U);
  size_t longest = 0;
  for (const auto& t : sink_.records) longest = std::max(longest, t.text.size());
  EXPECT_LT(longest, 5100U);
  EXPECT_EQ(status(1).counts.records, 1U);
}

TEST_F(Commands, ASignalGivesNoFullOutput) {
  make({command("echo half; kill -9 $$", "full_command")});
  after(10s);
  ASSERT_TRUE(until_done());
  EXPECT_THAT(sink_.records, IsEmpty());
  EXPECT_EQ(status().failed_runs, 1U);
  EXPECT_THAT(status().trouble, HasSubstr("signal 9"));
}

TEST_F(Commands, OverdueOnesRunAtOnceAfterARestart) {
  make({command("echo x", "command", 86'400)});
  now_.wall += 20h;
  make({command("echo x", "command", 86'400)}, {}, sink_.kept());
  EXPECT_FALSE(status().running);
  now_.wall += 5h;
  make({command("echo x", "command", 86'400)}, {}, sink_.kept());
  ASSERT_TRUE(until([&] { return status().runs == 1; }));
  EXPECT_EQ(sink_.records.size(), 1U);
  // A clock set back does not put it off for longer than its frequency.
  now_.wall -= 1000h;
  make({command("echo x", "command", 86'400)}, {}, sink_.kept());
  after(24h);
  EXPECT_TRUE(until([&] { return status().runs == 1; }));
}

TEST_F(Commands, OneThatWasCutShortByARestartRunsAgain) {
  make({command("echo x; sleep 1000", "command", 60)});
  after(60s);
  ASSERT_TRUE(until([&] { return sink_.records.size() == 1; }));
  make({command("echo x; sleep 1000", "command", 60)}, {}, sink_.kept());
  EXPECT_TRUE(until([&] { return sink_.records.size() == 2; }));
}

TEST_F(Commands, AChildThatKeepsTheOutputOpenDoesNotHoldUpTheRun) {
  make({command("sleep 1000 & echo done", "full_command")});
  after(10s);
  ASSERT_TRUE(until([&] { return runner_->next_deadline(now_) <= now_.steady + 5s; }));
  after(5s);
  ASSERT_TRUE(until_done());
  ASSERT_EQ(sink_.records.size(), 1U);
  EXPECT_TRUE(sink_.records[0].text.ends_with("\ndone"));
}

TEST_F(Commands, AFullWindowHoldsUpTheOutput) {
  CommandOptions options;
  options.window_bytes = 10'000;
  make({command("seq 1 200000")}, options);
  acknowledges_ = false;
  after(10s);
  ASSERT_TRUE(until([&] { return runner_->unacknowledged_bytes() >= 10'000; }));
  const size_t taken = sink_.records.size();
  for (int i = 0; i < 100; ++i) after(1s);
  EXPECT_EQ(sink_.records.size(), taken);
  acknowledges_ = true;
  runner_->acknowledge(sink_.last);
  step();
  ASSERT_TRUE(until_done());
  EXPECT_EQ(sink_.records.size(), 200'000U);
  EXPECT_EQ(status().failed_runs, 0U);
}

TEST_F(Commands, OwnTimeOutAndReload) {
  config::Localfile block = command("sleep 1000");
  block.timeout = 3;
  make({block, command("echo stays")});
  after(10s);
  EXPECT_TRUE(status().running);
  after(3s);
  EXPECT_THAT(status().trouble, HasSubstr("within 3 s"));
  runner_->reload({command("echo stays"), command("echo new")});
  step();
  ASSERT_EQ(runner_->status().size(), 2U);
  EXPECT_EQ(status(0).name, "echo stays");
}

TEST_F(Commands, NamesMayRepeat) {
  make({command("echo a"), command("echo a"), command("echo a", "full_command")});
  const auto all = runner_->status();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_NE(all[0].source, all[1].source);
}

}  // namespace
}  // namespace gander::collect
