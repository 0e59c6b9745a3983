// Change: something that happened to a watched file, and where changes go.
//
// Owns:    plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "integrity/file_state.h"

namespace gander::integrity {

// Who did it, as far as the system told; fields that are not known are empty or -1.
struct Actor {
  int64_t pid = -1;
  int64_t parent = -1;
  int64_t uid = -1;
  int64_t login_uid = -1;
  std::string user;  // name of uid
  std::string executable;
  std::string command_line;  // arguments with blanks between, at most 4 KiB

  bool known() const { return pid >= 0; }
  bool operator==(const Actor&) const = default;
  // {"pid":1,"ppid":…}; damaged UTF-8 replaced.
  std::string json() const;
};

enum class ChangeKind {
  Baseline,    // first sight in a first scan
  New,         // first sight later
  Changed,     // something that is checked differs
  Attributes,  // only attributes beyond OSSEC's sum differ
  Deleted,
};

struct Change {
  ChangeKind kind = ChangeKind::Changed;
  std::string path;
  FileState before;        // of New and Baseline: empty
  FileState after;         // of Deleted: empty
  std::string difference;  // what stands below "What changed:", with its line ends
  std::optional<Actor> actor;
  std::vector<std::string> sensitive;  // lines about what its content holds (sensitive_files.h)
};

class ChangeSink {
 public:
  virtual ~ChangeSink() = default;
  // The changes are told, or kept where they outlive a crash: the baseline goes on only then (see settle()). On an
  // error they come again.
  virtual Result<void> deliver(std::span<const Change> changes) = 0;
  // For a sink that keeps what it was given later: returns when it has. Asked before the baseline goes on.
  virtual Result<void> settle() { return {}; }
};

}  // namespace gander::integrity
