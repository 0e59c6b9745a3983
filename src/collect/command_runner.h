// CommandRunner: <localfile> blocks of `command` and `full_command`, run when they are due, beside each other.
//
// Each runs as `/bin/sh -c TEXT` in a process group of its own and is killed with it at its time-out. Driven as Sources
// is: wait on poll_fd() until next_deadline(), then step(). The place of a command is the time of its last run, so that
// one that is overdue at the start runs at once.
//
// Owns:    child processes and their pipes; the destructor kills the groups and reaps them.
// Threads: one thread; starts none. Reads no clock. Forks: not to be used in a process with seccomp or Landlock.
// Cost:    idle: nothing. Output is handed on as it comes; at most one line and one full output are held a run.
// Fails:   cannot; what cannot be started, times out or ends by a signal is said in the log and counted in status().
// OSSEC:   command and full_command of ossec-logcollector; docs/compat.md says what is mended.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collect/record.h"
#include "config/sections.h"
#include "model/compat.h"

namespace gander::collect {

struct CommandOptions {
  model::Compat compat = model::Compat::Mended;
  base::Seconds timeout{60};                // of a block without its own; never longer than its frequency
  size_t window_bytes = size_t{4} << 20;    // handed out and not acknowledged
  size_t longest_record = size_t{1} << 20;  // a line, or the output of a full_command
  size_t most_output = size_t{16} << 20;    // of one run of a `command`; then it is killed
};

class CommandRunner {
 public:
  // Blocks that are no commands are passed over.
  CommandRunner(const std::vector<config::Localfile>& localfiles, CommandOptions options,
                const std::vector<KeptPlace>& kept);
  ~CommandRunner();
  CommandRunner(CommandRunner&&) noexcept;
  CommandRunner& operator=(CommandRunner&&) noexcept;

  int poll_fd() const;
  Steady next_deadline(Moment now) const;
  void step(Moment now, Sink& sink);
  void acknowledge(uint64_t number);
  size_t unacknowledged_bytes() const;

  // Commands that stay keep their schedule and go on running; those that are gone are killed.
  void reload(const std::vector<config::Localfile>& localfiles);

  std::vector<SourceStatus> status() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::collect
