// TestFile: one file of tests beside the rules, read: lines of a log and what each of them must give.
//
//   NAME.ini     sections with `rule`, `alert` (level), `decoder` and lines `log N pass = LINE` (or `fail`: the line
//   must
//                not give exactly these), as OSSEC's own rule tests have them (%% stands for %)
//   NAME.tsv     LINE, decoder, and field=value for each decoded field, tab separated; fields that are not named must
//   be
//                absent; lines that begin with # are comments
//   FOLDER/      input.log, one line of log each; expected, the rule id for each ("-": none); clock, the time of each
//   in
//                seconds since 1970 (without it: one second apart); expected.ossec-4.3, where --compat counts otherwise
//
// Owns:    its texts.
// Threads: values; reading is a function of its arguments and the file.
// Fails:   what cannot be read goes to Diagnostics as K001-K003 with its place; the rest of the file counts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "model/compat.h"

namespace gander::ruletools {

// What one line must give; what is absent is not looked at. "-" is no rule, "(null)" no decoder.
struct Expectation {
  std::optional<std::string> rule;
  std::optional<std::string> level;
  std::optional<std::string> decoder;
  std::optional<std::map<std::string, std::string>> fields;
  bool refused = false;  // `log N fail`: rule, level and decoder must not all be these
};

struct TestStep {
  std::string line;
  SourcePos at;
  std::string name;  // "[section] log 1 pass"
  base::Instant time{};
  Expectation expected;
};

struct TestFile {
  enum class Kind { Lines, Fields, Sequence };  // .ini, .tsv, folder
  Kind kind = Kind::Lines;
  std::string path;
  std::vector<TestStep> steps;
  size_t left_out = 0;  // steps that the mode cannot have as one line

  // A sequence is one test, else each line is.
  size_t tests() const { return kind == Kind::Sequence ? (steps.empty() ? 0 : 1) : steps.size(); }
};

TestFile read_ini_tests(const std::string& path, model::Compat compat, Diagnostics& diagnostics);
TestFile read_field_tests(const std::string& path, Diagnostics& diagnostics);
TestFile read_sequence_test(const std::string& folder, model::Compat compat, Diagnostics& diagnostics);

}  // namespace gander::ruletools
