// TraceSink: told every step of a decision, for `logtest -v` and `--trace`.
//
// Threads: called from the deciding thread only.
#pragma once

#include <string_view>

#include "model/event.h"
#include "rules/rule.h"

namespace gander::engine {

class TraceSink {
 public:
  virtual ~TraceSink() = default;

  virtual void trying(const rules::Rule& rule) = 0;
  // A pure test said no.
  virtual void failed(const rules::Rule& rule, const rules::Condition& condition, const model::Event& event) = 0;
  // A test with memory (check_diff, if_fts, correlation) said no.
  virtual void failed(const rules::Rule& rule, std::string_view test) = 0;
  virtual void matched(const rules::Rule& rule) = 0;
  virtual void trying_children() = 0;
  // A message for the program's log that the last test left (Event::notes, taken out of there).
  virtual void note(std::string_view text) = 0;
};

}  // namespace gander::engine
