// CommandOutput: what a command printed becomes OSSEC's texts, a line or a whole output each. Pure.
//
// Owns:    the unfinished line, or the output so far (at most `longest` bytes).
// Threads: one thread.
// Cost:    one pass.
// Fails:   cannot; total over all byte strings.
// OSSEC:   `ossec: output: 'NAME': LINE` and `ossec: output: 'NAME':\nOUTPUT`; its limits and its loss of an
//          unterminated end of a full_command under Compat::Ossec43.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "collect/record_cutter.h"
#include "model/compat.h"

namespace gander::collect {

// The name of a command in its events and as their location: `:` is OSSEC's separator.
std::string command_name(std::string_view alias, std::string_view command);

class CommandOutput {
 public:
  enum class Kind { Lines, Full };
  enum class Ended {
    Well,    // by itself, with whatever status
    Killed,  // by a signal or its time-out: half an output would look like a change
  };

  CommandOutput(Kind kind, std::string name, model::Compat compat, size_t longest);

  // Adds the records that `bytes` finish (Kind::Lines).
  void add(std::string_view bytes, CutList& out);
  void end(Ended how, CutList& out);

  uint64_t bytes() const { return bytes_; }
  uint64_t lines() const { return lines_; }
  // Kind::Full: more would not be kept; the rest need not be read.
  bool is_full() const { return kind_ == Kind::Full && kept_.size() >= longest_; }

 private:
  void send_line(std::string_view line, CutList& out);
  void keep(std::string_view bytes);

  Kind kind_;
  model::Compat compat_;
  size_t longest_;
  std::string prefix_;
  std::string kept_;
  std::string text_;
  bool cut_ = false;
  uint64_t bytes_ = 0;
  uint64_t lines_ = 0;
};

}  // namespace gander::collect
