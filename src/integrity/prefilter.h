// Prefilter: prefilter_cmd, whose output is hashed (MD5 and SHA-1) instead of the file.
//
// Owns:    nothing between calls.
// Threads: one thread at a time; one for each worker.
// Cost:    a process for each file that is read; stopped after a minute.
// Fails:   a program that cannot be started, or fails, says so once in note(); the file itself counts then.
// OSSEC:   there a shell runs `CMD FILE` and a file name can run commands; here the words of the command and the path
//          are arguments, no shell is asked (both modes).
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "integrity/examiner.h"

namespace gander::integrity {

class Prefilter final : public ContentSource {
 public:
  explicit Prefilter(std::string_view command) : command_(command) {}
  bool digests(std::string_view path, Hasher& hasher, unsigned checks, Digests& out) override;
  const std::string& note() const { return note_; }

 private:
  bool fail_with(std::string text);

  std::string command_;
  std::string note_;
};

// The two halves, for a host where one process may run programs and another one reads.
struct RunningFilter {
  pid_t pid = -1;  // leads a process group of its own
  base::Descriptor output;
};
// Fails with I002 when it cannot be started.
Result<RunningFilter> start_prefilter(std::string_view command, std::string_view path);
// Bytes of `fd` into the hasher until its end; false: not within a minute.
bool hash_output(int fd, Hasher& hasher);

}  // namespace gander::integrity
