// explain_rule: why a rule fired on the last of some lines, or the first condition that failed.
//
// Asks the slow reference of the engine (decide_traced), so that the answer is that of the engine itself. A rule that
// was never asked is explained by its parents; one that another rule came before, by that rule.
//
// Threads: a function of its arguments; one thread.
// Fails:   cannot; the rule must be of the ruleset.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "engine/engine.h"

namespace gander::ruletools {

struct Explanation {
  bool fired = false;
  std::string decoder;                                      // "(null)": none
  std::vector<std::pair<std::string, std::string>> fields;  // in the order in which they were filled
  const rules::Rule* decided = nullptr;                     // the rule that did fire, if any
  // One sentence: "rule 5710 fired", "rule 5710 was asked and said no: match 'x' against 'y'".
  std::string answer;
  // The way from the root to the rule; of rules whose tests held, each test with the text that it looked at.
  struct Step {
    const rules::Rule* rule = nullptr;
    enum class Answer { Held, Failed, NotAsked } answer = Answer::NotAsked;
    std::vector<std::string> tests;
  };
  std::vector<Step> way;
};

struct TimedLine {
  std::string text;
  base::Instant time{};
};

Explanation explain_rule(const std::shared_ptr<const engine::Ruleset>& ruleset, const engine::EngineOptions& options,
                         const rules::Rule& rule, const std::vector<TimedLine>& lines);

}  // namespace gander::ruletools
