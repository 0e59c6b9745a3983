#include "live/host_config.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "base/file.h"
#include "config/expand_rules.h"
#include "engine/setup.h"

namespace gander::live {
namespace {

std::string digest_of(const engine::RulesetFiles& files) {
  XXH3_state_t* const state = XXH3_createState();
  XXH3_128bits_reset(state);
  const auto add = [&](const std::string& path) {
    const Result<std::string> text = base::read_file(path);
    const std::string content = text ? *text : std::string();
    const uint64_t size = content.size();
    XXH3_128bits_update(state, &size, sizeof size);
    XXH3_128bits_update(state, content.data(), content.size());
  };
  for (const auto& f : files.decoders) add(f.path);
  for (const auto& f : files.rules) add(f.path);
  for (const auto& f : files.lists) add(f.path);
  const XXH128_hash_t hash = XXH3_128bits_digest(state);
  XXH3_freeState(state);
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

HostConfig load_config(const HostSettings& settings) {
  HostConfig out;
  config::LoadOptions load;
  load.compat = settings.compat;
  load.program = "gander";
  out.config = config::load_config(settings.config, load, out.diagnostics);
  out.internal = config::InternalOptions::load(base::join(settings.rules_home, "etc"), load, out.diagnostics);
  return out;
}

LoadedRuleset load_ruleset(const HostSettings& settings, HostConfig& host, rules::Resolver* resolver) {
  LoadedRuleset out;
  const engine::Setting setting{
      host.config, host.internal, settings.compat, settings.zone, engine::short_host_name(settings.host_name),
      resolver};
  const engine::RulesetFiles files =
      engine::ruleset_files(config::expand_rules(host.config, settings.rules_home, settings.compat, host.diagnostics));
  out.ruleset = engine::Ruleset::load(files, engine::ruleset_options(setting), host.diagnostics);
  if (out.ruleset && !out.ruleset->has_rules()) {
    host.diagnostics.error("C044", "the configuration names no rules", {settings.config, 0, 0});
    out.ruleset = nullptr;
  }
  out.engine = engine::engine_options(setting);
  out.digest = digest_of(files);
  return out;
}

std::string errors_of(const Diagnostics& diagnostics) {
  std::string out;
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity == Severity::Error) out += render(d, Colour::Off);
  }
  return out;
}

}  // namespace gander::live
