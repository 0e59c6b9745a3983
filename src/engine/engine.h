// Engine: one call, event in, decision out. The same for every door: replay, logtest, the live host, a manager.
//
// A message goes through two halves: prepare() (header, decoding, pure tests; const, any thread) and decide()
// (accumulation, correlation, first-time-seen, ignore; one thread, in input order). The decisions are a pure function
// of the ordered messages, their times, the ruleset and the state given at the start, for any number of threads.
//
// Owns:    the mutable state of correlation. Shares the ruleset; borrows the StateStore.
// Threads: prepare(): any, each with its own Worker and Prepared; decide(): one.
// Cost:    no allocation per event after warm-up; no I/O but what the StateStore does; never asks for the time.
// Fails:   cannot.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "decode/accumulator.h"
#include "decode/decoder_set.h"
#include "decode/header.h"
#include "engine/alert_mask.h"
#include "engine/line_memo.h"
#include "engine/program.h"
#include "engine/ruleset.h"
#include "engine/trace.h"
#include "model/alert.h"
#include "model/state_store.h"
#include "rules/correlation.h"
#include "rules/first_seen.h"
#include "rules/ignore_list.h"
#include "rules/last_output.h"
#include "rules/rule_state.h"

namespace gander::engine {

enum class CorrelationPolicy { Keyed, Compat };

struct EngineOptions {
  model::Compat compat = model::Compat::Mended;
  CorrelationPolicy correlation = CorrelationPolicy::Keyed;
  rules::CorrelationLimits limits;
  rules::IgnoreBehaviour ignore = rules::IgnoreBehaviour::Daemon;
  rules::StoreWrites state_writes = rules::StoreWrites::Yes;
  std::string own_host = "ossec-server";  // short host name for messages whose header has none
  base::TimeZone zone = base::TimeZone::utc();
  // The live host's analysisd.log_fw: actions of firewall events are DROP, CLOSED, ALLOW or UNKNOWN before rules see
  // them.
  bool normalise_firewall = false;
  // Of every alert; those of rules with <sensitive>, and below them, are masked for all kinds anyway.
  sensitive::KindSet masked;
  int fts_list_size = 32;
  int fts_min_size_for_str = 14;
};

// Working memory of one thread that prepares. It remembers pieces of the ruleset: a new ruleset needs a new worker.
struct Worker {
  // `bytes`: whether events point to the lines and locations given, which then outlive them.
  explicit Worker(model::Compat compat, decode::LineBytes bytes = decode::LineBytes::Copied);
  decode::LineBytes bytes;
  decode::DecodeScratch decode;
  MatchScratch match;
  LineMemo memo;
};

// One message between the halves.
struct Prepared {
  model::Event event;
  Trail trail;
  bool matched = false;  // false: the pure tests have to wait for what accumulation adds
};

struct Decision {
  const rules::Rule* rule = nullptr;  // the one that decided; null: none
  bool fired = false;                 // it calls for responses: not of level 0, not silenced by `ignore`
  bool alert = false;                 // `alert_data` is to be written
  bool accumulated = false;           // the decoder accumulates
  // Set when the rule fired; views and pointers live until the next decide().
  model::Alert alert_data;
};

struct EngineCounters {
  uint64_t events = 0;
  uint64_t decoded = 0;
  uint64_t alerts = 0;
  uint64_t suppressed = 0;  // by ignore and check_if_ignored
  uint64_t limit_hits = 0;  // searches that ran into the match limit, in decide()
  uint64_t evicted = 0;     // remembered events that left because of the cap
};

class Engine {
 public:
  Engine(std::shared_ptr<const Ruleset> ruleset, EngineOptions options, model::StateStore& state);

  void prepare(std::string_view line, std::string_view location, base::Instant time, Worker& worker,
               Prepared& out) const;
  // For an event that the caller has filled in and decoded itself (integrity, root checks): the pure tests only.
  void prepare_made(Worker& worker, Prepared& made) const;
  const Decision& decide(Prepared& prepared);
  // Says which events will be decided next, in this order, a few dozen at most, so that the memory they need is fetched
  // meanwhile. None of them may be filled anew before, but after another call. Decisions do not depend on it.
  void foresee(std::span<const Prepared> coming);
  // The same with every step told to `trace`; walks the whole tree afresh (also the slow reference of decide()).
  const Decision& decide_traced(Prepared& prepared, TraceSink& trace);

  // Goes on with the memory of an engine with another ruleset and the same state store: windows, timers and counts of
  // rules that are still there. For a new engine; the old one is not to be used afterwards.
  void take_over(Engine& before);

  EngineCounters counters() const;
  const Ruleset& ruleset() const { return *ruleset_; }

 private:
  struct Stateful;

  void decode_and_match(Worker& worker, Prepared& out) const;
  void begin(Prepared& prepared);
  const ProgramNode* walk(const ProgramNode& parent, model::Event& event, TraceSink* trace);
  const ProgramNode* ask(const ProgramNode& node, model::Event& event, TraceSink* trace);
  bool pure_tests_hold(const ProgramNode& node, model::Event& event, TraceSink* trace);
  bool lists_hold(const ProgramNode& node, model::Event& event, TraceSink* trace);
  bool memory_agrees(const ProgramNode& node, model::Event& event, TraceSink* trace);
  bool seen_first(const model::Event& event);
  const ProgramNode* follow(const Trail& trail, model::Event& event);
  const Decision& conclude(const rules::Rule* rule, model::Event& event);
  std::span<const std::string_view> keep_lines(const rules::Rule& rule);

  std::shared_ptr<const Ruleset> ruleset_;
  EngineOptions options_;
  model::StateStore& state_;
  MatchScratch scratch_;
  Trail late_trail_;
  decode::Accumulator accumulator_;
  std::unique_ptr<rules::Correlation> correlation_;
  std::vector<rules::ComingEvent> coming_;
  rules::FirstSeen first_seen_;
  rules::IgnoreList ignore_list_;
  rules::IgnoreTimers ignore_timers_;
  rules::FiredTimes fired_times_;
  rules::LastOutput last_output_;
  base::Arena line_arena_;
  std::vector<std::string_view> lines_;
  AlertMask mask_;
  Decision decision_;
  EngineCounters counters_;
};

}  // namespace gander::engine
