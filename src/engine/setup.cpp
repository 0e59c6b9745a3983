#include "engine/setup.h"

#include <unistd.h>

namespace gander::engine {

RulesetFiles ruleset_files(const config::RulesetSources& sources) {
  RulesetFiles files;
  for (const config::DecoderSource& d : sources.decoders)
    files.decoders.push_back({d.name, d.path, d.optional, d.standard});
  for (const config::ListSource& l : sources.lists) files.lists.push_back({l.name, l.path});
  for (const config::RuleFileSource& r : sources.rules) files.rules.push_back({r.name, r.path, r.shown});
  return files;
}

RulesetOptions ruleset_options(const Setting& setting) {
  RulesetOptions options;
  options.compat = setting.compat;
  options.zone = setting.zone;
  options.default_timeframe = setting.internal.get("analysisd.default_timeframe");
  options.decoder_order_size = setting.internal.get("analysisd.decoder_order_size");
  options.log_alert_level = setting.config.alerts.log_alert_level;
  options.email_alert_level = setting.config.alerts.email_alert_level;
  options.resolver = setting.resolver;
  return options;
}

EngineOptions engine_options(const Setting& setting) {
  EngineOptions options;
  options.compat = setting.compat;
  options.correlation = setting.compat == model::Compat::Ossec43 ? CorrelationPolicy::Compat : CorrelationPolicy::Keyed;
  options.limits.memory_size = setting.config.global.memory_size;
  options.limits.sid_prev_matched_max = setting.internal.get("analysisd.sid_prev_matched_max");
  if (setting.config.sensitive.masks_alerts()) options.masked = setting.config.sensitive.kinds;
  options.own_host = setting.own_host;
  options.zone = setting.zone;
  options.fts_list_size = setting.internal.get("analysisd.fts_list_size");
  options.fts_min_size_for_str = setting.internal.get("analysisd.fts_min_size_for_str");
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

}  // namespace gander::engine
