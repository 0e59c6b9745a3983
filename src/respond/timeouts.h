// How long a block lasts, and which blocks are the same one: shared by the executor and the rehearsal.
//
// Threads: functions of their arguments.
// OSSEC:   key and offender rules of execd; mended, a key without an address has the user.
#pragma once

#include <algorithm>
#include <chrono>
#include <string>

#include "model/compat.h"
#include "respond/request.h"
#include "respond/response_list.h"

namespace gander::respond {

inline std::string block_key(const std::string& executable, const ResponseRequest& request, model::Compat compat) {
  const std::string source = request.srcip.empty() ? "-" : request.srcip;
  const std::string key = executable + " " + source;
  // 4.3: one account that is locked keeps every other one from being locked.
  return compat == model::Compat::Mended && source == "-" && !request.user.empty() ? key + " " + request.user : key;
}

// Of a source that was blocked `times` times before.
inline std::chrono::seconds offender_timeout(const ResponseList& list, std::chrono::seconds configured, int times) {
  if (times == 0 || list.repeated_offenders.empty()) return configured;
  const size_t last = list.repeated_offenders.size() - 1;
  return list.repeated_offenders[std::min(static_cast<size_t>(times) - 1, last)];
}

}  // namespace gander::respond
