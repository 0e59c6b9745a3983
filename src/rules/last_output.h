// LastOutput: what a check_diff rule saw last on a host, and whether it is another text now.
//
// Owns:    the text returned last. Borrows the StateStore, which keeps the texts (and makes host names safe as file
//          names).
// Threads: one thread.
// Fails:   a text that is too long is not compared; the event's notes say so.
// OSSEC:   4.3 gives up at 8192 bytes, which turns the rule off for longer outputs; mended, the limit is kMaxText. It
//          joins the lines of an output; mended, they are compared and kept as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/compat.h"
#include "model/event.h"
#include "model/state_store.h"

namespace gander::rules {

class LastOutput {
 public:
  static constexpr size_t kMaxText = size_t{2} * 1024 * 1024;

  LastOutput(model::StateStore& store, model::Compat compat) : store_(store), compat_(compat) {}

  // The text before, when there is one and the event's log text differs from it. The log text is the last output from
  // now on. The view lives until the next call.
  std::optional<std::string_view> changed(model::Event& event, model::RuleId rule);

 private:
  model::StateStore& store_;
  model::Compat compat_;
  std::optional<std::string> previous_;
};

}  // namespace gander::rules
