// Condition: one pure test of a rule on one event (no state, no clock, no I/O).
//
// Threads: immutable after loading; holds() from any thread, each with its own MatchContext.
// Fails:   cannot; total over all events.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "model/event.h"
#include "text/pattern.h"

namespace gander::rules {

class Condition {
 public:
  virtual ~Condition() = default;

  virtual bool holds(const model::Event& event, text::MatchContext& context) const noexcept = 0;

  // For --trace: the element as written ("match", "srcip"), what it asks for, and the text that it looks at.
  virtual std::string_view element() const = 0;
  virtual std::string wanted() const = 0;
  // Null data: the event does not carry the field.
  virtual std::string_view looked_at(const model::Event& event) const = 0;

  // The pattern searched in the log text, when this is such a condition (food for the prefilter); null otherwise.
  virtual const text::Pattern* log_pattern() const { return nullptr; }
  // The same for a pattern searched in the URL or in that with its escapes undone.
  virtual const text::Pattern* url_pattern() const { return nullptr; }
  // A message for the program's log: a look-up of holds() could not be made for this event. Empty otherwise; only list
  // conditions have one, and tell so here.
  virtual bool may_have_notes() const { return false; }
  virtual std::string failure_note(const model::Event&) const { return {}; }
  // The decoder identity that <decoded_as> asks for, when this is that condition; -1 otherwise.
  virtual int decoder_identity() const { return -1; }
  // Equal conditions are evaluated once: same element kind and same text mean same answer.
  virtual bool equals(const Condition& other) const = 0;
  virtual size_t hash() const = 0;
};

// Places of the tests inside one rule, in the order in which they are made (spec rules 3.4). check_diff, if_fts and
// correlation are stateful and not Conditions; they stand between Status and List, and behind List.
enum class Slot {
  DecodedAs,
  ProgramName,
  Id,
  Match,
  Regex,
  Action,
  Url,
  Field,
  SrcIp,
  DstIp,
  SrcPort,
  DstPort,
  CompiledRule,
  User,
  SrcGeoip,
  DstGeoip,
  MaxSize,
  Time,
  Weekday,
  ExtraData,
  Hostname,
  Status,
  Sensitive,
  List,
  kCount,
};
constexpr size_t kSlotCount = static_cast<size_t>(Slot::kCount);

}  // namespace gander::rules
