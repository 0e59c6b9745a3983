// Pieces of the command line's parser. Internal to this folder.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/arguments.h"

namespace gander::cli {

void add_compat(CLI::App& app, model::Compat& compat);
// Which home, configuration and mode.
void add_ruleset_options(CLI::App& app, RulesetArguments& a);
// `gander rules` and its words.
void add_rules(CLI::App& app, RulesArguments& a);

}  // namespace gander::cli
