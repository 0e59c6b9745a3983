// `gander rules`: which word, and what the words share.

#include <iostream>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/rules_parts.h"

namespace gander::cli {

std::optional<Session> open_rules(const RulesArguments& arguments, const std::string& zone) {
  RulesetArguments ruleset = arguments;
  ruleset.names = NameLookups::Never;
  Result<Session> session = open_session(ruleset, zone, "testhost", config::Scope::Analysis);
  if (!session) {
    refuse_rules(session.error());
    return std::nullopt;
  }
  if (show_findings(session->diagnostics, Findings::Errors) > 0 || !session->ruleset) return std::nullopt;
  if (!session->ruleset->has_rules()) {
    std::cerr << "gander: the configuration names no rules\n";
    return std::nullopt;
  }
  return std::move(*session);
}

std::shared_ptr<const engine::Ruleset> with_files(const Session& session, const std::string& decoders,
                                                  const std::string& rules) {
  engine::RulesetFiles files = session.ruleset_files;
  if (!decoders.empty()) files.decoders.push_back({decoders, decoders});
  if (!rules.empty()) files.rules.push_back({rules, rules, rules});
  Diagnostics diagnostics;
  std::shared_ptr<const engine::Ruleset> ruleset = engine::Ruleset::load(files, session.ruleset_options, diagnostics);
  return show_findings(diagnostics, Findings::Errors) > 0 ? nullptr : ruleset;
}

std::optional<std::vector<ruletools::TestPack>> open_tests(const RulesArguments& arguments, const Session& session) {
  std::vector<std::string> paths = arguments.paths;
  if (paths.empty()) {
    for (const char* const beside : {"tests/ruleset", "rules/tests"}) {
      const std::string folder = base::join(session.layout.home, beside);
      if (base::exists(folder)) paths.push_back(folder);
    }
  }
  if (paths.empty()) {
    std::cerr << "gander: no tests beside the rules: neither " << base::join(session.layout.home, "tests/ruleset")
              << " nor rules/tests is there; name a file or folder\n";
    return std::nullopt;
  }
  Diagnostics diagnostics;
  std::vector<ruletools::TestPack> packs = ruletools::find_tests(paths, arguments.compat, diagnostics);
  if (show_findings(diagnostics, Findings::All) > 0) return std::nullopt;
  return packs;
}

int refuse_rules(const Error& error) {
  std::cerr << "gander: " << error.message << "\n";
  return 2;
}

std::string place_of(const SourcePos& at) {
  return at.line > 0 ? at.file + ":" + std::to_string(at.line) : at.file;
}

int run(const RulesArguments& arguments) {
  using What = RulesArguments::What;
  switch (arguments.what) {
    case What::Test:
      return rules_test(arguments);
    case What::Coverage:
      return rules_coverage(arguments);
    case What::Check:
      return rules_check(arguments);
    case What::Explain:
      return rules_explain(arguments);
    case What::Backtest:
      return rules_backtest(arguments);
    case What::List:
      return rules_list(arguments);
    case What::Show:
      return rules_show(arguments);
    case What::New:
      return rules_new(arguments);
  }
  return 2;
}

}  // namespace gander::cli
