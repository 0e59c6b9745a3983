#include "text/lazy_program.h"

namespace gander::text {

std::optional<PatternError> LazyProgram::check() {
  auto program = Pcre2Program::compile(text_, mode_);
  if (!program) return program.error();
  program_ = std::move(*program);
  return std::nullopt;
}

void LazyProgram::finish() const {
  if (!program_) {
    auto program = Pcre2Program::compile(text_, mode_);
    if (!program) return;
    program_ = std::move(*program);
  }
  if (run_by_ == RunBy::Jit) program_->jit();
  ready_.store(&*program_, std::memory_order_release);
}

const Pcre2Program* LazyProgram::get() const noexcept {
  if (const Pcre2Program* const ready = ready_.load(std::memory_order_acquire)) return ready;
  std::call_once(once_, [this] { finish(); });
  return ready_.load(std::memory_order_acquire);
}

}  // namespace gander::text
