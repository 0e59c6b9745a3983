// Ruleset: decoders, lists and rules loaded together, and the Program compiled from them.
//
// Owns:    all of it; shared by engines and threads as shared_ptr<const Ruleset>.
// Threads: immutable after load().
// Fails:   load() fills Diagnostics in the order in which OSSEC would meet them; the result is null when they hold an
// error.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "decode/decoder_set.h"
#include "engine/program.h"
#include "model/compat.h"
#include "rules/cdb_list.h"
#include "rules/rule_loader.h"

namespace gander::engine {

struct ListFile {
  std::string name;  // resolved, as rules name it: "rules/blocked"
  std::string path;  // the .cdb file
};

struct RulesetFiles {
  std::vector<decode::DecoderFile> decoders;
  std::vector<ListFile> lists;
  std::vector<rules::RuleFile> rules;
};

struct RulesetOptions {
  model::Compat compat = model::Compat::Mended;
  std::string program = "ossec-testrule";
  base::TimeZone zone = base::TimeZone::utc();  // for <time> and <weekday>
  int default_timeframe = 360;
  int decoder_order_size = 256;
  int log_alert_level = 1;
  int email_alert_level = 7;
  rules::Resolver* resolver = nullptr;
  int threads = 1;  // more: rule files are parsed beside the decoders
};

class Ruleset {
 public:
  static std::shared_ptr<const Ruleset> load(const RulesetFiles& files, const RulesetOptions& options,
                                             Diagnostics& diagnostics);

  const decode::DecoderSet& decoders() const { return decoders_; }
  const rules::RuleTree& tree() const { return tree_; }
  const Program& program() const { return *program_; }
  bool has_rules() const { return !tree_.roots.empty(); }

 private:
  Ruleset() = default;

  decode::DecoderSet decoders_;
  rules::ListCatalogue lists_;
  rules::RuleTree tree_;
  std::unique_ptr<const Program> program_;
};

}  // namespace gander::engine
