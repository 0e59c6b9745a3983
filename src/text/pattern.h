// Pattern: one os_match, os_regex or PCRE2 text, compiled; hides which dialect it is.
//
// Owns:    its compiled programs. Move-only.
// Threads: immutable after compile(); const calls from any thread, each with its own MatchContext.
// Cost:    literals and plain words are compared without PCRE2; all else is one JIT run, bounded by the match and
//          depth limits of the context. The first search compiles for JIT (other threads wait for it once); no
//          allocation after warm-up.
// Fails:   compile() returns OSSEC's error number; matching cannot fail (a limit that was hit is "no match" and
//          counted).
// Source:  spec of the dialects as OSSEC 4.3 has them (docs/reference/patterns.md); PCRE2 10.42 does the searching.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "text/subject.h"

namespace gander::text {

enum class Dialect { OsMatch, OsRegex, Pcre2 };

// What a pattern does on a text that is not valid UTF-8: OSSEC 4.3 finds nothing outside anchored literals; mended, the
// text is searched byte by byte (a byte above 0x7f is then a character that only \W \D \S \. match).
enum class OnInvalidUtf8 { NoMatch, SearchBytes };

struct PatternError {
  int ossec_code = 0;   // 3 too long, 6 bad pattern, 10 empty
  std::string message;  // what is wrong, in words
  size_t offset = 0;    // byte in the pattern
};

// Where a pattern matched. Captures are groups that took part, in order (unset groups are skipped, at most 64).
struct Match {
  size_t begin = 0;  // of the whole match
  size_t end = 0;
  std::vector<std::string_view> captures;  // views into the subject
};

// Per-thread working memory of the searches, with counts of limits that were hit.
class MatchContext {
 public:
  struct Limits {
    uint32_t match = 10'000'000;
    uint32_t depth = 10'000'000;
    size_t jit_stack = 0;  // bytes; 0 = PCRE2's own 32 KiB
  };
  MatchContext();
  explicit MatchContext(Limits limits);
  MatchContext(MatchContext&&) noexcept;
  MatchContext& operator=(MatchContext&&) noexcept;
  ~MatchContext();

  // Searches that ended because a limit was hit (the pattern then counts as not matching).
  uint64_t limit_hits() const { return limit_hits_; }

  struct Impl;
  Impl& impl() { return *impl_; }
  void count_limit_hit() { ++limit_hits_; }

 private:
  std::unique_ptr<Impl> impl_;
  uint64_t limit_hits_ = 0;
};

class Pattern {
 public:
  static tl::expected<Pattern, PatternError> compile(Dialect dialect, std::string_view text, OnInvalidUtf8 on_invalid);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  bool matches(Subject subject, MatchContext& context) const noexcept;
  // As matches(), and fills `out` on a match (out.captures is emptied first).
  bool search(Subject subject, MatchContext& context, Match& out) const noexcept;
  // The slow reference: always PCRE2 on the translated text, no literal form, no prefilter (for tests and fuzzers).
  bool search_slow(Subject subject, MatchContext& context, Match& out) const noexcept;

  Dialect dialect() const;
  const std::string& text() const;
  // True for the literal forms `^P`, `P$`, `^P$`: they have no captures (a decoder <regex> of this form is refused).
  bool is_literal() const;
  // Texts of which at least one must occur (ASCII, lower case, to be searched without case) for a match; empty = not
  // known. Not so in valid UTF-8 that holds U+212A or U+017F, which fold to k and s.
  const std::vector<std::string>& required_literals() const;
  // Whether the words of required_literals() are all there is to the pattern: a valid text without the two letters
  // matches exactly when it holds one of them.
  bool literals_decide() const;
  // The PCRE2 text that the pattern was translated to.
  std::string translated() const;

  struct Impl;

 private:
  explicit Pattern(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The older word match of rule groups and report filters: alternatives, `^`, caseless, bytewise; no compile step.
bool word_match(std::string_view pattern, std::string_view subject) noexcept;

}  // namespace gander::text
