// Pcre2Program: one PCRE2 text, compiled with JIT.
//
// Threads: immutable; search() from any thread, each with its own MatchContext.
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <memory>
#include <string>

#include <tl/expected.hpp>

#include "text/pattern.h"

namespace gander::text {

struct MatchContext::Impl {
  struct Free {
    void operator()(pcre2_match_data* p) const { pcre2_match_data_free(p); }
    void operator()(pcre2_match_context* p) const { pcre2_match_context_free(p); }
    void operator()(pcre2_jit_stack* p) const { pcre2_jit_stack_free(p); }
  };
  std::unique_ptr<pcre2_match_data, Free> data;
  std::unique_ptr<pcre2_match_context, Free> context;
  std::unique_ptr<pcre2_jit_stack, Free> stack;
};

enum class CharacterMode { Utf, Bytes };

class Pcre2Program {
 public:
  static tl::expected<Pcre2Program, PatternError> compile(const std::string& text, CharacterMode mode);

  // `out` may be null. The subject must be valid UTF-8 in CharacterMode::Utf.
  bool search(std::string_view subject, MatchContext& context, Match* out) const noexcept;

 private:
  struct Free {
    void operator()(pcre2_code* p) const { pcre2_code_free(p); }
  };
  std::unique_ptr<pcre2_code, Free> code_;
  bool jit_ = false;
};

}  // namespace gander::text
