// ResponseRequest: what analysis asks of the responder: which response, with which arguments. Never text for a shell.
//
// Owns:    its texts.
// Threads: values; functions of their arguments.
// Cost:    one pass; a decoded request holds at most kMostRequestBytes.
// Fails:   decode_request() with V001: what is damaged, too long, or carries a NUL byte is refused as a whole.
// Source:  docs/formats/responses.md.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "model/rule_info.h"

namespace gander::respond {

// Where a response runs.
enum class Target { Here, OriginAgent, AllAgents, GivenAgent };

struct ResponseRequest {
  std::string response;   // name in ar.conf: command name and time-out ("blk600")
  std::string user;       // empty: not passed, the script sees "-"
  std::string srcip;      // empty: not passed
  std::string filename;   // as decoded, not yet escaped; empty: not passed
  std::string alert_id;   // "TIME.N"; empty: asked for by hand
  std::string stable_id;  // of the alert; empty: run however often it is asked for
  model::RuleId rule = 0;
  std::string location;  // "/var/log/auth.log", or "(agent) 10.0.0.5->/var/log/auth.log"
  base::Instant event_time{};
  Target target = Target::Here;
  std::string agent_id;  // of Target::GivenAgent

  bool operator==(const ResponseRequest&) const = default;
};

constexpr size_t kMostRequestBytes = size_t{64} * 1024;

// One datagram or frame; texts longer than a request may hold are cut (only a location can be).
std::string encode(const ResponseRequest& request);
Result<ResponseRequest> decode_request(std::string_view bytes);

}  // namespace gander::respond
