// Session: what logtest, replay and check share: layout, configuration, ruleset, clock and host name.
#pragma once

#include <memory>
#include <string>

#include "base/diagnostic.h"
#include "base/time.h"
#include "cli/arguments.h"
#include "cli/layout.h"
#include "config/config.h"
#include "engine/engine.h"
#include "engine/ruleset.h"

namespace gander::cli {

struct Session {
  Layout layout;
  config::Config config;
  std::shared_ptr<const engine::Ruleset> ruleset;  // null: diagnostics hold an error
  Diagnostics diagnostics;
  base::TimeZone zone;
  std::string own_host;
  engine::EngineOptions engine_options;
  // What the ruleset was loaded from, to load it again with more files.
  engine::RulesetFiles ruleset_files;
  engine::RulesetOptions ruleset_options;
};

// Loads all that the arguments name. Every finding is in session.diagnostics; fails only when there is nothing to load.
Result<Session> open_session(const RulesetArguments& arguments, const std::string& zone, const std::string& hostname,
                             config::Scope scope);

// "2026/01/15 12:00:00 text\n", as OSSEC's programs log.
std::string log_line(const base::TimeZone& zone, base::Instant at, std::string_view text);

// Colour on a terminal, unless NO_COLOR is set.
Colour colour_for(int descriptor);

// Prints findings on standard error the way people read them. Returns the number of errors. With Findings::Errors,
// warnings are only counted: `gander check` shows them.
enum class Findings { All, Errors };
size_t show_findings(const Diagnostics& diagnostics, Findings which);

}  // namespace gander::cli
