// AgentConfig: agent.conf, the part of an agent's configuration that its manager sends.
//
// Owns:    the parsed file.
// Threads: immutable after loading.
// Fails:   findings go to Diagnostics; what could be read stays usable (an agent never stops over this file).
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "config/config.h"
#include "config/xml.h"

namespace gander::config {

// One <agent_config>. Empty selectors hold for every agent; given ones are match patterns and must all hold.
struct AgentBlock {
  std::string name;
  std::string os;
  std::string profile;
  XmlElement content;
};

struct AgentConfig {
  std::string file;
  std::vector<AgentBlock> blocks;

  // Reads the block on top of `config`: single values override, lists grow.
  void apply(const AgentBlock& block, const LoadOptions& options, Config& config, Diagnostics& diagnostics) const;
};

// A missing file gives no block and no finding.
AgentConfig load_agent_config(const std::string& path, const LoadOptions& options, Diagnostics& diagnostics);

}  // namespace gander::config
