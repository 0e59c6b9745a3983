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
#include "model/actor.h"

namespace gander::integrity {

using model::Actor;

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
