#include "engine/engine.h"

#include <utility>

#include "decode/firewall_action.h"

namespace gander::engine {
namespace {

// The mended mode keeps lines of a megabyte whole: its searches get a larger stack, and give up earlier on patterns
// that would stall the stream (each such search is counted).
text::MatchContext::Limits limits_for(model::Compat compat) {
  if (compat == model::Compat::Ossec43) return {};
  return {.match = 1'000'000, .depth = 1'000'000, .jit_stack = size_t{1024} * 1024};
}

std::unique_ptr<rules::Correlation> make_correlation(const rules::RuleTree& tree, const EngineOptions& options) {
  rules::CorrelationLimits limits = options.limits;
  limits.match = limits_for(options.compat);
  return options.correlation == CorrelationPolicy::Compat ? rules::make_compat_correlation(tree, limits)
                                                          : rules::make_keyed_correlation(tree, limits);
}

bool accumulates(const model::Event& event) {
  return event.decoder && event.decoder->accumulate;
}

void hand_on_notes(model::Event& event, TraceSink* trace) {
  if (!trace || event.notes.empty()) return;
  for (const std::string& note : event.notes) trace->note(note);
  event.notes.clear();
}

}  // namespace

Worker::Worker(model::Compat compat, decode::LineBytes line_bytes)
    : bytes(line_bytes), decode(limits_for(compat)), match(limits_for(compat)) {}

Engine::Engine(std::shared_ptr<const Ruleset> ruleset, EngineOptions options, model::StateStore& state)
    : ruleset_(std::move(ruleset)),
      options_(std::move(options)),
      state_(state),
      scratch_(limits_for(options_.compat)),
      accumulator_(options_.compat),
      correlation_(make_correlation(ruleset_->tree(), options_)),
      first_seen_(state_, options_.state_writes, options_.compat, options_.fts_list_size,
                  options_.fts_min_size_for_str),
      ignore_list_(state_, options_.state_writes, options_.compat),
      ignore_timers_(options_.ignore, ruleset_->tree().rules.size(), options_.compat),
      fired_times_(options_.zone, ruleset_->tree().rules.size()),
      last_output_(state_, options_.compat),
      mask_(ruleset_->tree(), options_.masked) {}

void Engine::prepare(std::string_view line, std::string_view location, base::Instant time, Worker& worker,
                     Prepared& out) const {
  out.event.reset();
  out.event.time = time;
  decode::read_header(line, location, options_.own_host, out.event, options_.compat, worker.bytes);
  // Whoever wants to be told each field as it is filled gets the long way.
  if (worker.decode.filled) return decode_and_match(worker, out);
  TrailKept kept = TrailKept::No;
  if (worker.memo.recall(out.event, out.trail, kept)) {
    out.matched = kept == TrailKept::Yes;
    if (!out.matched && !accumulates(out.event)) {
      ruleset_->program().match(out.event, worker.match, out.trail);
      out.matched = true;
    }
    return;
  }
  decode_and_match(worker, out);
  worker.memo.keep(out.event, out.trail, out.matched && !worker.match.asked_outside ? TrailKept::Yes : TrailKept::No);
}

void Engine::decode_and_match(Worker& worker, Prepared& out) const {
  const std::function<bool(int)> knows = [this](int id) { return ruleset_->tree().find(id) != nullptr; };
  worker.decode.knows_rule = &knows;
  ruleset_->decoders().decode(out.event, worker.decode);
  worker.decode.knows_rule = nullptr;
  if (options_.normalise_firewall) decode::normalise_firewall_action(out.event);
  // What accumulation adds to the fields is known only in input order.
  out.matched = !accumulates(out.event);
  if (out.matched) ruleset_->program().match(out.event, worker.match, out.trail);
}

void Engine::prepare_made(Worker& worker, Prepared& made) const {
  ruleset_->program().match(made.event, worker.match, made.trail);
  made.matched = true;
}

void Engine::begin(Prepared& prepared) {
  ++counters_.events;
  model::Event& event = prepared.event;
  decision_ = {};
  if (event.decoder) {
    ++counters_.decoded;
    if (event.decoder->accumulate) {
      accumulator_.update(event);
      decision_.accumulated = true;
    }
  }
  correlation_->begin(event);
  ruleset_->program().begin_event(scratch_);
}

void Engine::foresee(std::span<const Prepared> coming) {
  coming_.clear();
  if (!correlation_->foresees()) coming = {};
  for (const Prepared& prepared : coming) {
    if (!prepared.matched) continue;
    for (const ProgramNode* node : prepared.trail.undecided) {
      if (node->rule->correlates) coming_.push_back({&prepared.event, node->rule});
    }
    if (prepared.trail.decided) coming_.push_back({&prepared.event, prepared.trail.decided->rule});
  }
  correlation_->foresee(coming_);
}

const Decision& Engine::decide(Prepared& prepared) {
  begin(prepared);
  model::Event& event = prepared.event;
  if (event.decided_elsewhere) return conclude(ruleset_->tree().find(event.decided_rule), event);
  const Trail* trail = &prepared.trail;
  if (!prepared.matched) {
    ruleset_->program().match(event, scratch_, late_trail_);
    trail = &late_trail_;
  }
  const ProgramNode* const node = follow(*trail, event);
  return conclude(node ? node->rule : nullptr, event);
}

const Decision& Engine::decide_traced(Prepared& prepared, TraceSink& trace) {
  begin(prepared);
  model::Event& event = prepared.event;
  hand_on_notes(event, &trace);
  if (event.decided_elsewhere) return conclude(ruleset_->tree().find(event.decided_rule), event);
  const ProgramNode* const node = walk(ruleset_->program().root(), event, &trace);
  return conclude(node ? node->rule : nullptr, event);
}

const ProgramNode* Engine::follow(const Trail& trail, model::Event& event) {
  for (const ProgramNode* node : trail.undecided) {
    if (!memory_agrees(*node, event, nullptr)) continue;
    if (node->has_children) {
      if (const ProgramNode* const child = walk(*node, event, nullptr)) return child;
    }
    if (!node->rule->noalert) return node;
  }
  return trail.decided;
}

const ProgramNode* Engine::walk(const ProgramNode& parent, model::Event& event, TraceSink* trace) {
  const Program& program = ruleset_->program();
  const auto family = trace ? program.all_children(parent) : program.children(parent, event);
  const bool roots = &parent == &program.root();
  for (const ProgramNode* node : family) {
    if (roots && !Program::root_applies(*node, event)) continue;
    if (const ProgramNode* const found = ask(*node, event, trace)) return found;
  }
  return nullptr;
}

// The rule that `node` leads to: itself, one below it, or none.
const ProgramNode* Engine::ask(const ProgramNode& node, model::Event& event, TraceSink* trace) {
  if (trace) trace->trying(*node.rule);
  if (!pure_tests_hold(node, event, trace) || !memory_agrees(node, event, trace)) return nullptr;
  if (trace) trace->matched(*node.rule);
  if (node.has_children) {
    if (trace) trace->trying_children();
    if (const ProgramNode* const child = walk(node, event, trace)) return child;
  }
  return node.rule->noalert ? nullptr : &node;
}

bool Engine::pure_tests_hold(const ProgramNode& node, model::Event& event, TraceSink* trace) {
  const rules::Condition* const failed =
      ruleset_->program().first_failure(node.conditions_begin, node.conditions_end, event, scratch_);
  hand_on_notes(event, trace);
  if (failed && trace) trace->failed(*node.rule, *failed, event);
  return !failed;
}

bool Engine::lists_hold(const ProgramNode& node, model::Event& event, TraceSink* trace) {
  if (node.lists_begin == node.lists_end) return true;
  const rules::Condition* const failed = ruleset_->program().list_failure(node, event, scratch_);
  hand_on_notes(event, trace);
  if (failed && trace) trace->failed(*node.rule, *failed, event);
  return !failed;
}

// The tests with memory, in OSSEC's order, with <list> where it stands among them. Each leaves its traces even when a
// later one says no.
bool Engine::memory_agrees(const ProgramNode& node, model::Event& event, TraceSink* trace) {
  const rules::Rule& rule = *node.rule;
  const auto no = [&](std::string_view test) {
    hand_on_notes(event, trace);
    if (trace) trace->failed(rule, test);
    return false;
  };
  if (rule.check_diff) {
    const std::optional<std::string_view> previous = last_output_.changed(event, rule.info.id);
    if (!previous) return no("check_diff");
    correlation_->set_lines(rule, "Previous output:", *previous);
  }
  if (rule.if_fts && !seen_first(event)) return no("if_fts");
  if (!lists_hold(node, event, trace)) return false;
  if (rule.correlates && !rule.check_diff && !correlation_->search(rule)) return no("correlation");
  return true;
}

bool Engine::seen_first(const model::Event& event) {
  if (event.sight != model::Event::Sight::ByKey) return event.sight == model::Event::Sight::New;
  return first_seen_.is_new(event);
}

// From the rule that matched to an alert (the steps in OSSEC's order).
const Decision& Engine::conclude(const rules::Rule* rule, model::Event& event) {
  decision_.rule = rule;
  if (!rule) return decision_;
  const uint64_t fired = fired_times_.count(*rule, event.time);
  if (rule->silent) return decision_;
  if (!ignore_timers_.allows(*rule, event.time) || !ignore_list_.allows(*rule, event)) {
    ++counters_.suppressed;
    return decision_;
  }
  decision_.fired = true;
  decision_.alert_data = {0, &rule->info, &event, {}, fired};
  if (rule->info.log) {
    decision_.alert = true;
    decision_.alert_data.number = ++counters_.alerts;
    decision_.alert_data.previous = keep_lines(*rule);
  }
  correlation_->remember(*rule);
  // Behind all that remembers: what is compared later is what was written.
  if (decision_.alert && mask_.applies(*rule)) mask_.mask(*rule, event, lines_, line_arena_);
  return decision_;
}

// remember() may forget the event that a line belongs to, so the lines are copied before it.
std::span<const std::string_view> Engine::keep_lines(const rules::Rule& rule) {
  lines_.clear();
  line_arena_.reset();
  for (const std::string_view line : correlation_->lines(rule)) lines_.push_back(line_arena_.copy(line));
  return lines_;
}

void Engine::take_over(Engine& before) {
  const rules::RuleMap rules(before.ruleset_->tree(), ruleset_->tree());
  correlation_->take_over(*before.correlation_, rules);
  accumulator_ = std::move(before.accumulator_);
  ignore_timers_.take_over(before.ignore_timers_, rules);
  fired_times_.take_over(before.fired_times_, rules);
  counters_ = before.counters();
}

EngineCounters Engine::counters() const {
  EngineCounters c = counters_;
  c.limit_hits = scratch_.context.limit_hits() + correlation_->limit_hits();
  c.evicted = correlation_->evicted();
  return c;
}

}  // namespace gander::engine
