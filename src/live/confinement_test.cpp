// Each confined role in a process of its own under its profile: what it must not do is refused, what it must do goes.

#include "live/confinement.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <thread>

#include "base/descriptor.h"

namespace gander::live {
namespace {

namespace fs = std::filesystem;

enum Refused : int { kExec = 1, kSocket = 2, kOutside = 4, kFork = 8 };
enum Allowed : int { kReadHome = 16, kWriteQueue = 32, kOpenUrandom = 64 };

class Confinement : public ::testing::Test {
 protected:
  void SetUp() override {
    home_ = (fs::temp_directory_path() / "gander-confined-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(home_.data()));
    for (const char* name : {"logs", "queue", "stats", "etc", "rules"}) fs::create_directories(fs::path(home_) / name);
    std::ofstream(home_ + "/etc/ossec.conf") << "<ossec_config/>";
    outside_ = home_ + "-outside";
    std::ofstream(outside_) << "secret";
    settings_.home = settings_.rules_home = home_;
    settings_.config = home_ + "/etc/ossec.conf";
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(home_, ignored);
    fs::remove(outside_, ignored);
  }

  // What was refused and allowed, as bits; 255: the process could not be made.
  int outcome(Role role) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      const Protections p = confine(profile_for(role, settings_), settings_);
      int bits = 0;
      errno = 0;
      const char* const arguments[] = {"true", nullptr};
      ::execve("/bin/true", const_cast<char* const*>(arguments), nullptr);
      if (errno == EPERM || errno == EACCES) bits |= kExec;
      const base::Descriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
      if (!socket && errno == EPERM) bits |= kSocket;
      const base::Descriptor outside(::open(outside_.c_str(), O_RDWR));
      if (!outside && errno == EACCES) bits |= kOutside;
      const pid_t child = ::fork();
      if (child == 0) ::_exit(0);
      if (child < 0 && errno == EPERM) bits |= kFork;
      const base::Descriptor config(::open(settings_.config.c_str(), O_RDONLY));
      if (config) bits |= kReadHome;
      const base::Descriptor queue(::open((home_ + "/queue/x").c_str(), O_WRONLY | O_CREAT, 0600));
      if (queue) bits |= kWriteQueue;
      ::_exit(p.missing.size() > 1 ? 254 : bits);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
  }

  bool makes_thread(Role role) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      confine(profile_for(role, settings_), settings_);
      try {
        std::thread([] {}).join();
      } catch (const std::system_error&) {
        ::_exit(1);
      }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  bool kernel_can() {
    const pid_t pid = ::fork();
    if (pid == 0) {
      const Protections p = confine(profile_for(Role::Analysis, settings_), settings_);
      for (const std::string& m : p.missing) {
        if (m.find("Landlock") != std::string::npos || m.find("seccomp") != std::string::npos) ::_exit(1);
      }
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

  std::string home_;
  std::string outside_;
  HostSettings settings_;
};

TEST_F(Confinement, AnalysisWritesItsOwnFilesAndNothingElse) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  EXPECT_EQ(outcome(Role::Analysis), kExec | kSocket | kOutside | kFork | kReadHome | kWriteQueue);
}

TEST_F(Confinement, OnlyTheAnalysisMakesThreads) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  EXPECT_TRUE(makes_thread(Role::Analysis));
  EXPECT_FALSE(makes_thread(Role::Indexer));
}

TEST_F(Confinement, TheIndexerToo) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  EXPECT_EQ(outcome(Role::Indexer), kExec | kSocket | kOutside | kFork | kReadHome | kWriteQueue);
}

TEST_F(Confinement, TheCollectorReadsAndWritesNothing) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  EXPECT_EQ(outcome(Role::Collector), kExec | kSocket | kOutside | kFork | kReadHome);
}

TEST_F(Confinement, TheNotifierSpeaksButRunsNothing) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  EXPECT_EQ(outcome(Role::Notifier), kExec | kOutside | kReadHome | kWriteQueue);
}

TEST_F(Confinement, TheViewerOnlyReads) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  EXPECT_EQ(outcome(Role::Viewer), kExec | kSocket | kOutside | kFork | kReadHome);
}

TEST_F(Confinement, TheScannerSeesEverythingAndRunsNothing) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  EXPECT_EQ(outcome(Role::Scanner), kExec | kFork | kReadHome | kWriteQueue);
}

TEST_F(Confinement, TheScannerHasThreadsAndSpeaksWithNobody) {
  if (!kernel_can()) GTEST_SKIP() << "no Landlock or seccomp here";
  const pid_t pid = ::fork();
  if (pid == 0) {
    confine(profile_for(Role::Scanner, settings_), settings_);
    bool ran = false;
    std::thread([&] { ran = true; }).join();
    const base::Descriptor fd(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in a{};
    a.sin_family = AF_INET;
    const bool binds = ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0;
    const bool listens = ::listen(fd.get(), 1) == 0;
    const bool connects = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0 || errno != EPERM;
    ::_exit(ran && binds && !listens && !connects ? 0 : 1);
  }
  int status = 0;
  ::waitpid(pid, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

TEST_F(Confinement, WhatIsMissingIsNamed) {
  const Protections p = confine(profile_for(Role::Responder, settings_), settings_);
  ASSERT_EQ(p.missing.size(), 1u);
  EXPECT_TRUE(p.active.empty());
}

}  // namespace
}  // namespace gander::live
