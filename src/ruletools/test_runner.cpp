#include "ruletools/test_runner.h"

#include <strings.h>

namespace gander::ruletools {
namespace {

std::string fields_text(const std::map<std::string, std::string>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += (out.empty() ? "" : " ") + name + "='" + value + "'";
  return out.empty() ? "no fields" : out;
}

std::string expected_text(const Expectation& e) {
  std::string out = e.refused ? "not " : "";
  if (e.rule) out += "rule " + *e.rule;
  if (e.level) out += ", level " + *e.level;
  if (e.decoder) out += (e.rule ? ", decoder " : "decoder ") + *e.decoder;
  if (e.fields) out += ", " + fields_text(*e.fields);
  return out;
}

std::string got_text(const Expectation& e, const Outcome& got) {
  std::string out;
  if (e.rule) out = "rule " + got.rule + ", level " + got.level;
  if (e.decoder) out += (e.rule ? ", decoder " : "decoder ") + got.decoder;
  if (e.fields) out += ", " + fields_text(got.fields);
  return out;
}

// Decoder names are compared as OSSEC's test tool does.
bool same_name(const std::string& a, const std::string& b) {
  return ::strcasecmp(a.c_str(), b.c_str()) == 0;
}

bool fits(const Expectation& e, const Outcome& got) {
  const bool same = (!e.rule || *e.rule == got.rule) && (!e.level || *e.level == got.level) &&
                    (!e.decoder || same_name(*e.decoder, got.decoder));
  return same != e.refused && (!e.fields || *e.fields == got.fields);
}

Outcome outcome_of(const engine::Decision& decision, const model::Event& event,
                   const std::vector<decode::FilledField>& filled) {
  Outcome out{"-", "-", event.decoder ? event.decoder->name : "(null)", {}};
  if (decision.rule) {
    out.rule = std::to_string(decision.rule->info.id);
    out.level = std::to_string(decision.rule->info.level);
  }
  for (const decode::FilledField& field : filled) out.fields[std::string(field.label)] = field.value;
  return out;
}

}  // namespace

engine::EngineOptions test_options(engine::EngineOptions options) {
  options.ignore = rules::IgnoreBehaviour::TestTool;
  options.state_writes = rules::StoreWrites::No;
  options.own_host = "testhost";
  options.zone = base::TimeZone::utc();
  return options;
}

TestRunner::TestRunner(std::shared_ptr<const engine::Ruleset> ruleset, engine::EngineOptions options,
                       model::Compat compat)
    : ruleset_(std::move(ruleset)), options_(test_options(std::move(options))), worker_(compat) {
  worker_.decode.filled = &filled_;
  worker_.decode.taking_part = &taking_part_;
}

void TestRunner::run(const TestFile& file, RunCounts& counts, RunObserver* observer) {
  model::MemoryStateStore state;
  engine::Engine engine(ruleset_, options_, state);
  engine::TraceSink* const trace = observer ? observer->trace() : nullptr;
  size_t failed = 0;
  for (const TestStep& step : file.steps) {
    filled_.clear();
    taking_part_.clear();
    engine.prepare(step.line, "stdin", step.time, worker_, prepared_);
    const engine::Decision& decision = trace ? engine.decide_traced(prepared_, *trace) : engine.decide(prepared_);
    prepared_.event.notes.clear();
    const bool passed = check(step, outcome_of(decision, prepared_.event, filled_), counts);
    if (!passed) ++failed;
    if (observer) observer->ran(file, step, passed, decision, taking_part_);
  }
  counts.tests += file.tests();
  counts.left_out += file.left_out;
  counts.failed += file.kind == TestFile::Kind::Sequence ? (failed > 0 ? 1 : 0) : failed;
}

bool TestRunner::check(const TestStep& step, const Outcome& got, RunCounts& counts) {
  if (fits(step.expected, got)) return true;
  counts.differences.push_back({&step, expected_text(step.expected), got_text(step.expected, got)});
  return false;
}

}  // namespace gander::ruletools
