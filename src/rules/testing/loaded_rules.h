// Rules written in a test, loaded as from a file; and events made by hand.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/rule_loader.h"

namespace gander::rules::testing {

// Roots 1 (syslog), 2 (firewall), 3 (ids) and 4 (web-log).
extern const std::string_view kRoots;

class TempFolder {
 public:
  TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder();

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  std::string write(const std::string& name, std::string_view content) const;

 private:
  std::string path_;
};

// Options that know the decoders app (1) and fw (2).
RuleLoaderOptions options_for(model::Compat compat);

struct Loaded {
  RuleTree tree;
  Diagnostics diagnostics;

  const Rule& rule(RuleId id) const;  // must exist
  // All lines that OSSEC prints, those of the first error last and nothing behind it.
  std::vector<std::string> ossec_lines() const;
  std::vector<std::string> codes() const;
  // "1(100(102) 101)": the places, in asking order.
  std::string places() const;
  // The elements that a rule tests, in order, those of lists behind `;`.
  std::string tests(RuleId id) const;
};

Loaded load(const std::vector<std::string>& files, const RuleLoaderOptions& options);
// One group `t,` of these rules behind the roots.
Loaded load_rules_text(std::string_view rules, model::Compat compat = model::Compat::Ossec43);
// Loads the file as it is.
Loaded load_file_text(std::string_view file, model::Compat compat = model::Compat::Ossec43);

// Names and identities of the decoders of a decoder file, as far as rules need them.
void add_decoder_names(const std::string& path, RuleLoaderOptions& options);

// An event with this log text.
model::Event event_of(std::string_view log);
bool holds(const Rule& rule, const model::Event& event);

}  // namespace gander::rules::testing
