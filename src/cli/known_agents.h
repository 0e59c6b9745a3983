// KnownAgents: this host and the agents of etc/client.keys, for the tools that ask for an agent by its id.
//
// Owns:    plain values.
// Fails:   cannot; a home without keys has no agents.
// Source:  the key file as OSSEC's tools write it: "ID NAME ADDRESS KEY"; a removed agent's name begins with '#'.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.h"

namespace gander::cli {

struct KnownAgent {
  enum class State { Local, Active, Disconnected, NeverConnected };

  std::string id;       // "000": this host
  std::string name;     // of this host: its host name
  std::string address;  // as the key file has it, "any" included
  State state = State::Local;

  bool local() const { return state == State::Local; }
  // "10.0.0.5/32"; "any" stays.
  std::string address_with_prefix() const;
  // What its files below queue/ are called: "(web1) 10.0.0.5->syscheck"; of this host just `kind`.
  std::string location(std::string_view kind) const;
};

// This host first.
std::vector<KnownAgent> known_agents(const std::string& home);
// By "000", "local" or the id of the key file; "user@host" is a device without an agent.
std::optional<KnownAgent> find_agent(const std::string& home, std::string_view id);

// The answer to -l and -lc.
std::string agent_list(const std::string& home, std::string_view tool, bool only_active, DatabaseArguments::Form form);

}  // namespace gander::cli
