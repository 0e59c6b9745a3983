#include "engine/ruleset.h"

#include <future>

#include "rules/rule_documents.h"

namespace gander::engine {

std::shared_ptr<const Ruleset> Ruleset::load(const RulesetFiles& files, const RulesetOptions& options,
                                             Diagnostics& diagnostics) {
  std::shared_ptr<Ruleset> ruleset(new Ruleset);
  auto documents = std::async(options.threads > 1 ? std::launch::async : std::launch::deferred,
                              [&files] { return rules::read_rule_documents(files.rules); });
  decode::DecoderOptions decoder_options;
  decoder_options.compat = options.compat;
  decoder_options.order_size = options.decoder_order_size;
  decoder_options.program = options.program;
  ruleset->decoders_ = decode::DecoderSet::load(files.decoders, decoder_options, diagnostics);

  for (const ListFile& list : files.lists) {
    diagnostics.note(options.program + ": INFO: Reading the lists file: '" + list.name + "'");
    ruleset->lists_.declare(list.name, list.path, diagnostics);
  }

  rules::RuleLoaderOptions rule_options;
  rule_options.compat = options.compat;
  rule_options.default_timeframe = options.default_timeframe;
  rule_options.log_alert_level = options.log_alert_level;
  rule_options.email_alert_level = options.email_alert_level;
  rule_options.decoder_order_size = options.decoder_order_size;
  rule_options.decoder_identities = ruleset->decoders_.identities();
  rule_options.lists = &ruleset->lists_;
  rule_options.resolver = options.resolver;
  rule_options.zone = options.zone;
  rule_options.program = options.program;
  ruleset->tree_ = rules::load_rule_documents(files.rules, documents.get(), rule_options, diagnostics);
  if (diagnostics.has_errors()) return nullptr;
  ruleset->program_ = std::make_unique<const Program>(ruleset->tree_);
  return ruleset;
}

}  // namespace gander::engine
