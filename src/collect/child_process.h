// ChildProcess: `/bin/sh -c TEXT` in a process group of its own, its output and error on pipes that never wait.
//
// Owns:    the process group: the destructor kills and reaps it.
// Threads: one thread.
// Fails:   start() gives errno.
#pragma once

#include <sys/types.h>

#include <optional>
#include <span>
#include <string>

namespace gander::collect {

class ChildProcess {
 public:
  struct Exit {
    bool by_signal = false;
    int code = 0;  // status, or number of the signal
  };

  ChildProcess() = default;
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int start(const std::string& command);
  int output() const { return output_; }  // -1 after its end
  int errors() const { return errors_; }
  int exit_descriptor() const { return pidfd_; }  // readable when it ended; -1: has to be asked

  // Bytes; 0: nothing now; -1: the end (the pipe is closed then).
  ssize_t read_output(std::span<char> room) { return read(output_, room); }
  ssize_t read_errors(std::span<char> room) { return read(errors_, room); }
  // Whether the shell ended; its group may live on.
  bool ended() const;
  void kill_group() const;
  // Kills what is left of the group and gives the shell's end. To be called once, after ended() or kill_group().
  Exit reap();

 private:
  static ssize_t read(int& descriptor, std::span<char> room);

  pid_t pid_ = -1;
  int pidfd_ = -1;
  int output_ = -1;
  int errors_ = -1;
};

}  // namespace gander::collect
