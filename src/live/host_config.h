// HostConfig: what the processes of a live host read at their start and at a reload: configuration, internal options
// and, for the analysis, the ruleset. Every process reads for itself; nobody hands parsed things around.
//
// Owns:    values.
// Threads: values; loading is a function of its arguments and the files.
// Fails:   findings go to `diagnostics`; what holds an error must not be used.
#pragma once

#include <memory>
#include <string>

#include "base/diagnostic.h"
#include "base/time.h"
#include "config/config.h"
#include "config/internal_options.h"
#include "engine/engine.h"
#include "engine/ruleset.h"
#include "model/compat.h"

namespace gander::live {

// Where and how a host is watched; the same for all its processes.
struct HostSettings {
  std::string rules_home;       // relative names of the configuration resolve here
  std::string home;             // queue/, logs/, stats/
  std::string config;           // the ossec.conf to read
  bool shipped_config = false;  // it is the one that came with the program
  model::Compat compat = model::Compat::Mended;
  base::TimeZone zone = base::TimeZone::utc();
  std::string host_name;         // whole, as the system has it
  std::string version;           // of Gander, for those who are told
  std::string responder_socket;  // empty: the responder is a child; else another unit listens there
  std::string user;              // whom confined processes become when started by root; empty: nobody else
};

struct HostConfig {
  config::Config config;
  config::InternalOptions internal;
  Diagnostics diagnostics;
};

struct LoadedRuleset {
  std::shared_ptr<const engine::Ruleset> ruleset;  // null: diagnostics of the HostConfig say why
  engine::EngineOptions engine;
  std::string digest;  // of the texts of all its files
};

HostConfig load_config(const HostSettings& settings);
// `resolver` is borrowed by the ruleset; null: is_valid_crawler asks nobody.
LoadedRuleset load_ruleset(const HostSettings& settings, HostConfig& config, rules::Resolver* resolver = nullptr);
// The errors, each as people read it; empty: none.
std::string errors_of(const Diagnostics& diagnostics);

}  // namespace gander::live
