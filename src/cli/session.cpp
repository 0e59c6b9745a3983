#include "cli/session.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <utility>

#include "base/file.h"
#include "cli/resolver.h"
#include "config/expand_rules.h"
#include "config/internal_options.h"

namespace gander::cli {
namespace {

engine::RulesetFiles files_of(const config::RulesetSources& sources) {
  engine::RulesetFiles files;
  for (const config::DecoderSource& d : sources.decoders)
    files.decoders.push_back({d.name, d.path, d.optional, d.standard});
  for (const config::ListSource& l : sources.lists) files.lists.push_back({l.name, l.path});
  for (const config::RuleFileSource& r : sources.rules) files.rules.push_back({r.name, r.path, r.shown});
  return files;
}

engine::RulesetOptions ruleset_options(const Session& session, const RulesetArguments& arguments,
                                       const config::InternalOptions& internal) {
  engine::RulesetOptions options;
  options.compat = arguments.compat;
  options.zone = session.zone;
  options.default_timeframe = internal.get("analysisd.default_timeframe");
  options.decoder_order_size = internal.get("analysisd.decoder_order_size");
  options.log_alert_level = session.config.alerts.log_alert_level;
  options.email_alert_level = session.config.alerts.email_alert_level;
  options.resolver = arguments.names == NameLookups::Ask ? &system_resolver() : nullptr;
  return options;
}

engine::EngineOptions engine_options(const Session& session, const RulesetArguments& arguments,
                                     const config::InternalOptions& internal) {
  engine::EngineOptions options;
  options.compat = arguments.compat;
  options.correlation =
      arguments.compat == model::Compat::Ossec43 ? engine::CorrelationPolicy::Compat : engine::CorrelationPolicy::Keyed;
  options.limits.memory_size = session.config.global.memory_size;
  options.limits.sid_prev_matched_max = internal.get("analysisd.sid_prev_matched_max");
  options.own_host = session.own_host;
  options.zone = session.zone;
  options.fts_list_size = internal.get("analysisd.fts_list_size");
  options.fts_min_size_for_str = internal.get("analysisd.fts_min_size_for_str");
  return options;
}

std::string short_host_name(const std::string& given) {
  std::string name = given;
  if (name.empty()) {
    char buffer[512] = {};
    if (::gethostname(buffer, sizeof buffer - 1) == 0) name = buffer;
  }
  name = name.substr(0, name.find('.'));
  return name.empty() ? "ossec-server" : name;
}

}  // namespace

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
  session.own_host = short_host_name(hostname);

  config::LoadOptions load;
  load.compat = arguments.compat;
  load.scope = scope;
  load.shown = arguments.config;
  session.config = config::load_config(session.layout.config, load, session.diagnostics);
  const config::InternalOptions internal =
      config::InternalOptions::load(base::join(session.layout.home, "etc"), load, session.diagnostics);
  // OSSEC stops at a broken configuration; a check goes on to the rules, which can be wrong as well.
  if (session.diagnostics.has_errors() && scope == config::Scope::Analysis) return session;
  const engine::RulesetFiles files =
      files_of(config::expand_rules(session.config, session.layout.home, arguments.compat, session.diagnostics));
  session.ruleset = engine::Ruleset::load(files, ruleset_options(session, arguments, internal), session.diagnostics);
  session.engine_options = engine_options(session, arguments, internal);
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
