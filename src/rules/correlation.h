// Correlation: remembered events and the search of composite rules in them.
//
// Two policies behind one interface: `compat` gives what OSSEC 4.3's search gives, to the letter (spec rules 4);
// `keyed` counts per same_* key, so that traffic of one source, or a flood, hides no other
// (docs/decisions/0001-keyed-correlation.md).
//
// Owns:    copies of what it remembers. Views returned by lines() live until the next call of search() or remember().
// Threads: one thread. Never asks for the time: events carry it.
// Cost:    compat: as the reference, made fast by indexes; keyed: O(1) per event and composite that it feeds; memory
//          bounded by time and two caps. No allocation after warm-up.
// Fails:   cannot.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "model/event.h"
#include "rules/rule_map.h"
#include "rules/rule_tree.h"
#include "text/pattern.h"

namespace gander::rules {

struct CorrelationLimits {
  int memory_size = 8192;              // <memory_size>; compat: events in the global memory (minimum 2048)
  int sid_prev_matched_max = 128;      // compat: events kept a sid list
  size_t keyed_cap = 500'000;          // keyed: entries kept over all windows; what it evicts is counted
  size_t keyed_bytes = 512 << 20;      // keyed: bytes of their texts; the same
  text::MatchContext::Limits match{};  // searches of if_matched_regex
};

// An event that will soon be in hand, and a rule whose search() or remember() it will probably ask for.
struct ComingEvent {
  const model::Event* event = nullptr;
  const Rule* rule = nullptr;
};

class Correlation {
 public:
  virtual ~Correlation() = default;

  // Whether foresee() is worth its call now.
  virtual bool foresees() const { return false; }
  // The events that are judged next, in this order: they stay as they are until then, or until the next call. Brings
  // what they will look at near the processor; decisions do not depend on it.
  virtual void foresee(std::span<const ComingEvent> events) { static_cast<void>(events); }

  // The event in hand changes: forgets lines and marks pending for the previous one. The event must stay until the
  // next call; its notes receive messages such as "ossec-analysisd: ERROR: No sid search.".
  virtual void begin(model::Event& event) = 0;
  // The correlation test of `rule` for the event in hand: searches, marks on success and keeps the lines to show.
  virtual bool search(const Rule& rule) = 0;
  // The rule's check_diff test succeeded: these are the event's lines now ("Previous output:", the text). Copied.
  virtual void set_lines(const Rule& rule, std::string_view first, std::string_view second) = 0;
  // Lines that an alert of `final_rule` for the event in hand shows (spec rules 4.5), newest first, at most 11.
  virtual std::span<const std::string_view> lines(const Rule& final_rule) = 0;
  // The event in hand, decided by `rule`, joins the memory (spec rules 3.6 steps 6 and 7).
  virtual void remember(const Rule& rule) = 0;

  // Goes on with the memory of an old ruleset: what events of rules that are still there, and windows of composites
  // that still count the same, held. For a new object of the same policy; the old one is not to be used afterwards. The
  // slow reference has no memory to go on with.
  virtual void take_over(Correlation& before, const RuleMap& rules) {
    static_cast<void>(before);
    static_cast<void>(rules);
  }

  // keyed: entries that left because of a cap, not of time.
  virtual uint64_t evicted() const { return 0; }
  // Searches of if_matched_regex that ended because a limit was hit.
  virtual uint64_t limit_hits() const = 0;
};

std::unique_ptr<Correlation> make_compat_correlation(const RuleTree& tree, CorrelationLimits limits);
// The literal transcription of the specification, for tests and fuzzers.
std::unique_ptr<Correlation> make_compat_correlation_slow(const RuleTree& tree, CorrelationLimits limits);
std::unique_ptr<Correlation> make_keyed_correlation(const RuleTree& tree, CorrelationLimits limits);

}  // namespace gander::rules
