// ResponseList: the responses that can be run, by name: what etc/shared/ar.conf says.
//
// Owns:    its entries.
// Threads: values.
// Fails:   parse() tells of each bad line through `log` and goes on.
// OSSEC:   same file, to the byte; 4.3 holds at most 64 responses, mended there is no such bound.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "model/compat.h"

namespace gander::respond {

struct ResponseEntry {
  std::string name;  // command name and time-out: "blk600"
  std::string executable;
  std::chrono::seconds timeout{0};
  // What the command expects: this must be there, nothing else is passed. ar.conf does not know: anything goes.
  struct Expects {
    bool user = false;
    bool srcip = false;
    bool hostname = false;  // a source may also be a name
    bool filename = false;
  };
  std::optional<Expects> expects;
};

struct ResponseList {
  std::vector<ResponseEntry> entries;  // several may have one name: the executable that is present counts
  std::vector<std::chrono::minutes> repeated_offenders;
  bool disabled = false;  // the first <disabled> of the file says yes

  static ResponseList from_config(const config::Config& config, model::Compat compat);
  // Lines "NAME - EXECUTABLE - SECONDS". `file` is its name in messages.
  static ResponseList parse(std::string_view ar_conf, const std::string& file, model::Compat compat,
                            std::vector<std::string>& log);
  // The bytes of etc/shared/ar.conf (mode 0440).
  static std::string ar_conf(const config::Config& config);
};

}  // namespace gander::respond
