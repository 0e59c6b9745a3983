#include "engine/testing/fast_and_traced.h"

#include <filesystem>

#include <optional>

#include "rules/cdb_list.h"

namespace gander::engine::testing {
namespace {

class Silent final : public TraceSink {
 public:
  void trying(const rules::Rule&) override {}
  void failed(const rules::Rule&, const rules::Condition&, const model::Event&) override {}
  void failed(const rules::Rule&, std::string_view) override {}
  void matched(const rules::Rule&) override {}
  void trying_children() override {}
  void note(std::string_view) override {}
};

struct Line {
  std::string text;
  base::Instant time;
};

std::vector<Line> random_lines(Grammar& grammar, int count) {
  std::vector<Line> lines;
  int64_t now = 1709632800;
  for (int i = 0; i < count; ++i) {
    now += grammar.pause();
    lines.push_back({grammar.line(), base::from_unix(now)});
  }
  return lines;
}

std::string shown(const Decision& d) {
  if (!d.rule) return "none";
  std::string out = std::to_string(d.rule->info.id) + (d.alert ? " alert" : " silent");
  if (d.alert) {
    out += " " + std::to_string(d.alert_data.number) + " " + std::to_string(d.alert_data.fired_times);
    for (const std::string_view line : d.alert_data.previous) out.append("|").append(line);
  }
  return out;
}

// What is left behind for the next start.
std::string shown(model::MemoryStateStore& state) {
  std::string out;
  for (const std::string& line : state.first_seen_lines()) out += "first seen " + line + "\n";
  for (const std::string& line : state.ignore_lines()) out += "ignored " + line + "\n";
  return out;
}

std::vector<std::string> run_fast(const std::shared_ptr<const Ruleset>& ruleset, CorrelationPolicy policy,
                                  const std::vector<Line>& lines) {
  model::MemoryStateStore state;
  Engine engine(ruleset, options_for(policy), state);
  Worker worker(options_for(policy).compat);
  // Prepared ahead of being decided, as replay does.
  std::vector<Prepared> prepared(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    engine.prepare(lines[i].text, "stdin", lines[i].time, worker, prepared[i]);
  }
  std::vector<std::string> out;
  for (Prepared& p : prepared) out.push_back(shown(engine.decide(p)));
  out.push_back(shown(state));
  return out;
}

std::vector<std::string> run_traced(const std::shared_ptr<const Ruleset>& ruleset, CorrelationPolicy policy,
                                    const std::vector<Line>& lines) {
  model::MemoryStateStore state;
  Engine engine(ruleset, options_for(policy), state);
  Prepared prepared;
  Silent trace;
  std::optional<Worker> worker;
  std::vector<std::string> out;
  for (const Line& line : lines) {
    // A worker that remembers little of the lines before.
    if (out.size() % 32 == 0) worker.emplace(options_for(policy).compat);
    engine.prepare(line.text, "stdin", line.time, *worker, prepared);
    out.push_back(shown(engine.decide_traced(prepared, trace)));
  }
  out.push_back(shown(state));
  return out;
}

std::vector<std::string> run_reloaded(const std::vector<std::shared_ptr<const Ruleset>>& rulesets,
                                      CorrelationPolicy policy, const std::vector<Line>& lines) {
  constexpr size_t kEvery = 17;
  model::MemoryStateStore state;
  std::unique_ptr<Engine> engine;
  std::optional<Worker> worker;
  Prepared prepared;
  std::vector<std::string> out;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (i % kEvery == 0) {
      auto next = std::make_unique<Engine>(rulesets[i / kEvery % rulesets.size()], options_for(policy), state);
      if (engine) next->take_over(*engine);
      engine = std::move(next);
      worker.emplace(options_for(policy).compat);
    }
    engine->prepare(lines[i].text, "stdin", lines[i].time, *worker, prepared);
    out.push_back(shown(engine->decide(prepared)));
  }
  out.push_back(shown(state));
  return out;
}

void note_difference(Outcome& outcome, const std::vector<Line>& lines, const std::vector<std::string>& a,
                     const std::vector<std::string>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].find(" alert") != std::string::npos) ++outcome.alerts;
    if (a[i] == b[i] || !outcome.difference.empty()) continue;
    outcome.difference = "event " + std::to_string(i) + ": " + (i < lines.size() ? lines[i].text : "state") +
                         "\none: " + a[i] + "\nother: " + b[i] + "\n";
  }
}

}  // namespace

EngineOptions options_for(CorrelationPolicy policy) {
  EngineOptions options;
  options.correlation = policy;
  options.compat = policy == CorrelationPolicy::Compat ? model::Compat::Ossec43 : model::Compat::Mended;
  options.ignore = rules::IgnoreBehaviour::TestTool;
  return options;
}

std::shared_ptr<const Ruleset> load(const Folder& folder, const std::string& rules, const std::vector<NamedText>& lists,
                                    model::Compat compat, std::string& errors) {
  RulesetFiles files;
  files.decoders.push_back({"decoder.xml", folder.write("decoder.xml", kDecoders)});
  files.rules.push_back({"rules.xml", folder.write("rules.xml", rules), "rules//rules.xml"});
  for (const NamedText& list : lists) {
    const std::string file = std::filesystem::path(list.name).filename().string() + ".cdb";
    files.lists.push_back({list.name, folder.write(file, rules::compile_list(list.text))});
  }
  files.lists.push_back({"rules/gone", folder.path("gone.cdb")});
  RulesetOptions options;
  options.compat = compat;
  Diagnostics diagnostics;
  auto ruleset = Ruleset::load(files, options, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity == Severity::Error) errors += render(d, Colour::Off);
  }
  return ruleset;
}

Outcome compare(Grammar& grammar, const Folder& folder, CorrelationPolicy policy, int rules, int events) {
  Outcome outcome;
  outcome.rules = grammar.rule_file(rules);
  const auto ruleset = load(folder, outcome.rules, grammar.lists(), options_for(policy).compat, outcome.difference);
  if (!ruleset) return outcome;
  const std::vector<Line> lines = random_lines(grammar, events);
  const std::vector<std::string> fast = run_fast(ruleset, policy, lines);
  const std::vector<std::string> slow = run_traced(ruleset, policy, lines);
  note_difference(outcome, lines, fast, slow);
  return outcome;
}

Outcome compare_reloaded(Grammar& grammar, const Folder& folder, CorrelationPolicy policy, int rules, int events) {
  Outcome outcome;
  outcome.rules = grammar.rule_file(rules);
  const std::vector<NamedText> lists = grammar.lists();
  std::vector<std::shared_ptr<const Ruleset>> rulesets;
  for (int i = 0; i < 2; ++i) {
    rulesets.push_back(load(folder, outcome.rules, lists, options_for(policy).compat, outcome.difference));
    if (!rulesets.back()) return outcome;
  }
  const std::vector<Line> lines = random_lines(grammar, events);
  note_difference(outcome, lines, run_fast(rulesets[0], policy, lines), run_reloaded(rulesets, policy, lines));
  return outcome;
}

}  // namespace gander::engine::testing
