// ScriptRunner: runs programs beside the loop: no shell, a clean environment, an end to their time.
//
// A child gets a process group of its own, /dev/null on its standard streams, no other descriptor, default signals, and
// LC_ALL=C and PATH as its whole environment. When its time is up its group is asked to end and, kGrace later, killed.
// What it leaves running in the background when it ends in time, stays.
//
// Owns:    an epoll descriptor, a pidfd for each child. The destructor lets children run on.
// Threads: one thread. Reaps only its own children; the role must not ignore SIGCHLD.
// Cost:    start() forks once (vfork-like) and never waits.
// Fails:   open() with V003; start() says why a program could not be started.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace gander::respond {

enum class Output { Discard, Keep };  // of standard output; at most kMostOutput is kept

struct ScriptEnd {
  enum class How { Exited, Signalled, TimedOut } how = How::Exited;
  uint64_t id = 0;
  int status = 0;  // exit status or signal
  std::string output;
};

class ScriptRunner {
 public:
  using Up = std::chrono::microseconds;
  static constexpr std::chrono::seconds kGrace{5};
  static constexpr size_t kMostOutput = size_t{64} * 1024;

  ScriptRunner() = default;
  ScriptRunner(const ScriptRunner&) = delete;
  ScriptRunner& operator=(const ScriptRunner&) = delete;
  ~ScriptRunner();

  Result<void> open();
  int descriptor() const { return epoll_; }

  // argv[0] is the path of the program. Returns the system's words when it cannot be started.
  std::optional<std::string> start(uint64_t id, const std::vector<std::string>& argv, const std::string& folder,
                                   Output output, Up now, std::chrono::seconds most);
  std::vector<ScriptEnd> poll(Up now);
  // When poll() has to look at a time limit.
  std::optional<Up> next() const;
  size_t running() const { return children_.size(); }

 private:
  struct Child {
    uint64_t id = 0;
    pid_t pid = 0;
    int pidfd = -1;
    int output = -1;
    Up limit{};
    enum class Told { Nothing, Term, Kill } told = Told::Nothing;
  };

  std::optional<ScriptEnd> reap(Child& child);
  static void enforce(Child& child, Up now);

  int epoll_ = -1;
  std::map<pid_t, Child> children_;
};

}  // namespace gander::respond
