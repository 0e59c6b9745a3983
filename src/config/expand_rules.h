// expand_rules: the decoder files, lists and rule files that a configuration names, in loading order, as paths to open.
//
// Threads: a function of its arguments and of the directories below the home.
// Fails:   a pattern that does not compile is an error; a missing directory is none (as in OSSEC), a missing file is
//          left to its loader.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "config/config.h"

namespace gander::config {

struct DecoderSource {
  std::string name;       // as written, "DIR/NAME" from a directory
  std::string path;       // to open
  bool optional = false;  // etc/local_decoder.xml
  bool standard = false;  // one of the default pair
};

struct RuleFileSource {
  std::string name;   // as written, "DIR/NAME" from a directory
  std::string path;   // to open
  std::string shown;  // in 1226 lines of the test tool: "rules//NAME", or the name when it holds a slash
};

struct ListSource {
  std::string name;     // resolved, as rules name it: "rules/blocked"
  std::string path;     // the .cdb file
  std::string written;  // as the configuration has it
};

struct RulesetSources {
  std::vector<DecoderSource> decoders;
  std::vector<ListSource> lists;
  std::vector<RuleFileSource> rules;
};

RulesetSources expand_rules(const Config& config, const std::string& home, model::Compat compat,
                            Diagnostics& diagnostics);

}  // namespace gander::config
