// Alert: one decision to tell people, ready for the writers.
//
// Owns:    nothing: views and pointers into the event, the ruleset and the engine, valid until the engine's next call.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/event.h"
#include "model/rule_info.h"

namespace gander::model {

struct Alert {
  uint64_t number = 0;  // the N of the id TIME.N
  const RuleInfo* rule = nullptr;
  const Event* event = nullptr;
  std::span<const std::string_view> previous;  // remembered lines, newest first, or "Previous output:" and the text
  uint64_t fired_times = 0;  // final matches of the rule since the last hour change, this one included
};

}  // namespace gander::model
