// find_templates: lines of a log grouped by what is always the same in them, each group as a pattern and its fields.
//
// A message is cut into words, numbers, addresses, paths and single other bytes. Messages of one template have the same
// pieces but for words that differ; what differs, what stands in quotes or behind '=', and what looks made up
// (addresses, numbers, paths, words with digits) is a variable. A word behind `user`, `for` and the like is a user, an
// address a source, a number behind `port` a port.
//
// Threads: a function of its arguments.
// Cost:    messages times templates.
// Fails:   cannot. Nothing of a message gets into a pattern unescaped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gander::ruletools {

struct Template {
  std::vector<size_t> lines;        // numbers of the messages, the first one first
  std::string pattern;              // PCRE2, anchored at both ends, fields in ( )
  std::string plain;                // the same without groups that capture
  std::vector<std::string> fields;  // for <order>, one for each group
  std::string words;                // the constant words, variables as "…"
};

std::vector<Template> find_templates(const std::vector<std::string>& messages);

// `text` as PCRE2 that matches it and nothing else, and that an XML file of decoders or rules can hold.
std::string escaped_pattern(std::string_view text);

}  // namespace gander::ruletools
