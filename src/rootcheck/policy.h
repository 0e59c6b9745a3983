// Policy: a file of the audit language: variables, entries with a condition, tests.
//
// Owns:    its texts and compiled patterns. Move-only.
// Threads: immutable after parse().
// Fails:   each mistake is a finding with file, line and column (I031 variable, I032 header, I033 test, I034 pattern);
//          an entry that has one is left out, the others count (4.3: the rest of the file is left out).
// OSSEC:   the language as there; every file of a comma list is looked at (4.3: never the last one).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "model/compat.h"
#include "rootcheck/line_pattern.h"
#include "text/pattern.h"

namespace gander::rootcheck {

struct PolicyTest {
  enum class Kind { File, Directory, Process, Registry } kind = Kind::File;
  bool negated = false;
  std::vector<std::string> targets;
  std::optional<text::Pattern> name;   // of d: the base name must match it
  std::optional<LinePattern> pattern;  // of f and d a line, of p the name of a process
  int line = 0;
};

struct PolicyEntry {
  std::string name;
  std::string reference;
  enum class Condition { Any, All } condition = Condition::Any;
  bool required = false;
  std::vector<PolicyTest> tests;
  int line = 0;
};

struct Policy {
  std::vector<PolicyEntry> entries;

  static Policy parse(std::string_view text, const std::string& file, model::Compat compat, Diagnostics& findings);
};

}  // namespace gander::rootcheck
