// The configuration reference, made from the option tables: rows, plain text and Markdown.
//
// Threads: functions of constants.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gander::config {

struct ReferenceRow {
  std::string section;    // "global"; "internal" for internal options
  std::string element;    // empty in the row of the section itself
  std::string attribute;  // empty in the row of an element
  std::string type;       // "yes/no", "number", …
  std::string allowed;    // "1-9999", "aes, blowfish"
  std::string fallback;   // default; empty = none
  std::string help;
};

std::vector<ReferenceRow> config_rows();
std::vector<ReferenceRow> internal_option_rows();

// Rows whose section, element or attribute is `name` (all for an empty one), for a terminal.
std::string config_reference_text(std::string_view name);
// docs/reference/configuration.md and docs/reference/internal-options.md.
std::string config_reference_markdown();
std::string internal_options_markdown();

}  // namespace gander::config
