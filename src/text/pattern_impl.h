// What is behind a Pattern.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "text/lazy_program.h"
#include "text/literal_choice.h"
#include "text/literal_form.h"
#include "text/pattern.h"
#include "text/straight_form.h"

namespace gander::text {

struct Pattern::Impl {
  Dialect dialect = Dialect::OsMatch;
  OnInvalidUtf8 on_invalid = OnInvalidUtf8::NoMatch;
  std::string text;
  std::string translated;

  // The first of these that is set answers; the programs answer for everything else.
  bool always = false;  // the empty os_match pattern
  std::optional<LiteralForm> literal;
  std::optional<LiteralChoice> choice;
  std::optional<StraightForm> straight;  // where `bytes` would be run

  bool ascii = false;                  // the pattern is ASCII: ASCII texts may be searched as bytes
  std::optional<LazyProgram> utf;      // os_match, os_regex
  std::optional<LazyProgram> bytes;    // PCRE2; of the others for ASCII texts and for texts that are not UTF-8
  std::optional<LazyProgram> damaged;  // with own_utf, for texts that are not UTF-8

  bool own_utf = false;  // a PCRE2 text that asks for UTF itself

  std::vector<std::string> required;
  std::vector<LiteralFinder> prefilter;
  bool words_fold = false;  // words to be looked for have a k or an s, to which letters outside ASCII fold

  // For search_slow(), made when it is first asked for.
  struct Slow;
  mutable std::once_flag slow_once;
  mutable std::unique_ptr<const Slow> slow;

  Impl();
  ~Impl();

  bool run(Subject subject, MatchContext& context, Match* out) const noexcept;
  const LazyProgram* program_for(Encoding encoding) const noexcept;
  // Whether words found in such a text are all that there is to find.
  bool words_suffice(Subject subject) const noexcept;
  bool may_match(Subject subject) const noexcept;
  std::unique_ptr<const Slow> make_slow() const;

  std::optional<PatternError> build();
  std::optional<PatternError> build_programs();
  void build_prefilter();
};

}  // namespace gander::text
