// The fast engine (prepare ahead, then decide) and the slow reference (decide_traced) over the same random rules and
// events; for tests and the fuzzer.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/testing/temp_folder.h"
#include "engine/engine.h"
#include "engine/testing/random_rules.h"

namespace gander::engine::testing {

using Folder = base::testing::TempFolder;

EngineOptions options_for(CorrelationPolicy policy);

// With kDecoders and `lists`; null, and `errors` says why, when it does not load.
std::shared_ptr<const Ruleset> load(const Folder& folder, const std::string& rules, const std::vector<NamedText>& lists,
                                    model::Compat compat, std::string& errors);

struct Outcome {
  std::string rules;       // the rule file
  std::string difference;  // empty: both decided alike
  size_t alerts = 0;
};

// Random rules and events of `grammar`, through both.
Outcome compare(Grammar& grammar, const Folder& folder, CorrelationPolicy policy, int rules, int events);

// The same through an engine that hands its memory on to one with a newly loaded, equal ruleset every few events:
// nothing may be forgotten.
Outcome compare_reloaded(Grammar& grammar, const Folder& folder, CorrelationPolicy policy, int rules, int events);

}  // namespace gander::engine::testing
