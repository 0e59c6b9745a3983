// A small ruleset of a fictional service "app", and files beside it, for tests.
#pragma once

#include <memory>
#include <string>

#include "base/testing/temp_folder.h"
#include "engine/engine.h"

namespace gander::ruletools::testing {

using Folder = base::testing::TempFolder;

// Decoder app with srcip and user of "login from IP as USER", rules 100 (level 0), 101 (login, level 5), 102 (root,
// below 101), 103 (three logins of one address within a minute), 104 (noalert, with the child 105).
extern const char* const kDecoders;
extern const char* const kRules;

// kDecoders and kRules with more behind them; must load.
std::shared_ptr<const engine::Ruleset> small_ruleset(const Folder& folder, const std::string& more_decoders = {},
                                                     const std::string& more_rules = {});

// "Jan 15 10:00:00 h app: TEXT"
std::string app_line(const std::string& text);

}  // namespace gander::ruletools::testing
