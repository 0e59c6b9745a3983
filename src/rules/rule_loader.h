// Rule loader: rule files to a RuleTree, with every error of every file.
//
// Threads: one call, one thread.
// Fails:   findings go to Diagnostics, in the order in which OSSEC would meet them; the tree is usable only when they
//          hold no error.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/time.h"
#include "model/compat.h"
#include "rules/cdb_list.h"
#include "rules/rule_tree.h"

namespace gander::rules {

struct RuleFile {
  std::string name;   // as written in the configuration ("sshd_rules.xml"), for OSSEC's messages
  std::string path;   // to open
  std::string shown;  // as OSSEC shows it in 1226 lines ("rules//sshd_rules.xml" in the test tool)
};

struct RuleLoaderOptions {
  model::Compat compat = model::Compat::Mended;
  int default_timeframe = 360;
  int log_alert_level = 1;
  int email_alert_level = 7;
  int decoder_order_size = 256;
  // Names and identities known to <decoded_as>, built-in ones included.
  std::map<std::string, int, std::less<>> decoder_identities;
  const ListCatalogue* lists = nullptr;         // declared lists; a rule's <list> is looked up here
  class Resolver* resolver = nullptr;           // for is_valid_crawler
  base::TimeZone zone = base::TimeZone::utc();  // of <time> and <weekday>
  std::string program = "ossec-testrule";       // name in OSSEC's closing messages
};

// Names for addresses and back, for the compiled rule is_valid_crawler. Called from matching threads.
class Resolver {
 public:
  virtual ~Resolver() = default;
  // True when the address's reverse name contains `part` and resolves back to the same text.
  virtual bool reverse_name_holds(const std::string& address, std::string_view part) = 0;
};

RuleTree load_rules(const std::vector<RuleFile>& files, const RuleLoaderOptions& options, Diagnostics& diagnostics);

}  // namespace gander::rules
