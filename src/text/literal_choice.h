// LiteralChoice: a pattern of plain words between bars, `foo|^bar|baz$`, searched without PCRE2.
//
// Threads: immutable; const calls from any thread.
// Cost:    one search of the text a word; no allocation.
// Fails:   of() returns nullopt for every pattern that is more than words.
// Source:  os_match and os_regex of OSSEC 4.3, PCRE2 texts of plain characters; the answers are those that PCRE2 gives
//          for the (translated) pattern.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "text/literal_finder.h"
#include "text/pattern.h"

namespace gander::text {

class LiteralChoice {
 public:
  // nullopt for bytes that are not ASCII, classes, groups and anchors inside a word.
  static std::optional<LiteralChoice> of(Dialect dialect, std::string_view pattern);

  bool matches(std::string_view text) const noexcept;
  // The leftmost match; of words that match at the same place, the first in the pattern.
  bool search(std::string_view text, size_t& begin, size_t& end) const noexcept;

  // The words, in lower case; empty when one of them is too short to be worth a search.
  std::vector<std::string> required() const;
  // Whether every word may stand anywhere.
  bool unanchored() const;
  // Whether letters outside ASCII fold to some letter of the words.
  bool folds() const;

 private:
  struct Word {
    LiteralFinder literal;
    bool at_start = false;
    bool at_end = false;
  };
  explicit LiteralChoice(Dialect dialect) : strict_end_(dialect == Dialect::OsRegex) {}
  bool add_word(std::string_view raw, Dialect dialect);
  size_t find(const Word& word, std::string_view text) const noexcept;
  size_t find_at_end(const Word& word, std::string_view text) const noexcept;

  std::vector<Word> words_;
  bool strict_end_;  // os_match lets `$` also hold before one final newline
};

}  // namespace gander::text
