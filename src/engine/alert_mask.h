// AlertMask: which alerts are told without what must not lie about, and how their texts are masked.
//
// Owns:    a flag for each rule.
// Threads: applies() from any; mask() changes the event it is given.
// Cost:    mask() scans the texts of one alert; nothing for events without an alert.
// Fails:   cannot.
#pragma once

#include <string_view>
#include <vector>

#include "base/arena.h"
#include "model/event.h"
#include "rules/rule_tree.h"
#include "sensitive/detector.h"

namespace gander::engine {

class AlertMask {
 public:
  // `always`: kinds that are masked in every alert; empty: only rules with <sensitive> and those below them mask.
  AlertMask(const rules::RuleTree& tree, sensitive::KindSet always);

  bool applies(const rules::Rule& rule) const { return !always_.kinds().empty() || asks_[rule.index]; }
  // Masks the texts and fields of `event`, and the remembered `lines` (kept in `arena`).
  void mask(const rules::Rule& rule, model::Event& event, std::vector<std::string_view>& lines,
            base::Arena& arena) const;

 private:
  void note(const std::vector<std::unique_ptr<rules::RuleNode>>& family, bool above);

  sensitive::Detector always_;
  sensitive::Detector all_;
  std::vector<bool> asks_;  // by Rule::index: it, or one above it in some place, has <sensitive>
};

}  // namespace gander::engine
