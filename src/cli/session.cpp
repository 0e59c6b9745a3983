#include "cli/session.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <utility>

#include "base/file.h"
#include "config/expand_rules.h"
#include "config/internal_options.h"
#include "engine/setup.h"
#include "engine/system_resolver.h"

namespace gander::cli {
Result<Session> open_session(const RulesetArguments& arguments, const std::string& zone, const std::string& hostname,
                             config::Scope scope) {
  Session session;
  Result<Layout> layout = find_layout(arguments);
  if (!layout) return tl::unexpected(layout.error());
  session.layout = std::move(*layout);
  if (zone.empty()) {
    session.zone = base::TimeZone::local();
  } else {
    const Result<base::TimeZone> named = base::TimeZone::named(zone);
    if (!named) return tl::unexpected(named.error());
    session.zone = *named;
  }
  session.own_host = engine::short_host_name(hostname);

  config::LoadOptions load;
  load.compat = arguments.compat;
  load.scope = scope;
  load.shown = arguments.config;
  session.config = config::load_config(session.layout.config, load, session.diagnostics);
  const config::InternalOptions internal =
      config::InternalOptions::load(base::join(session.layout.home, "etc"), load, session.diagnostics);
  // OSSEC stops at a broken configuration; a check goes on to the rules, which can be wrong as well.
  if (session.diagnostics.has_errors() && scope == config::Scope::Analysis) return session;
  const engine::Setting setting{
      session.config, internal,         arguments.compat,
      session.zone,   session.own_host, arguments.names == NameLookups::Ask ? &engine::system_resolver() : nullptr};
  session.ruleset_files = engine::ruleset_files(
      config::expand_rules(session.config, session.layout.home, arguments.compat, session.diagnostics));
  session.ruleset_options = engine::ruleset_options(setting);
  session.ruleset_options.threads = arguments.load_threads;
  session.ruleset = engine::Ruleset::load(session.ruleset_files, session.ruleset_options, session.diagnostics);
  session.engine_options = engine::engine_options(setting);
  return session;
}

std::string log_line(const base::TimeZone& zone, base::Instant at, std::string_view text) {
  const base::Civil c = zone.civil(at);
  char stamp[64];
  const int n = std::snprintf(stamp, sizeof stamp, "%04d/%02d/%02d %02d:%02d:%02d ", c.year, c.month, c.day, c.hour,
                              c.minute, c.second);
  std::string out(stamp, static_cast<size_t>(n));
  out.append(text);
  out.push_back('\n');
  return out;
}

size_t show_findings(const Diagnostics& diagnostics, Findings which) {
  const Colour colour = colour_for(STDERR_FILENO);
  for (const Diagnostic& d : diagnostics.entries()) {
    const bool shown = d.severity == Severity::Error || (d.severity == Severity::Warning && which == Findings::All);
    if (shown) std::cerr << render(d, colour);
  }
  return diagnostics.error_count();
}

Colour colour_for(int descriptor) {
  const char* const no_colour = std::getenv("NO_COLOR");
  return ::isatty(descriptor) != 0 && !(no_colour && *no_colour) ? Colour::On : Colour::Off;
}

}  // namespace gander::cli
