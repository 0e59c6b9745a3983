// AlertFilter: the conditions of one entry (level, rules, group, location); all that are set must hold.
//
// Threads: one thread (it holds the working memory of its patterns).
// Cost:    a few comparisons, then at most two pattern searches.
// Fails:   make() cannot: a pattern that does not compile (the configuration refuses it) passes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/compat.h"
#include "model/stored_alert.h"
#include "text/pattern.h"

namespace gander::notify {

class AlertFilter {
 public:
  AlertFilter(std::optional<int> level, std::vector<int> rules, const std::string& group, const std::string& location,
              model::Compat compat);

  // Has a condition at all.
  bool asks() const { return asks_; }
  // True without conditions.
  bool passes(const model::StoredAlert& alert);

 private:
  struct Searched {
    std::optional<text::Pattern> pattern;  // empty: it did not compile
  };
  bool matches(const std::optional<Searched>& searched, std::string_view text);

  std::optional<int> level_;
  std::vector<int> rules_;
  std::optional<Searched> group_;
  std::optional<Searched> location_;
  bool asks_ = false;
  text::MatchContext context_;
};

}  // namespace gander::notify
