#include "respond/response_state.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/file.h"
#include "respond/record_text.h"
#include "respond/testing/response_home.h"

namespace gander::respond {
namespace {

constexpr base::Instant kNow = base::Instant(std::chrono::seconds(1709632800));

constexpr size_t kMost = 200;

StateEntry some_entry(const std::string& key) {
  StateEntry e;
  e.key = key;
  e.phase = Phase::Started;
  e.response = "ip600";
  e.executable = "ip.sh";
  e.stable_id = "ab";
  e.words = {"-", "10.0.0.1", "1.1", "5712", "/var/log/my %app\tlog\n", ""};
  e.timeout = std::chrono::seconds(600);
  e.offences = 2;
  e.tries = 1;
  e.added = kNow;
  e.due = kNow + std::chrono::seconds(600);
  e.up_due = std::chrono::seconds(700);
  e.boot = "b-1";
  return e;
}

class State : public ::testing::Test {
 protected:
  std::string folder() const { return home.path() + "/queue/responses"; }
  std::unique_ptr<ResponseState> open(base::Instant now = kNow) {
    auto state = std::make_unique<ResponseState>(folder(), kMost);
    notes.clear();
    const Result<void> opened = state->open(now, notes);
    EXPECT_TRUE(opened) << opened.error().message;
    return state;
  }

  testing::ResponseHome home;
  std::vector<std::string> notes;
};

TEST_F(State, OutlivesItsProcess) {
  {
    auto state = open();
    state->put(some_entry("a"));
    state->put(some_entry("b"));
    state->erase("a");
    state->note_seen("ab ip600", kNow);
    state->set_offences("ip.sh 10.0.0.1", 3, kNow);
  }
  auto state = open();
  EXPECT_EQ(state->find("a"), nullptr);
  ASSERT_NE(state->find("b"), nullptr);
  EXPECT_EQ(*state->find("b"), some_entry("b"));
  EXPECT_TRUE(state->seen("ab ip600"));
  EXPECT_EQ(state->offences("ip.sh 10.0.0.1"), 3);
  EXPECT_TRUE(notes.empty());
}

TEST_F(State, EveryCutOfTheFileOpensAndLosesAtMostItsLastLine) {
  {
    auto state = open();
    for (const char* const key : {"a", "b", "c"}) state->put(some_entry(key));
  }
  const std::string whole = home.read("queue/responses/state");
  for (size_t size = whole.size(); size > whole.find("\t"); size -= std::min<size_t>(size, 41)) {
    home.write("queue/responses/state", std::string_view(whole).substr(0, size));
    auto state = open();
    const auto lines = static_cast<size_t>(std::count(whole.begin(), whole.begin() + static_cast<long>(size), '\n'));
    EXPECT_EQ(state->entries().size(), lines - 1) << size;
    EXPECT_TRUE(notes.empty());
  }
}

TEST_F(State, ADamagedLineIsLeftOutAndSaid) {
  {
    auto state = open();
    for (const char* const key : {"a", "b", "c"}) state->put(some_entry(key));
  }
  std::string whole = home.read("queue/responses/state");
  whole[whole.find("\tb\t") + 1] = 'x';
  home.write("queue/responses/state", whole);
  auto state = open();
  EXPECT_EQ(state->entries().size(), 2u);
  EXPECT_EQ(notes.size(), 1u);
}

TEST_F(State, AForeignFileIsSetAside) {
  home.write("queue/responses/state", "rubbish\n");
  auto state = open();
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("set aside"), std::string::npos);
  EXPECT_EQ(home.read("queue/responses/state.damaged-1709632800"), "rubbish\n");
}

TEST_F(State, OneAtATime) {
  auto first = open();
  ResponseState second(folder());
  const Result<void> opened = second.open(kNow, notes);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "V002");
}

TEST_F(State, AFolderThatCannotBeMadeIsSaid) {
  home.write("queue", "a file");
  ResponseState state(folder());
  const Result<void> opened = state.open(kNow, notes);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, "V003");
}

TEST_F(State, HistoryIsThrownAway) {
  auto state = open();
  for (int i = 0; i < 5'000; ++i) {
    state->put(some_entry("k"));
    state->erase("k");
  }
  EXPECT_LT(home.read("queue/responses/state").size(), size_t{2} * 1024 * 1024);
}

TEST_F(State, WhatWasSeenIsForgottenInTimeAndInNumber) {
  {
    auto state = open();
    state->note_seen("old", kNow);
    state->set_offences("old", 1, kNow);
    state->note_seen("new", kNow + std::chrono::hours(20));
  }
  auto state = open(kNow + std::chrono::hours(25));
  EXPECT_FALSE(state->seen("old"));
  EXPECT_TRUE(state->seen("new"));
  EXPECT_EQ(state->offences("old"), 1);
  for (size_t i = 0; i < kMost + 10; ++i) {
    const base::Instant when = kNow + std::chrono::hours(26) + std::chrono::microseconds(i);
    state->note_seen("s" + std::to_string(i), when);
    state->set_offences("o" + std::to_string(i), 1, when);
  }
  EXPECT_FALSE(state->seen("new"));
  EXPECT_TRUE(state->seen("s" + std::to_string(kMost + 9)));
  EXPECT_EQ(state->offences("o" + std::to_string(kMost + 9)), 1);
  state.reset();
  EXPECT_EQ(open(kNow + std::chrono::hours(24 * 40))->offences("o1"), 0);
}

TEST_F(State, AFullDiskIsSaidAndMended) {
  auto state = open();
  const auto limit_files = [](rlim_t bytes) {
    const rlimit limit{bytes, RLIM_INFINITY};
    return ::setrlimit(RLIMIT_FSIZE, &limit);
  };
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ASSERT_EQ(limit_files(200), 0);
  state->put(some_entry("a"));
  state->put(some_entry("b"));
  const bool failed = state->failing();
  state->repair();
  const bool still = state->failing();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_TRUE(failed);
  EXPECT_TRUE(still);
  state->repair();
  EXPECT_FALSE(state->failing()) << state->failure();
  state.reset();
  EXPECT_EQ(open()->entries().size(), 2u);
}

TEST(RecordText, AnyBytesComeBack) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  const std::vector<std::string> fields = {"", all, "%41", " ", "\t\n"};
  const std::string line = join_record(fields);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(split_record(line), fields);
  EXPECT_EQ(split_words(join_words(fields)), fields);
  EXPECT_FALSE(split_record("a%4"));
  EXPECT_FALSE(split_record("a%zz"));
}

}  // namespace
}  // namespace gander::respond
