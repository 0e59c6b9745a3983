#include "notify/mail_spool.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "notify/held_alerts.h"
#include "notify/state_file.h"

namespace gander::notify {
namespace {

namespace fs = std::filesystem;

class MailSpoolTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "gander-spool-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    home_ = name;
  }
  void TearDown() override { fs::remove_all(home_); }

  static SpooledMail mail(const std::string& message) {
    return {base::from_unix(1709632800), "from@example.org", {"a@example.org", "b@example.org"}, "delay-1", message};
  }

  std::string home_;
};

TEST_F(MailSpoolTest, WhatIsPutCanBeLoaded) {
  auto spool = MailSpool::open(home_);
  ASSERT_TRUE(spool.has_value());
  const SpooledMail mails[] = {mail("one\r\n\r\nbody\0x"), mail("two")};
  ASSERT_TRUE(spool->put(mails, 42).has_value());
  const auto paths = spool->list();
  ASSERT_EQ(paths.size(), 2u);
  const auto loaded = MailSpool::load(paths[0]);
  ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
  EXPECT_EQ(loaded->message, mails[0].message);
  EXPECT_EQ(loaded->to, mails[0].to);
  EXPECT_EQ(loaded->created, mails[0].created);
  EXPECT_EQ(loaded->mark, "delay-1");
  EXPECT_EQ(spool->told(), 42u);
  spool->remove(paths[0]);
  spool->remove(paths[1]);
  EXPECT_TRUE(spool->list().empty());
  EXPECT_EQ(spool->told(), std::nullopt);
}

TEST_F(MailSpoolTest, OnlyOneSends) {
  const auto first = MailSpool::open(home_);
  const auto second = MailSpool::open(home_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, "N001");
  const SpooledMail one = mail("by hand");
  EXPECT_TRUE(MailSpool::add(home_, {&one, 1}).has_value());
  EXPECT_EQ(first->list().size(), 1u);
}

TEST_F(MailSpoolTest, AnUnfinishedBatchIsNotThereAndItsHeldAlertsComeBack) {
  fs::create_directories(home_ + "/queue/mail/making-abcdef");
  std::ofstream(home_ + "/queue/mail/making-abcdef/001.mail") << "half";
  std::ofstream(home_ + "/queue/mail/making-abcdef/held") << "{}\n";
  const auto spool = MailSpool::open(home_);
  EXPECT_TRUE(spool->list().empty());
  EXPECT_TRUE(fs::exists(spool->held_path()));
  EXPECT_FALSE(fs::exists(home_ + "/queue/mail/making-abcdef"));
}

TEST_F(MailSpoolTest, AFullDiskLeavesNothingHalf) {
  auto spool = MailSpool::open(home_);
  if (::access("/dev/full", W_OK) != 0) GTEST_SKIP() << "no /dev/full";
  fs::create_directories(home_ + "/queue/mail/failed");
  fs::create_symlink("/dev/full", home_ + "/queue/mail/x.new");
  // A symbolic link is not followed, so that nobody can make us write elsewhere.
  EXPECT_FALSE(spool->rewrite(home_ + "/queue/mail/x", mail("x")).has_value());
}

TEST_F(MailSpoolTest, DamagedMailsAreSaidNotSent) {
  std::ofstream(home_ + "/a.mail") << "something else";
  std::ofstream(home_ + "/b.mail") << "gander-mail 1\nto: x\n";
  std::ofstream(home_ + "/c.mail") << "gander-mail 1\ncreated: soon\n\nbody";
  for (const char* name : {"/a.mail", "/b.mail", "/c.mail"}) {
    const auto loaded = MailSpool::load(home_ + name);
    ASSERT_FALSE(loaded.has_value()) << name;
    EXPECT_EQ(loaded.error().code, "N004");
  }
}

TEST_F(MailSpoolTest, FailedMailsKeepTheReason) {
  auto spool = MailSpool::open(home_);
  const SpooledMail one = mail("text");
  ASSERT_TRUE(spool->put({&one, 1}, 1).has_value());
  const std::string path = spool->list().front();
  ASSERT_TRUE(spool->keep_failed(path, one, "550 no").has_value());
  ASSERT_TRUE(spool->keep_failed(path, one, "551 no").has_value());
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(home_ + "/queue/mail/failed")) count += entry.is_regular_file();
  EXPECT_EQ(count, 2u);
}

TEST_F(MailSpoolTest, HeldAlertsSurviveARestartAndHalfALine) {
  model::StoredAlert a;
  a.id = "1.1";
  a.rule = 5;
  a.location = "h->/l";
  a.description = "quote \" and \xff";
  a.log = {std::string(1000, 'x')};
  const std::string path = home_ + "/held";
  {
    HeldAlerts held(path);
    const HeldAlerts::Held one[] = {{7, &a}, {9, &a}};
    ASSERT_TRUE(held.add(one).has_value());
  }
  std::ofstream(path, std::ios::app) << "{\"place\":11,\"id\"";
  HeldAlerts held(path);
  EXPECT_EQ(held.count(), 2u);
  EXPECT_EQ(held.told(), 9u);
  const HeldAlerts::Held one[] = {{11, &a}};
  ASSERT_TRUE(held.add(one).has_value());
  size_t count = 0;
  EXPECT_EQ(held.each([&](const model::StoredAlert& read) {
    ++count;
    EXPECT_EQ(read.rule, 5);
    EXPECT_EQ(read.log.front().size(), HeldAlerts::kMostLine);
  }),
            0u);
  EXPECT_EQ(count, 3u);
}

TEST_F(MailSpoolTest, StateSurvivesAndHalfAFileSaysNothing) {
  {
    StateFile state(home_);
    state.set("place syslog udp h\t:514", uint64_t{5});
    ASSERT_TRUE(state.save().has_value());
    state.set("place mail", uint64_t{7});
    ASSERT_TRUE(state.save_recent().has_value());
  }
  EXPECT_EQ(StateFile(home_).number("place mail"), 7u);
  EXPECT_EQ(StateFile(home_).number("place syslog udp h\t:514"), 5u);
  std::ofstream(home_ + "/queue/notify/state.recent") << "place mail\t9\nplace x";
  EXPECT_EQ(StateFile(home_).number("place mail"), std::nullopt);
  EXPECT_EQ(StateFile(home_).number("place syslog udp h\t:514"), 5u);
}

}  // namespace
}  // namespace gander::notify
