// Prefilter: prefilter_cmd, whose output is hashed (MD5 and SHA-1) instead of the file.
//
// Owns:    nothing between calls.
// Threads: one thread at a time; one for each worker.
// Cost:    a process for each file that is read; stopped after a minute.
// Fails:   a program that cannot be started, or fails, says so once in note(); the file itself counts then.
// OSSEC:   there a shell runs `CMD FILE` and a file name can run commands; here the words of the command and the path
//          are arguments, no shell is asked (both modes).
#pragma once

#include <string>
#include <vector>

#include "integrity/examiner.h"

namespace gander::integrity {

class Prefilter final : public ContentSource {
 public:
  explicit Prefilter(std::string_view command);
  bool digests(std::string_view path, Hasher& hasher, unsigned checks, Digests& out) override;
  const std::string& note() const { return note_; }

 private:
  bool fail_with(std::string text);

  std::vector<std::string> words_;
  std::string note_;
};

}  // namespace gander::integrity
