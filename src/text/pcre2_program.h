// Pcre2Program: one PCRE2 text, compiled.
//
// Owns:    the compiled code. Move-only.
// Threads: immutable after jit(); search() from any thread, each with its own MatchContext.
// Cost:    one run of PCRE2, by JIT after jit() where PCRE2 can; allocates only for more groups than ever before.
// Fails:   compile() says what PCRE2 says; search() counts limits that were hit.
// Source:  pcre2api of PCRE2 10.42.
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

  // Match data with room for `groups` groups and the whole match.
  pcre2_match_data* data_for(uint32_t groups) noexcept;
};

enum class CharacterMode {
  Bytes,       // a byte is a character (a PCRE2 text can still ask for UTF with `(*UTF)`)
  Utf,         // UTF-8, the text is valid
  DamagedUtf,  // UTF-8, bytes that are none match nothing
};

// What search() may assume of its subject.
enum class SubjectCheck { KnownValid, CheckUtf };

class Pcre2Program {
 public:
  enum class Outcome { Match, NoMatch, NotUtf };

  static tl::expected<Pcre2Program, PatternError> compile(const std::string& text, CharacterMode mode);

  void jit() noexcept;
  // Whether subjects have to be valid UTF-8.
  bool needs_utf() const { return needs_utf_; }
  uint32_t groups() const { return groups_; }

  // `out` may be null. In CharacterMode::Utf without CheckUtf the subject must be valid UTF-8.
  Outcome search(std::string_view subject, SubjectCheck check, MatchContext& context, Match* out) const noexcept;

 private:
  struct Free {
    void operator()(pcre2_code* p) const { pcre2_code_free(p); }
  };
  int run(std::string_view subject, SubjectCheck check, MatchContext::Impl& impl,
          pcre2_match_data* data) const noexcept;

  std::unique_ptr<pcre2_code, Free> code_;
  uint32_t groups_ = 0;
  bool needs_utf_ = false;
  bool jit_ = false;
};

}  // namespace gander::text
