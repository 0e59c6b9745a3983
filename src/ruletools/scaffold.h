// Scaffold: decoders, rules and tests made from sample lines, as a start for writing them.
//
// Lines that a decoder already claims get no other; lines that a rule already speaks of get a rule below it. All else
// gets a decoder by program name (or by the messages themselves), a rule of level 0 for it, and one rule a template.
//
// Threads: functions of their arguments.
// Fails:   K010 no lines, K011 no free ids, K012 a line that the finished rules do not catch (then nothing is to be
//          written).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/engine.h"

namespace gander::ruletools {

struct ScaffoldOrder {
  std::string name;  // of letters, digits, - and _
  std::vector<std::string> lines;
  model::RuleId first_id = 100100;  // or the first free ones behind it
};

struct Scaffold {
  std::string decoders;  // text of decoders.xml; empty: none is needed
  std::string rules;     // text of rules.xml
  std::vector<model::RuleId> ids;
};

Result<Scaffold> make_scaffold(const ScaffoldOrder& order, const std::shared_ptr<const engine::Ruleset>& ruleset,
                               const engine::EngineOptions& options);

struct ScaffoldTests {
  std::string ini;  // NAME.ini
  std::string tsv;  // NAME.tsv
};

// `finished`: the ruleset with the scaffold's files behind it. What it answers becomes the tests.
Result<ScaffoldTests> scaffold_tests(const ScaffoldOrder& order, const Scaffold& scaffold,
                                     const std::shared_ptr<const engine::Ruleset>& finished,
                                     const engine::EngineOptions& options);

}  // namespace gander::ruletools
