// RuleInfo: what outputs and users see of a rule.
//
// Owns:    its texts; lives as long as the ruleset. Immutable after loading.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace gander::model {

using RuleId = int;

enum class InfoKind { Text, Link, Cve, Osvdb };

struct InfoLine {
  InfoKind kind;
  std::string text;
};

struct RuleInfo {
  RuleId id = 0;
  int level = 0;                           // as shown; see Rule for ranks
  std::optional<std::string> description;  // absent prints as (null)
  std::string group;                       // as built, e.g. "syslog,sshd,"
  std::vector<InfoLine> info;              // phase 3 of logtest, in order
  std::string info_text;                   // all <info> joined (JSON)
  std::string cve_text;                    // all cve texts joined (JSON)
  int frequency = 0;
  bool mail = false;  // the alert carries the mail flag
  bool log = true;    // the alert is written
  SourcePos at;       // where the rule stands
};

}  // namespace gander::model
