#include "live/name_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/mutex.h"

namespace gander::live {
namespace {

using ::testing::ElementsAre;

// Knows one crawler; an address that ends in .99 takes as long as it is held.
class FakeResolver final : public rules::Resolver {
 public:
  bool reverse_name_holds(const std::string& address, std::string_view part) override {
    const base::MutexLock lock(mutex_);
    asked_.push_back(address);
    while (held_ && address.ends_with(".99")) changed_.wait(mutex_);
    return part == "googlebot.com" && (address == "66.249.66.1" || address.ends_with(".99"));
  }
  void release() {
    {
      const base::MutexLock lock(mutex_);
      held_ = false;
    }
    changed_.notify_all();
  }
  std::vector<std::string> asked() {
    const base::MutexLock lock(mutex_);
    return asked_;
  }

 private:
  base::Mutex mutex_;
  base::CondVar changed_;
  bool held_ GANDER_GUARDED_BY(mutex_) = true;
  std::vector<std::string> asked_ GANDER_GUARDED_BY(mutex_);
};

// The notifier's end on a thread of its own.
class NameService : public ::testing::Test {
 protected:
  void SetUp() override {
    auto [ours, theirs] = Link::pair();
    asker_.connect(std::move(ours));
    notifier_ = std::thread([this, end = std::move(theirs)]() mutable {
      NameAnswerer answerer(resolver_);
      answerer.connect(std::move(end));
      while (!ends_) {
        std::vector<pollfd> wanted;
        answerer.add_descriptors(wanted);
        ::poll(wanted.data(), wanted.size(), 10);
        answerer.step();
      }
    });
  }
  void end_notifier() {
    if (!notifier_.joinable()) return;
    resolver_.release();
    ends_ = true;
    notifier_.join();
  }
  void TearDown() override { end_notifier(); }

  bool holds(const std::string& address) { return asker_.reverse_name_holds(address, "googlebot.com"); }
  // An answer that came too late is there in the end.
  bool holds_in_the_end(const std::string& address) {
    for (int n = 0; n < 1000; ++n) {
      if (holds(address)) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  FakeResolver resolver_;
  NameAsker asker_;
  std::atomic<bool> ends_ = false;
  std::thread notifier_;
};

TEST_F(NameService, AnswersAreRememberedGoodAndBad) {
  ASSERT_TRUE(holds_in_the_end("66.249.66.1"));
  const bool other = holds("66.249.66.2");
  EXPECT_FALSE(other);
  for (int n = 0; n < 3; ++n) EXPECT_TRUE(holds("66.249.66.1"));
  for (int n = 0; n < 3; ++n) EXPECT_FALSE(holds("66.249.66.2"));
  EXPECT_FALSE(asker_.reverse_name_holds("66.249.66.1", "example.org")) << "another question";
  EXPECT_THAT(resolver_.asked(), ElementsAre("66.249.66.1", "66.249.66.2", "66.249.66.1"));
}

TEST_F(NameService, WhatTakesTooLongIsNoAndNothingElseIsWaitedForMeanwhile) {
  const auto begin = moment_now().steady;
  EXPECT_FALSE(holds("192.0.2.99"));
  EXPECT_GE(moment_now().steady - begin, NameAsker::kPatience);
  EXPECT_FALSE(holds("66.249.66.1"));
  EXPECT_THAT(resolver_.asked(), ElementsAre("192.0.2.99")) << "one at a time";
  resolver_.release();
  EXPECT_TRUE(holds_in_the_end("192.0.2.99"));
  EXPECT_TRUE(holds_in_the_end("66.249.66.1"));
}

TEST_F(NameService, WithoutANotifierTheAnswerIsNoUntilThereIsAnother) {
  ASSERT_TRUE(holds_in_the_end("66.249.66.1"));
  end_notifier();
  EXPECT_FALSE(holds("192.0.2.1"));
  EXPECT_TRUE(holds("66.249.66.1")) << "remembered";
  EXPECT_FALSE(NameAsker().reverse_name_holds("66.249.66.1", "googlebot.com")) << "never connected";
  ends_ = false;
  SetUp();
  EXPECT_TRUE(holds_in_the_end("192.0.2.99"));
}

}  // namespace
}  // namespace gander::live
