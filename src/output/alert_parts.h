// The parts of an alert that more than one form shows: origin, agent, groups.
//
// Threads: functions of their arguments.
// Fails:   cannot; what is not there is an unset view.
#pragma once

#include <string_view>

#include "model/alert.h"

namespace gander::output {

// An event of an agent: its location reads "(name) ip->file", and its host name is a copy of it.
inline bool from_agent(const model::Event& e) {
  return e.location.starts_with('(');
}

// The host and the file of the date line are one text: for agents, and where a decoder set both to the same.
// Integrity events of agents show it twice, as OSSEC 4.3 does.
inline bool origin_is_location(const model::Event& e) {
  if (e.file && e.file->noticed == model::FileChange::Noticed::ByIntegrity) return false;
  return (e.hostname.data() == e.location.data() && e.hostname.size() == e.location.size()) ||
         (from_agent(e) && e.hostname == e.location);
}

struct AgentParts {
  std::string_view name;  // the agent's, or the host name
  std::string_view ip;    // not set for a local event
  std::string_view file;
};

inline AgentParts agent_parts(const model::Event& e) {
  if (!from_agent(e)) return {e.hostname, {}, e.location};
  AgentParts parts{e.hostname, {}, e.location};
  const size_t close = e.location.find(')');
  if (close != std::string_view::npos) {
    parts.name = e.location.substr(1, close - 1);
    if (e.location.substr(close).starts_with(") ")) {
      const std::string_view rest = e.location.substr(close + 2);
      parts.ip = rest.substr(0, rest.find('-'));
    }
  }
  const size_t arrow = e.location.find('>');
  if (arrow != std::string_view::npos) parts.file = e.location.substr(arrow + 1);
  return parts;
}

// Calls take(part) for each non-empty part of a group string.
template <class Take>
void each_group(std::string_view groups, Take take) {
  while (!groups.empty()) {
    const size_t comma = groups.find(',');
    const std::string_view part = groups.substr(0, comma);
    if (!part.empty()) take(part);
    if (comma == std::string_view::npos) return;
    groups.remove_prefix(comma + 1);
  }
}

inline std::string_view description_or(const model::RuleInfo& rule, std::string_view otherwise) {
  return rule.description ? std::string_view(*rule.description) : otherwise;
}

}  // namespace gander::output
