// InternalOptions: internal_options.conf and local_internal_options.conf, checked against the table of known options.
//
// Owns:    its values; an option that no file sets has its default.
// Threads: immutable after loading.
// Fails:   findings go to Diagnostics: C028 for a value that is no number or out of range, warnings for lines that say
//          nothing and for unknown names. Missing files are fine.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "config/config.h"

namespace gander::config {

struct InternalOption {
  std::string_view name;  // "analysisd.default_timeframe"
  int fallback;
  int least;
  int most;
  std::string_view help;
};

std::span<const InternalOption> internal_option_table();

class InternalOptions {
 public:
  // `etc` is the directory of both files. With Scope::Analysis only the options that the test tool reads are checked.
  static InternalOptions load(const std::string& etc, const LoadOptions& options, Diagnostics& diagnostics);
  InternalOptions();

  // The value of a known option; asking for an unknown one is a mistake of ours.
  int get(std::string_view name) const;
  // Whether local_internal_options.conf sets it: somebody here wants it so.
  bool is_local(std::string_view name) const { return local_.contains(name); }

 private:
  std::map<std::string, int, std::less<>> values_;
  std::set<std::string, std::less<>> local_;
};

}  // namespace gander::config
