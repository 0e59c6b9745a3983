// The words of `gander rules`, and what they share. Each returns the exit status of the program.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/session.h"
#include "ruletools/test_finder.h"

namespace gander::cli {

int rules_test(const RulesArguments& arguments);
int rules_coverage(const RulesArguments& arguments);
int rules_check(const RulesArguments& arguments);
int rules_list(const RulesArguments& arguments);
int rules_show(const RulesArguments& arguments);
int rules_explain(const RulesArguments& arguments);
int rules_backtest(const RulesArguments& arguments);
int rules_new(const RulesArguments& arguments);

// The configured ruleset, whatever warnings it has; nothing (and what is wrong has been said) when it does not load.
// `zone` empty: the system's. Name servers are not asked.
std::optional<Session> open_rules(const RulesArguments& arguments, const std::string& zone);

// The session's ruleset with more files behind its own; null, and what is wrong has been said, when it does not load.
std::shared_ptr<const engine::Ruleset> with_files(const Session& session, const std::string& decoders,
                                                  const std::string& rules);

// Tests of the arguments, or those that lie beside the rules; nothing (and that has been said) when a test cannot be
// read.
std::optional<std::vector<ruletools::TestPack>> open_tests(const RulesArguments& arguments, const Session& session);

// Says an error, and is the exit status for it.
int refuse_rules(const Error& error);
// "FILE:LINE"
std::string place_of(const SourcePos& at);

}  // namespace gander::cli
