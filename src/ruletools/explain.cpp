#include "ruletools/explain.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "ruletools/rule_texts.h"
#include "ruletools/test_runner.h"

namespace gander::ruletools {
namespace {

using rules::Rule;

std::string named(const Rule& rule) {
  return "rule " + std::to_string(rule.info.id);
}

std::string against(const rules::Condition& condition, const model::Event& event) {
  const std::string_view text = condition.looked_at(event);
  return test_text(condition) +
         (text.data() ? " against '" + std::string(text) + "'" : " against nothing: the event has no such field");
}

// What the walk did with each rule.
class Record final : public engine::TraceSink {
 public:
  void trying(const Rule& rule) override { tried_.insert(&rule); }
  void failed(const Rule& rule, const rules::Condition& condition, const model::Event& event) override {
    failures_[&rule] = against(condition, event);
  }
  void failed(const Rule& rule, std::string_view test) override {
    const std::string counting = counting_text(rule);
    if (test == "correlation")
      failures_[&rule] = "it wants " + counting + ", and there are fewer";
    else if (test == "if_fts")
      failures_[&rule] = "if_fts: the same was seen before, or the decoder has no <fts>";
    else
      failures_[&rule] = std::string(test);
  }
  void matched(const Rule& rule) override { matched_.insert(&rule); }
  void trying_children() override {}
  void note(std::string_view) override {}

  void clear() {
    tried_.clear();
    matched_.clear();
    failures_.clear();
  }
  bool was_tried(const Rule& rule) const { return tried_.contains(&rule); }
  bool held(const Rule& rule) const { return matched_.contains(&rule); }
  const std::string* failure(const Rule& rule) const {
    const auto found = failures_.find(&rule);
    return found == failures_.end() ? nullptr : &found->second;
  }

 private:
  std::unordered_set<const Rule*> tried_;
  std::unordered_set<const Rule*> matched_;
  std::unordered_map<const Rule*, std::string> failures_;
};

class Explainer {
 public:
  Explainer(const RulePlaces& places, const Record& record, const model::Event& event)
      : places_(places), record_(record), event_(event) {}

  // The parents that lead to the rule, the one that came nearest first in doubt.
  std::vector<const Rule*> way_to(const Rule& rule) const {
    std::vector<const Rule*> way{&rule};
    while (true) {
      const auto& parents = places_.parents(*way.back());
      if (parents.empty()) break;
      const auto better = [&](const Rule* a, const Rule* b) { return rank(*a) < rank(*b); };
      const Rule* const parent = *std::max_element(parents.begin(), parents.end(), better);
      if (std::find(way.begin(), way.end(), parent) != way.end()) break;
      way.push_back(parent);
    }
    std::reverse(way.begin(), way.end());
    return way;
  }

  std::string answer(const Rule& rule, const Rule* decided, const std::vector<const Rule*>& way) const {
    if (decided == &rule) return named(rule) + " fired";
    const std::string instead = decided ? named(*decided) : std::string("no rule");
    if (record_.held(rule)) {
      if (rule.noalert) return named(rule) + " matched, but is never a result itself (noalert); " + instead + " fired";
      return named(rule) + " matched, and " + instead + " below it, which says more, fired";
    }
    if (const std::string* failure = record_.failure(rule)) {
      return named(rule) + " was asked and said no: " + *failure;
    }
    for (const Rule* step : way) {
      if (record_.held(*step)) continue;
      if (const std::string* failure = record_.failure(*step)) {
        return named(rule) + " was not asked: " + named(*step) + " above it said no: " + *failure;
      }
      if (places_.is_root(*step)) return not_asked_root(rule, *step, instead);
      break;
    }
    if (places_.is_root(rule)) return not_asked_root(rule, rule, instead);
    return named(rule) + " was not asked: " + instead + " comes before it and fired";
  }

  std::vector<Explanation::Step> steps(const std::vector<const Rule*>& way) const {
    std::vector<Explanation::Step> out;
    for (const Rule* rule : way) {
      Explanation::Step step;
      step.rule = rule;
      using Answer = Explanation::Step::Answer;
      if (record_.held(*rule)) {
        step.answer = Answer::Held;
        for (const auto& c : rule->conditions) step.tests.push_back(against(*c, event_));
        for (const auto& c : rule->list_conditions) step.tests.push_back(against(*c, event_));
        if (std::string counting = counting_text(*rule); !counting.empty()) step.tests.push_back(std::move(counting));
      } else if (const std::string* failure = record_.failure(*rule)) {
        step.answer = Answer::Failed;
        step.tests.push_back(*failure);
      }
      out.push_back(std::move(step));
    }
    return out;
  }

 private:
  int rank(const Rule& rule) const { return record_.held(rule) ? 2 : record_.was_tried(rule) ? 1 : 0; }

  std::string not_asked_root(const Rule& rule, const Rule& root, const std::string& instead) const {
    return named(rule) + " was not asked: its root, " + named(root) + ", is for events of category " +
           std::string(model::category_word(root.category)) + ", and this one is of category " +
           std::string(model::category_word(event_.category)) + "; " + instead + " fired";
  }

  const RulePlaces& places_;
  const Record& record_;
  const model::Event& event_;
};

}  // namespace

Explanation explain_rule(const std::shared_ptr<const engine::Ruleset>& ruleset, const engine::EngineOptions& options,
                         const Rule& rule, const std::vector<TimedLine>& lines) {
  model::MemoryStateStore state;
  engine::EngineOptions quiet = options;
  quiet.ignore = rules::IgnoreBehaviour::TestTool;
  quiet.state_writes = rules::StoreWrites::No;
  engine::Engine engine(ruleset, quiet, state);
  engine::Worker worker(options.compat);
  std::vector<decode::FilledField> filled;
  worker.decode.filled = &filled;
  engine::Prepared prepared;
  Record record;
  Explanation out;
  for (const TimedLine& line : lines) {
    filled.clear();
    record.clear();
    engine.prepare(line.text, "stdin", line.time, worker, prepared);
    out.decided = engine.decide_traced(prepared, record).rule;
  }
  const model::Event& event = prepared.event;
  out.decoder = event.decoder ? event.decoder->name : "(null)";
  for (const decode::FilledField& field : filled) out.fields.emplace_back(field.label, field.value);
  const RulePlaces places(ruleset->tree());
  const Explainer explainer(places, record, event);
  const std::vector<const Rule*> way = explainer.way_to(rule);
  out.fired = out.decided == &rule;
  out.answer = explainer.answer(rule, out.decided, way);
  out.way = explainer.steps(way);
  return out;
}

}  // namespace gander::ruletools
