// LinePattern: what a policy asks of one line: parts joined by ` && `, each with `!`, `r:`, `=:`, `<:`, `>:` or bare.
//
// Owns:    its compiled expressions. Move-only.
// Threads: immutable; the context belongs to the asking thread.
// Fails:   parse() says what is wrong.
// OSSEC:   as there; `<` and `>` mean what they say and every ` && ` counts (4.3: exchanged; only one that is the first
//          blank).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/compat.h"
#include "text/pattern.h"

namespace gander::rootcheck {

class LinePattern {
 public:
  // Nothing: `why` says what is wrong.
  static std::optional<LinePattern> parse(std::string_view text, model::Compat compat, std::string& why);

  bool matches(std::string_view line, text::MatchContext& context) const;
  // Every part is negated: then the pattern is about all lines of a file.
  bool all_negated() const;

 private:
  enum class Operator { Equal, Regex, Greater, Less };
  struct Part {
    bool negated = false;
    Operator op = Operator::Equal;
    std::string text;
    std::optional<text::Pattern> regex;
  };
  bool part_matches(const Part& part, std::string_view line, text::MatchContext& context) const;

  std::vector<Part> parts_;
  bool exact_ = false;
};

}  // namespace gander::rootcheck
