// Diagnostics: everything a loader has to say about the files it read, in the order in which it met it.
//
// Loaders do not stop at the first error: they add a Diagnostic and go on. `ossec_lines` holds the log lines (without
// time stamp) that OSSEC 4.3 prints for the same finding, so that the compatible tools can repeat them to the byte.
//
// Owns:    its entries.
// Threads: one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace gander {

enum class Severity { Note, Warning, Error };

struct Diagnostic {
  Severity severity = Severity::Error;
  ErrorCode code;
  std::string message;                   // "rule 100120 follows rule 5799, which no file defines"
  SourcePos at;                          // file as the user named it or an openable path; line 0 = whole file
  int length = 1;                        // bytes that the caret line underlines, from at.column
  std::string hint;                      // "nearest: 5710, 5760" or "allowed: 60-604800"; empty = none
  std::vector<std::string> ossec_lines;  // OSSEC 4.3's own lines for this finding; empty = it says nothing
};

class Diagnostics {
 public:
  void add(Diagnostic d);
  void error(ErrorCode code, std::string message, SourcePos at, std::string hint = {},
             std::vector<std::string> ossec_lines = {});
  void warning(ErrorCode code, std::string message, SourcePos at, std::string hint = {},
               std::vector<std::string> ossec_lines = {});
  // A line OSSEC prints on the way ("INFO: Reading decoder file x."); not shown by `gander check`.
  void note(std::string ossec_line);

  const std::vector<Diagnostic>& entries() const { return entries_; }
  bool has_errors() const { return errors_ != 0; }
  size_t error_count() const { return errors_; }
  size_t warning_count() const { return warnings_; }

 private:
  std::vector<Diagnostic> entries_;
  size_t errors_ = 0;
  size_t warnings_ = 0;
};

enum class Colour { Off, On };

// `file:line:column: error[CODE]: message`, the source line, a caret line and the hint. Reads the source line from
// at.file again (nothing is shown when that fails). Control bytes of the line are shown as `?`. Ends in a newline.
std::string render(const Diagnostic& d, Colour colour);

// The members of `known` nearest to `word` by edit distance (at most `most`, at most a third of the word wrong).
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known, size_t most = 2);
// "nearest: a, b" or "" when nothing is near.
std::string nearest_hint(std::string_view word, const std::vector<std::string>& known);

}  // namespace gander
