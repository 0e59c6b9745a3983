// The reference of the rule language, from the tables that the loader reads by: for `gander explain`.
//
// Threads: functions of nothing.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "config/codes.h"

namespace gander::rules {

struct ReferenceRow {
  std::string_view name;
  std::string_view kind;      // of the value: "os_match", "number, 4 digits"
  std::string_view fallback;  // empty: none
  std::string_view help;
};

std::vector<ReferenceRow> rule_attribute_reference();
std::vector<ReferenceRow> rule_element_reference();
std::vector<ReferenceRow> compiled_rule_reference();
std::vector<ReferenceRow> list_lookup_reference();
// Error and warning codes R… and L… with one sentence each.
std::span<const config::CodeMeaning> rule_codes();

}  // namespace gander::rules
