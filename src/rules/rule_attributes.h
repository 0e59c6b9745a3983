// The attributes of <rule>.
#pragma once

#include <span>
#include <string_view>

#include "config/xml.h"
#include "rules/rule_draft.h"
#include "rules/rule_findings.h"

namespace gander::rules {

struct RuleAttribute {
  std::string_view name;
  std::string_view value;  // what may be written
  std::string_view fallback;
  std::string_view help;
};

std::span<const RuleAttribute> rule_attributes();

// Fills the attributes of `draft` (timeframe: only when given). False when one of them is wrong, which has been
// reported.
bool read_rule_attributes(const config::XmlElement& rule, RuleFindings& findings, RuleDraft& draft);

}  // namespace gander::rules
