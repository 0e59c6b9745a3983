// LazyProgram: a Pcre2Program that is finished when it is first asked for. Most patterns of a large ruleset are never
// searched, and compiling for JIT costs ten times what reading the pattern costs.
//
// Threads: get() from any thread; the first one compiles, others wait for it.
// Cost:    after the first call one atomic load.
// Fails:   get() returns null when the text does not compile.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "text/pcre2_program.h"

namespace gander::text {

enum class RunBy { Jit, Interpreter };

class LazyProgram {
 public:
  LazyProgram(std::string text, CharacterMode mode, RunBy run_by)
      : text_(std::move(text)), mode_(mode), run_by_(run_by) {}
  LazyProgram(const LazyProgram&) = delete;
  LazyProgram& operator=(const LazyProgram&) = delete;

  // Reads the text at once, to know whether it is a pattern; only before the first get().
  std::optional<PatternError> check();
  // Of the program that check() read.
  bool needs_utf() const { return program_ && program_->needs_utf(); }

  const Pcre2Program* get() const noexcept;
  const std::string& text() const { return text_; }

 private:
  void finish() const;

  const std::string text_;
  const CharacterMode mode_;
  const RunBy run_by_;
  mutable std::once_flag once_;
  mutable std::atomic<const Pcre2Program*> ready_ = nullptr;
  mutable std::optional<Pcre2Program> program_;
};

}  // namespace gander::text
