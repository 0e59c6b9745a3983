// From a configuration to what an engine is made of: files, ruleset options, engine options. The same for every door.
//
// Threads: functions of their arguments.
// Fails:   cannot; findings were made when the configuration was loaded.
#pragma once

#include <string>

#include "config/config.h"
#include "config/expand_rules.h"
#include "config/internal_options.h"
#include "engine/engine.h"
#include "engine/ruleset.h"

namespace gander::engine {

struct Setting {
  const config::Config& config;
  const config::InternalOptions& internal;
  model::Compat compat = model::Compat::Mended;
  base::TimeZone zone = base::TimeZone::utc();
  std::string own_host;
  rules::Resolver* resolver = nullptr;  // null: is_valid_crawler asks nobody
};

RulesetFiles ruleset_files(const config::RulesetSources& sources);
RulesetOptions ruleset_options(const Setting& setting);
EngineOptions engine_options(const Setting& setting);
// `given`, else the system's, up to its first dot.
std::string short_host_name(const std::string& given);

}  // namespace gander::engine
