// StraightForm: a pattern that never has to go back, such as `^Failed \S+ for (\S+) from (\S+) port`, run without
// PCRE2.
//
// Alternatives of literals and character classes in a row. What a quantifier repeats must not begin what follows it, so
// that there is one way only to match from a given place. Alternatives stand at the start of the text or begin with
// literal text, so that the places are found quickly.
//
// Threads: immutable; search() from any thread.
// Cost:    linear in the text, a look at each byte that is matched; no allocation but for more captures than before.
// Fails:   of() returns nullopt for every pattern that is more than that.
// Source:  pcre2pattern of PCRE2 10.42, CASELESS, a byte a character; the answers are PCRE2's.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "text/literal_finder.h"
#include "text/pattern.h"

namespace gander::text {

class StraightForm {
 public:
  // Of a PCRE2 text; it must be one that PCRE2 accepts.
  static std::optional<StraightForm> of(std::string_view pcre2);

  // The leftmost match, as PCRE2 gives it. `out` may be null; its captures are emptied first.
  bool search(std::string_view text, Match* out) const noexcept;

 private:
  using Bytes = std::bitset<256>;

  enum class Kind : uint8_t { Literal, Class, Open, Close, End, StrictEnd };
  struct Step {
    Kind kind = Kind::Literal;
    bool lazy = false;    // while reading; then: takes as little as it may, nothing follows
    uint32_t number = 0;  // of the literal or class
    uint32_t least = 1;   // repeats of a class
    uint32_t most = 1;
  };
  struct Row {
    bool at_start = false;
    std::vector<Step> steps;
    std::optional<LiteralFinder> first;  // the literal that a row not at the start begins with
    size_t width = 0;                    // bytes up to its first class that repeats without end; 0: there is none
  };
  // Where one row matched.
  struct Found {
    void give(std::string_view text, Match& out) const;

    size_t begin = 0;
    size_t end = 0;
    std::array<size_t, 2 * 16> groups;  // begin and end of each; the first `group_count` are set
    size_t group_count = 0;
  };
  class Reader;

  bool seal(Row& row);
  bool straight(const Row& row, size_t at) const;
  bool find_width(Row& row) const;
  bool match_at(const Row& row, std::string_view text, size_t begin, Found& found, size_t& run_end) const noexcept;
  bool search_row(const Row& row, std::string_view text, size_t limit, Found& found) const noexcept;

  std::vector<Row> rows_;
  std::vector<std::string> literals_;  // lower case
  std::vector<Bytes> sets_;
};

}  // namespace gander::text
