// Scans on several threads, scans that were interrupted, and what happens while one goes on.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "integrity/testing/scan_bench.h"
#include "integrity/thread_pool.h"

namespace gander::integrity {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::string>;

constexpr const char* kAll = R"(<directories check_all="yes">@DIR@</directories>)";

// Of a scan with its own threads.
struct Told {
  std::vector<std::string> messages;
  ScanSummary summary;
};
Told scan_with(ScanBench& b, size_t threads, ScanOptions options) {
  ThreadPool pool(threads);
  b.sink.told.clear();
  Scanner scanner(b.plan(), b.baseline(), pool, b.sink, std::move(options));
  const Result<ScanSummary> done = scanner.scan();
  EXPECT_TRUE(done);
  Told out;
  if (done) out.summary = *done;
  for (const Change& change : b.sink.told) {
    const std::string body = message_body(change, b.compat(), Origin::Scan);
    out.messages.push_back(body.substr(0, body.find(b.dir())) + body.substr(body.find(b.dir()) + b.dir().size()));
  }
  return out;
}

void make_tree(ScanBench& b, const std::string& text) {
  for (int d = 0; d < 40; ++d) {
    for (int f = 0; f < 30; ++f) {
      spew(b.file("d" + std::to_string(d) + "/f" + std::to_string(f)),
           text + std::string(static_cast<size_t>(f * d), 'x'));
    }
  }
}

TEST(ScanPool, AnyNumberOfThreadsTellsTheSameInTheSameOrder) {
  std::vector<std::string> first;
  std::vector<std::string> second;
  for (const size_t threads : {1U, 2U, 5U}) {
    ScanBench b(kAll);
    make_tree(b, "one");
    const Told baseline = scan_with(b, threads, b.options());
    EXPECT_EQ(baseline.messages.size(), 1200U);
    make_tree(b, "two");
    fs::remove_all(b.file("d7"));
    spew(b.file("d9/new"), "new");
    const Told changes = scan_with(b, threads, b.options());
    EXPECT_EQ(changes.messages.size(), 1201U);
    if (first.empty()) {
      first = baseline.messages;
      second = changes.messages;
    }
    EXPECT_EQ(baseline.messages, first) << threads;
    EXPECT_EQ(changes.messages, second) << threads;
    EXPECT_TRUE(b.baseline().verify().findings.empty());
  }
}

TEST(ScanPool, AKilledFirstScanGoesOnWhereItWas) {
  ScanBench b(R"(<directories check_sha256sum="yes">@DIR@</directories>)");
  constexpr uint64_t kFiles = 40'000;
  for (uint64_t i = 0; i < kFiles; ++i) {
    spew(b.file("d" + std::to_string(i / 1000) + "/f" + std::to_string(i)), "x");
  }
  // Looked at within the tick of its change, a file is read again whatever else.
  const base::Instant later = wall_clock() + std::chrono::minutes(1);
  ScanOptions options = b.options();
  options.contents = nullptr;
  options.now = [later] { return later; };
  b.close();
  const pid_t child = ::fork();
  if (child == 0) {
    b.open();
    // Dies in the middle, as if killed: what was committed until then is all that is left.
    struct : ChangeSink {
      uint64_t told = 0;
      Result<void> deliver(std::span<const Change> changes) override {
        told += changes.size();
        if (told > kFiles * 3 / 4) ::_exit(9);
        return {};
      }
    } dies;
    InlinePool inline_pool;
    Scanner scanner(b.plan(), b.baseline(), inline_pool, dies, options);
    static_cast<void>(scanner.scan());
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 9);
  b.open();
  EXPECT_GT(*b.baseline().row_count(), kFiles / 4);
  const Told rest = scan_with(b, 2, options);
  EXPECT_TRUE(rest.summary.first);
  EXPECT_EQ(rest.summary.files, kFiles);
  EXPECT_LT(rest.summary.read_files, kFiles * 3 / 4);
  EXPECT_EQ(rest.summary.read_files + rest.summary.added, rest.messages.size());
  EXPECT_EQ(*b.baseline().row_count(), kFiles);
  EXPECT_TRUE(b.baseline().verify().findings.empty());
}

TEST(ScanPool, WhatIsMadeAndToldDuringAScanIsNotToldAsGone) {
  ScanBench b(kAll);
  make_tree(b, "one");
  scan_with(b, 2, b.options());
  InlinePool own;
  KeepingSink live_sink;
  Scanner live(b.plan(), b.baseline(), own, live_sink, b.options());
  ScanOptions options = b.options();
  int made = 0;
  options.between = [&] {
    if (made++ != 0) return;
    // Before and behind where the scan is.
    for (const char* name : {"a/b/early", "d20/new", "z/late"}) {
      spew(b.file(name), "new");
      EXPECT_TRUE(live.check(std::vector<Scanner::Dirty>{{b.file(name), Scanner::Dirty::Reach::Entry, {}}}));
    }
  };
  const Told during = scan_with(b, 2, options);
  ASSERT_GT(made, 0);
  EXPECT_EQ(live_sink.told.size(), 3U);
  EXPECT_EQ(during.messages, Names{});
  EXPECT_EQ(during.summary.deleted, 0U);
  EXPECT_TRUE(b.scan().empty());
  EXPECT_TRUE(b.baseline().verify().findings.empty());
}

TEST(ScanPool, APaceIsKeptAndRealTimeGoesOn) {
  ScanBench b(kAll);
  for (int i = 0; i < 300; ++i) spew(b.file(std::to_string(i)), "x");
  struct : Pace {
    uint64_t files = 0;
    uint64_t bytes = 0;
    std::chrono::nanoseconds rest(uint64_t more_files, uint64_t more_bytes) override {
      files += more_files;
      bytes += more_bytes;
      return more_bytes > 0 ? std::chrono::milliseconds(25) : std::chrono::milliseconds(0);
    }
  } pace;
  int asked = 0;
  int called = 0;
  ScanOptions options = b.options();
  options.pace = &pace;
  options.due = [&] { return ++asked % 2 == 0; };
  options.between = [&] { ++called; };
  scan_with(b, 1, options);
  EXPECT_EQ(pace.files, 300U);
  EXPECT_EQ(pace.bytes, 300U);
  EXPECT_GE(asked, 3);
  EXPECT_EQ(called, asked / 2);
}

}  // namespace
}  // namespace gander::integrity
