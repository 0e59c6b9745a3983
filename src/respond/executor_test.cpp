#include "respond/executor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <sstream>

#include "base/file.h"
#include "respond/testing/response_home.h"

namespace gander::respond {
namespace {

using model::Compat;
using testing::at;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::settle;
using ::testing::UnorderedElementsAre;

constexpr int64_t kStart = 1709632800;

class ExecutorTest : public ::testing::Test {
 protected:
  ExecutorTest() {
    for (const char* const name : {"blk.sh", "once.sh", "usr.sh"}) home.noting_script(name);
    list.entries = {{"blk20", "blk.sh", std::chrono::seconds(20), ResponseEntry::Expects{false, true, false, false}},
                    {"blk100", "blk.sh", std::chrono::seconds(100), ResponseEntry::Expects{false, true, false, false}},
                    {"once0", "once.sh", std::chrono::seconds(0), ResponseEntry::Expects{false, true, false, false}},
                    {"usr20", "usr.sh", std::chrono::seconds(20), ResponseEntry::Expects{true, false, false, false}},
                    {"gone0", "gone.sh", std::chrono::seconds(0), ResponseEntry::Expects{}}};
  }

  std::unique_ptr<Executor> make(int64_t second, const std::string& boot = "boot-1", Compat compat = Compat::Mended) {
    ExecutorOptions options;
    options.home = home.path();
    options.compat = compat;
    options.boot_id = boot;
    options.lookup_program = lookup_program;
    options.most_pending = most_pending;
    options.script_time = std::chrono::seconds(60);
    guard = std::make_unique<Guard>(host, AllowList(global, compat));
    auto executor = std::make_unique<Executor>(options, list, *guard,
                                               Notices{[this](const std::string& text) { log.push_back(text); },
                                                       [this](const std::string& text) { events.push_back(text); }});
    const Result<void> opened = executor->open(at(second));
    EXPECT_TRUE(opened) << opened.error().message;
    return executor;
  }

  static ResponseRequest request(const std::string& response, const std::string& srcip, int64_t second,
                                 const std::string& stable_id = "") {
    ResponseRequest r;
    r.response = response;
    r.srcip = srcip;
    r.user = "bob";
    r.alert_id = std::to_string(second) + ".1";
    r.stable_id = stable_id;
    r.rule = 5712;
    r.location = "/l";
    r.event_time = base::from_unix(second);
    return r;
  }
  Outcome submit(Executor& e, const std::string& response, const std::string& srcip, int64_t second,
                 const std::string& stable_id = "") {
    const Outcome outcome = e.submit(request(response, srcip, second, stable_id), at(second));
    settle(e, at(second));
    return outcome;
  }
  // "blk.sh add 10.0.0.1"
  std::vector<std::string> calls() {
    std::vector<std::string> out;
    for (const std::string& line : home.new_calls()) {
      std::istringstream in(line);
      std::string script;
      std::string action;
      std::string user;
      std::string source;
      in >> script >> action >> user >> source;
      out.push_back(script + " " + action + " " + (source == "-" ? user : source));
    }
    return out;
  }

  testing::ResponseHome home;
  testing::FakeHost host;
  config::Global global;
  std::unique_ptr<Guard> guard;
  ResponseList list;
  std::string lookup_program;
  size_t most_pending = 1000;
  std::vector<std::string> log;
  std::vector<std::string> events;
};

TEST_F(ExecutorTest, RunsAndUndoesToTheSecond) {
  auto e = make(kStart);
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.1", kStart), Outcome::Started);
  EXPECT_THAT(calls(), ElementsAre("blk.sh add 10.0.0.1"));
  EXPECT_EQ(e->wait(at(kStart + 5)), std::chrono::seconds(15));
  settle(*e, at(kStart + 19));
  EXPECT_THAT(calls(), IsEmpty());
  settle(*e, at(kStart + 20));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.1"));
  EXPECT_EQ(e->wait(at(kStart + 21)), std::nullopt);
  EXPECT_THAT(e->pending(at(kStart + 21)), IsEmpty());
}

TEST_F(ExecutorTest, ARequestIsAnsweredOnceAlsoAcrossRestarts) {
  auto e = make(kStart);
  EXPECT_EQ(submit(*e, "once0", "10.0.0.1", kStart, "ab"), Outcome::Started);
  EXPECT_EQ(submit(*e, "once0", "10.0.0.1", kStart, "ab"), Outcome::SeenBefore);
  e.reset();
  e = make(kStart + 1);
  EXPECT_EQ(submit(*e, "once0", "10.0.0.1", kStart + 1, "ab"), Outcome::SeenBefore);
  EXPECT_EQ(submit(*e, "once0", "10.0.0.1", kStart + 1, "cd"), Outcome::Started);
  EXPECT_EQ(calls().size(), 2u);
}

TEST_F(ExecutorTest, ARestartKeepsBlocksAndUndoesWhatFellDue) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  submit(*e, "blk100", "10.0.0.2", kStart);
  calls();
  e.reset();
  EXPECT_THAT(calls(), IsEmpty());
  e = make(kStart + 50);
  settle(*e, at(kStart + 50));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.1"));
  settle(*e, at(kStart + 100));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.2"));
}

TEST_F(ExecutorTest, AfterARebootBlocksAreInForceAgainForTheRestOfTheirTime) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  submit(*e, "blk100", "10.0.0.2", kStart);
  calls();
  e.reset();
  e = make(kStart + 30, "boot-2");
  settle(*e, at(kStart + 30));
  EXPECT_THAT(calls(), UnorderedElementsAre("blk.sh delete 10.0.0.1", "blk.sh add 10.0.0.2"));
  settle(*e, at(kStart + 99));
  EXPECT_THAT(calls(), IsEmpty());
  settle(*e, at(kStart + 100));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.2"));
}

TEST_F(ExecutorTest, AClockThatJumpsChangesNoBlock) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  calls();
  Moment jumped = at(kStart + 5);
  jumped.wall += std::chrono::hours(1);
  settle(*e, jumped);
  EXPECT_THAT(calls(), IsEmpty());
  e.reset();
  e = make(kStart + 6);
  settle(*e, jumped);
  EXPECT_THAT(calls(), IsEmpty());
  jumped = at(kStart + 20);
  jumped.wall -= std::chrono::hours(1);
  settle(*e, jumped);
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.1"));
}

TEST_F(ExecutorTest, AClockSetBackAcrossARebootDoesNotBlockForEver) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  calls();
  e.reset();
  e = make(kStart - 1'000'000, "boot-2");
  settle(*e, at(kStart - 1'000'000));
  EXPECT_THAT(calls(), ElementsAre("blk.sh add 10.0.0.1"));
  settle(*e, at(kStart - 1'000'000 + 20));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.1"));
}

// Killed at any moment: a child of the test submits and is killed with -9 when the script has begun.
TEST_F(ExecutorTest, KilledWithABlockInForce) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto e = make(kStart);
    e->submit(request("blk20", "10.0.0.1", kStart, "ab"), at(kStart));
    ::pause();
  }
  ASSERT_TRUE(testing::wait_until([&] { return home.read("calls").ends_with("\n"); }));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  auto e = make(kStart + 1);
  ASSERT_EQ(e->pending(at(kStart + 1)).size(), 1u);
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.1", kStart + 1, "ab"), Outcome::SeenBefore);
  settle(*e, at(kStart + 20));
  EXPECT_THAT(calls(), ElementsAre("blk.sh add 10.0.0.1", "blk.sh delete 10.0.0.1"));
}

TEST_F(ExecutorTest, KilledBeforeTheScriptBeganRunsItAtTheNextStart) {
  // It ends with the test, whatever comes.
  home.script("slow.sh", "#!/bin/sh\ncd '" + home.path() +
                             "' || exit\n: >begun\nwhile [ -d queue ] && [ ! -e go ]; do sleep 0.05; done\n" +
                             "[ ! -d queue ] || : >ended\n");
  list.entries.push_back({"slow20", "slow.sh", std::chrono::seconds(20), std::nullopt});
  {
    auto e = make(kStart);
    // One script at a time for each key: the undoing of the first waits, and so does the second block.
    e->submit(request("slow20", "10.0.0.1", kStart), at(kStart));
    e->undo("10.0.0.1", at(kStart));
    EXPECT_EQ(e->submit(request("slow20", "10.0.0.1", kStart + 1, "ab"), at(kStart + 1)), Outcome::Started);
    EXPECT_EQ(e->pending(at(kStart + 1)).at(0).state, "waiting");
  }
  // Only what has begun is still this script when the file becomes another.
  ASSERT_TRUE(testing::wait_until([&] { return ::access((home.path() + "/begun").c_str(), F_OK) == 0; }));
  home.write("go", "");
  home.noting_script("slow.sh");
  auto e = make(kStart + 2);
  settle(*e, at(kStart + 2));
  EXPECT_THAT(calls(), ElementsAre("slow.sh add 10.0.0.1"));
  EXPECT_TRUE(testing::wait_until([&] { return ::access((home.path() + "/ended").c_str(), F_OK) == 0; }));
}

TEST_F(ExecutorTest, StopUndoesAll) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  submit(*e, "blk100", "10.0.0.2", kStart);
  calls();
  e->stop(at(kStart + 1));
  settle(*e, at(kStart + 1));
  EXPECT_THAT(calls(), UnorderedElementsAre("blk.sh delete 10.0.0.1", "blk.sh delete 10.0.0.2"));
  EXPECT_EQ(log.back(), "ossec-execd(1314): INFO: Shutdown received. Deleting responses.");
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.1", kStart + 2), Outcome::Disabled);
  e.reset();
  e = make(kStart + 2);
  EXPECT_THAT(e->pending(at(kStart + 2)), IsEmpty());
}

TEST_F(ExecutorTest, WhatAStopCouldNotUndoTheNextStartDoes) {
  auto e = make(kStart);
  submit(*e, "blk100", "10.0.0.1", kStart);
  calls();
  home.script("blk.sh", "#!/bin/sh\nexit 1\n");
  e->stop(at(kStart + 1));
  settle(*e, at(kStart + 1));
  e.reset();
  home.noting_script("blk.sh");
  e = make(kStart + 2);
  settle(*e, at(kStart + 2));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.1"));
}

TEST_F(ExecutorTest, AnUndoingThatFailsIsTriedAgain) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  calls();
  home.script("blk.sh", "#!/bin/sh\nexit 1\n");
  settle(*e, at(kStart + 20));
  home.noting_script("blk.sh");
  settle(*e, at(kStart + 49));
  EXPECT_THAT(calls(), IsEmpty());
  settle(*e, at(kStart + 50));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.1"));
}

TEST_F(ExecutorTest, AnUndoingThatNeverWorksIsGivenUpAloud) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  home.script("blk.sh", "#!/bin/sh\nexit 1\n");
  for (const int later : {20, 50, 170, 770}) settle(*e, at(kStart + later));
  EXPECT_THAT(e->pending(at(kStart + 800)), IsEmpty());
  EXPECT_NE(log.back().find("giving up"), std::string::npos);
}

TEST_F(ExecutorTest, ABlockThatFailedIsTriedAgainWithTheNextAlert) {
  home.script("blk.sh", "#!/bin/sh\nexit 1\n");
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  EXPECT_EQ(e->pending(at(kStart)).at(0).state, "failed");
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.2", kStart), Outcome::Started);
  EXPECT_EQ(std::count_if(log.begin(), log.end(), [](const auto& l) { return l.find("status 1") != l.npos; }), 1);
  home.noting_script("blk.sh");
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.1", kStart + 1), Outcome::Started);
  EXPECT_THAT(calls(), ElementsAre("blk.sh add 10.0.0.1"));
}

TEST_F(ExecutorTest, AHangingScriptIsKilledAndHoldsUpNobody) {
  home.script("blk.sh", "#!/bin/sh\nexec sleep 1000\n");
  auto e = make(kStart);
  EXPECT_EQ(e->submit(request("blk20", "10.0.0.1", kStart), at(kStart)), Outcome::Started);
  EXPECT_EQ(e->submit(request("once0", "10.0.0.2", kStart), at(kStart)), Outcome::Started);
  ASSERT_TRUE(testing::wait_until([&] { return home.read("calls").ends_with("\n"); }));
  EXPECT_THAT(calls(), ElementsAre("once.sh add 10.0.0.2"));
  home.noting_script("blk.sh");  // for the undoing
  settle(*e, at(kStart + 60));
  EXPECT_THAT(log, ::testing::Contains(::testing::HasSubstr("did not end within 60 s and was killed")));
}

TEST_F(ExecutorTest, MissingAndStrangeScriptsAreSaidOnce) {
  list.entries.push_back({"out0", "../t.sh", std::chrono::seconds(0), std::nullopt});
  list.entries.push_back({"open0", "open.sh", std::chrono::seconds(0), std::nullopt});
  home.noting_script("open.sh");
  ::chmod((home.path() + "/active-response/bin/open.sh").c_str(), 0757);
  auto e = make(kStart);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(submit(*e, "gone0", "", kStart), Outcome::NotPresent);
    EXPECT_EQ(submit(*e, "nope", "", kStart), Outcome::Unknown);
    EXPECT_EQ(submit(*e, "out0", "", kStart), Outcome::NotPresent);
    EXPECT_EQ(submit(*e, "open0", "", kStart), Outcome::NotPresent);
  }
  EXPECT_THAT(
      log,
      ElementsAre("ossec-execd: INFO: Active response command not present: '" + home.path() +
                      "/active-response/bin/gone.sh'. Not using it on this system.",
                  "ossec-execd(1311): ERROR: Invalid command name 'nope' provided.",
                  "ossec-execd: ERROR: Active response command '../t.sh' vulnerable to directory transversal attack. "
                  "Ignoring.",
                  "gander-responder: ERROR: Response script '" + home.path() +
                      "/active-response/bin/open.sh' is not run: it can be written by others."));
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ExecutorTest, OfTwoScriptsWithOneNameTheOneThatIsHereRuns) {
  list.entries = {{"r0", "r.cmd", std::chrono::seconds(0), std::nullopt},
                  {"r0", "once.sh", std::chrono::seconds(0), std::nullopt}};
  auto e = make(kStart);
  EXPECT_EQ(submit(*e, "r0", "10.0.0.1", kStart), Outcome::Started);
  EXPECT_THAT(log, IsEmpty());
}

TEST_F(ExecutorTest, OldEventsAreNotAnswered) {
  auto e = make(kStart);
  ResponseRequest r = request("blk20", "10.0.0.1", kStart);
  EXPECT_EQ(e->submit(r, at(kStart + 21)), Outcome::TooOld);
  EXPECT_EQ(e->submit(r, at(kStart + 20)), Outcome::Started);
  r.response = "once0";
  EXPECT_EQ(e->submit(r, at(kStart + 601)), Outcome::TooOld);
  EXPECT_EQ(e->submit(r, at(kStart + 600)), Outcome::Started);
  r.event_time = base::Instant::max();
  EXPECT_EQ(e->submit(r, at(kStart)), Outcome::Started);
  r.event_time = base::Instant::min();
  EXPECT_EQ(e->submit(r, at(kStart)), Outcome::TooOld);
  settle(*e, at(kStart + 20));
}

TEST_F(ExecutorTest, TheGuardRefusesWithALineAndAnEvent) {
  host.entries = {{"192.0.2.1", "the gateway of eth0"}};
  global.allowed_addresses = {"10.9.0.0/16"};
  auto e = make(kStart);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(submit(*e, "blk20", "::ffff:192.0.2.1", kStart), Outcome::Guarded);
  EXPECT_THAT(events,
              ElementsAre("gander: Response 'blk20' to rule 5712 was not run: '192.0.2.1' is the gateway of eth0."));
  EXPECT_EQ(log.size(), 1u);
  EXPECT_EQ(submit(*e, "blk20", "10.9.1.1", kStart), Outcome::Guarded);
  EXPECT_EQ(events.size(), 1u);
  EXPECT_THAT(calls(), IsEmpty());
}

TEST_F(ExecutorTest, NamesOfTheAllowListAreResolvedBeforeTheFirstBlock) {
  home.script("getent", "#!/bin/sh\n[ \"$1 $2\" = 'ahosts admin.example.org' ] && printf '198.51.100.4 STREAM x\\n'\n");
  lookup_program = home.path() + "/active-response/bin/getent";
  global.allowed_names = {"admin.example.org", "--option", "nowhere.example.org"};
  auto e = make(kStart);
  EXPECT_FALSE(e->accepts());
  settle(*e, at(kStart));
  EXPECT_TRUE(e->accepts());
  EXPECT_EQ(submit(*e, "blk20", "198.51.100.4", kStart), Outcome::Guarded);
  EXPECT_EQ(submit(*e, "blk20", "198.51.100.5", kStart), Outcome::Started);
  EXPECT_EQ(std::count_if(log.begin(), log.end(), [](const auto& l) { return l.find("no address") != l.npos; }), 2);
}

TEST_F(ExecutorTest, AReloadWhileNamesAreAskedForAsksForTheNewOnes) {
  home.script("getent", "#!/bin/sh\n[ \"$2\" = new.example.org ] && printf '198.51.100.9 STREAM x\\n'\n");
  lookup_program = home.path() + "/active-response/bin/getent";
  global.allowed_names = {"a.example.org", "b.example.org", "c.example.org"};
  auto e = make(kStart);
  global.allowed_names = {"new.example.org"};
  guard->allow_list() = AllowList(global, Compat::Mended);
  e->set_responses(list);
  EXPECT_FALSE(e->accepts());
  settle(*e, at(kStart));
  EXPECT_EQ(submit(*e, "blk20", "198.51.100.9", kStart), Outcome::Guarded);
}

TEST_F(ExecutorTest, DisabledSaysSoAndStillUndoes) {
  auto e = make(kStart);
  submit(*e, "blk20", "10.0.0.1", kStart);
  calls();
  list.disabled = true;
  e->set_responses(list);
  EXPECT_EQ(log.back(), "ossec-execd(1350): INFO: Active response disabled. Exiting.");
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.2", kStart), Outcome::Disabled);
  settle(*e, at(kStart + 20));
  EXPECT_THAT(calls(), ElementsAre("blk.sh delete 10.0.0.1"));
}

TEST_F(ExecutorTest, AShorterResponseDoesNotEndALongerOne) {
  auto e = make(kStart);
  submit(*e, "blk100", "10.0.0.1", kStart);
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.1", kStart + 1), Outcome::TimerSet);
  EXPECT_EQ(base::unix_seconds(e->pending(at(kStart + 1)).at(0).due), kStart + 100);
}

TEST_F(ExecutorTest, TwoAccountsAreTwoBlocksWhenMended) {
  auto e = make(kStart);
  ResponseRequest r = request("usr20", "", kStart);
  e->submit(r, at(kStart));
  r.user = "eve";
  EXPECT_EQ(e->submit(r, at(kStart)), Outcome::Started);
  settle(*e, at(kStart));
  EXPECT_EQ(calls().size(), 2u);
}

TEST_F(ExecutorTest, TwoAccountsAreOneBlockInOssec) {
  auto e = make(kStart, "boot-1", Compat::Ossec43);
  ResponseRequest r = request("usr20", "", kStart);
  e->submit(r, at(kStart));
  r.user = "eve";
  EXPECT_EQ(e->submit(r, at(kStart)), Outcome::TimerSet);
  settle(*e, at(kStart));
}

TEST_F(ExecutorTest, OffendersAreRememberedAcrossARestart) {
  list.repeated_offenders = {std::chrono::minutes(1), std::chrono::minutes(2)};
  auto e = make(kStart);
  EXPECT_THAT(log, ElementsAre("ossec-execd: INFO: Adding offenders timeout: 1 (for #1)",
                               "ossec-execd: INFO: Adding offenders timeout: 2 (for #2)"));
  submit(*e, "blk20", "10.0.0.1", kStart);
  settle(*e, at(kStart + 20));
  e.reset();
  e = make(kStart + 21);
  submit(*e, "blk20", "10.0.0.1", kStart + 30);
  EXPECT_EQ(base::unix_seconds(e->pending(at(kStart + 30)).at(0).due), kStart + 90);
  EXPECT_EQ(e->pending(at(kStart + 30)).at(0).offences, 1);
}

TEST_F(ExecutorTest, TheNumberOfBlocksIsBounded) {
  most_pending = 3;
  auto e = make(kStart);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(submit(*e, "blk20", "10.0.0." + std::to_string(i), kStart), Outcome::Started);
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.9", kStart, "ab"), Outcome::Full);
  settle(*e, at(kStart + 20));
  EXPECT_EQ(submit(*e, "blk20", "10.0.0.9", kStart + 20, "ab"), Outcome::Started);
}

TEST_F(ExecutorTest, AFloodWaitsForItsTurnAndLosesNothing) {
  auto e = make(kStart);
  most_pending = 100'000;
  for (int i = 0; i < 300; ++i) {
    const std::string source = "10.1." + std::to_string(i / 200) + "." + std::to_string(i % 200 + 1);
    EXPECT_EQ(e->submit(request("blk20", source, kStart), at(kStart)), Outcome::Started);
  }
  settle(*e, at(kStart));
  EXPECT_EQ(calls().size(), 300u);
  settle(*e, at(kStart + 20));
  EXPECT_EQ(calls().size(), 300u);
}

TEST_F(ExecutorTest, AgentsAreNotHere) {
  auto e = make(kStart);
  ResponseRequest r = request("blk20", "10.0.0.1", kStart);
  r.target = Target::AllAgents;
  EXPECT_EQ(e->submit(r, at(kStart)), Outcome::NotHere);
}

TEST_F(ExecutorTest, ASecondOneIsRefused) {
  auto e = make(kStart);
  ExecutorOptions options;
  options.home = home.path();
  Executor second(options, list, *guard, {});
  const Result<void> opened = second.open(at(kStart));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "V002");
}

}  // namespace
}  // namespace gander::respond
