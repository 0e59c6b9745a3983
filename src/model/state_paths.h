// Where state of the analysis lies below a home, by OSSEC's names.
//
// Threads: functions of their arguments.
#pragma once

#include <string>
#include <string_view>

#include "model/rule_info.h"

namespace gander::model {

constexpr std::string_view kFirstSeenPath = "queue/fts/fts-queue";
constexpr std::string_view kIgnorePath = "queue/fts/ig-queue";

// `name` (a host, an agent: what an attacker may have written) as one folder name. Names that need no change are kept,
// so that OSSEC's own files are found again.
std::string folder_name(std::string_view name);

// "queue/diff/HOST/RULE/last-entry"
std::string last_output_path(std::string_view host, RuleId rule);

}  // namespace gander::model
