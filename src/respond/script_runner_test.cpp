#include "respond/script_runner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <filesystem>

#include "base/file.h"
#include "respond/name_lookup.h"
#include "respond/testing/response_home.h"
#include "respond/words.h"

namespace gander::respond {
namespace {

using testing::ResponseHome;

class Runner : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(runner.open()); }

  std::string script(const std::string& text) {
    home.script("s.sh", "#!/bin/sh\n" + text + "\n");
    return home.path() + "/active-response/bin/s.sh";
  }
  // Polls at this time until something ends.
  ScriptEnd end_at(std::chrono::microseconds now) {
    for (int i = 0; i < 600; ++i) {
      const auto ends = runner.poll(now);
      if (!ends.empty()) return ends.front();
      pollfd ready{runner.descriptor(), POLLIN, 0};
      ::poll(&ready, 1, 100);
    }
    ADD_FAILURE() << "nothing ends";
    return {};
  }

  ResponseHome home;
  ScriptRunner runner;
  std::chrono::seconds limit{60};
};

TEST_F(Runner, WordsFolderStreamsAndEnvironment) {
  const std::string path = script(
      "exec >out\npwd\nfor w in \"$0\" \"$@\"; do echo \"<$w>\"; done\nenv | sort | grep -v -e ^PWD= -e ^_= -e ^SHLVL= "
      "-e ^OLDPWD=\n"
      "readlink /proc/$$/fd/0; ");
  ::setenv("GANDER_LEAKS", "1", 1);
  ASSERT_FALSE(runner.start(7, {path, "add", "a b", "$(id)", ""}, home.path(), Output::Discard, {}, limit));
  const ScriptEnd end = end_at({});
  EXPECT_EQ(end.id, 7u);
  const std::string out = home.read("out");
  EXPECT_NE(out.find(std::filesystem::canonical(home.path()).string() + "\n<" + path +
                     ">\n<add>\n<a b>\n<$(id)>\n<>\nLC_ALL=C\nPATH="),
            std::string::npos)
      << out;
  EXPECT_EQ(out.find("GANDER_LEAKS"), std::string::npos);
  EXPECT_NE(out.find("/dev/null\n"), std::string::npos);
}

TEST_F(Runner, NoDescriptorIsInherited) {
  const int leak = ::fcntl(0, F_DUPFD, 77);
  ASSERT_GE(leak, 77);
  const std::string path = script("[ ! -e /proc/$$/fd/" + std::to_string(leak) + " ]");
  ASSERT_FALSE(runner.start(1, {path}, "/", Output::Discard, {}, limit));
  EXPECT_EQ(end_at({}).status, 0);
  ::close(leak);
}

TEST_F(Runner, StatusAndSignal) {
  ASSERT_FALSE(runner.start(1, {script("exit 3")}, "/", Output::Discard, {}, limit));
  ScriptEnd end = end_at({});
  EXPECT_EQ(end.how, ScriptEnd::How::Exited);
  EXPECT_EQ(end.status, 3);
  ASSERT_FALSE(runner.start(2, {script("kill -KILL $$")}, "/", Output::Discard, {}, limit));
  end = end_at({});
  EXPECT_EQ(end.how, ScriptEnd::How::Signalled);
  EXPECT_EQ(end.status, SIGKILL);
}

TEST_F(Runner, WhatIsNoProgramIsSaid) {
  EXPECT_EQ(runner.start(1, {home.path() + "/nothing"}, "/", Output::Discard, {}, limit), "No such file or directory");
  home.write("text", "no program");
  EXPECT_EQ(runner.start(1, {home.path() + "/text"}, "/", Output::Discard, {}, limit), "Permission denied");
  EXPECT_EQ(runner.running(), 0u);
}

TEST_F(Runner, OutputIsKeptUpToABound) {
  ASSERT_FALSE(runner.start(1, {script("echo one; echo two >&2")}, "/", Output::Keep, {}, limit));
  EXPECT_EQ(end_at({}).output, "one\n");
}

TEST_F(Runner, AHangingScriptIsAskedThenKilledWithItsChildren) {
  const std::string path = script(
      "trap '' TERM\nsh -c 'trap \"\" TERM; echo $$ >child; while :; do sleep 100; done' &\n"
      "echo $$ >self\nwhile :; do sleep 100; done");
  ASSERT_FALSE(runner.start(1, {path}, home.path(), Output::Discard, {}, std::chrono::seconds(10)));
  EXPECT_EQ(runner.next(), std::chrono::seconds(10));
  ASSERT_TRUE(
      testing::wait_until([&] { return home.read("self").ends_with("\n") && home.read("child").ends_with("\n"); }));
  const int child = std::stoi(home.read("child"));
  EXPECT_TRUE(runner.poll(std::chrono::seconds(9)).empty());
  EXPECT_TRUE(runner.poll(std::chrono::seconds(10)).empty());  // SIGTERM, which they ignore
  EXPECT_EQ(runner.next(), std::chrono::seconds(15));
  EXPECT_EQ(end_at(std::chrono::seconds(15)).how, ScriptEnd::How::TimedOut);
  // Gone, or a zombie whom nobody has reaped yet.
  EXPECT_TRUE(testing::wait_until([&] {
    const std::string stat = base::read_file("/proc/" + std::to_string(child) + "/stat").value_or("");
    return stat.empty() || stat.find(") Z") != std::string::npos;
  }));
}

TEST(AddressesIn, GetentsLines) {
  const auto found = addresses_in("10.0.0.1       STREAM host\n10.0.0.1       DGRAM\n2001:db8::1 STREAM\nrubbish\n\n");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[1], source_address("2001:db8::1")->address);
}

}  // namespace
}  // namespace gander::respond
