#include "ruletools/coverage.h"

#include <algorithm>

#include "ruletools/rule_texts.h"

namespace gander::ruletools {
namespace {

using rules::Rule;

size_t place_of(const std::vector<std::shared_ptr<const rules::Condition>>& list, const rules::Condition& condition) {
  for (size_t i = 0; i < list.size(); ++i) {
    if (list[i].get() == &condition || list[i]->equals(condition)) return i;
  }
  return list.size();
}

}  // namespace

std::vector<std::string> Coverage::names_of(const Rule& rule) {
  return tests_of(rule);
}

Coverage::Coverage(const engine::Ruleset& ruleset) : ruleset_(ruleset), states_(ruleset.tree().rules.size()) {
  for (const auto& rule : ruleset.tree().rules) states_[rule->index].tests.resize(names_of(*rule).size());
}

void Coverage::refuse(const Rule& rule, size_t test) {
  std::vector<Asked>& tests = states_[rule.index].tests;
  for (size_t i = 0; i < test && i < tests.size(); ++i) tests[i].held = true;
  if (test < tests.size()) tests[test].refused = true;
}

void Coverage::failed(const Rule& rule, const rules::Condition& condition, const model::Event&) {
  const size_t pure = place_of(rule.conditions, condition);
  if (pure < rule.conditions.size()) return refuse(rule, pure);
  const size_t before = rule.conditions.size() + (rule.check_diff ? 1 : 0) + (rule.if_fts ? 1 : 0);
  refuse(rule, before + place_of(rule.list_conditions, condition));
}

void Coverage::failed(const Rule& rule, std::string_view test) {
  const size_t pure = rule.conditions.size();
  if (test == "check_diff") return refuse(rule, pure);
  if (test == "if_fts") return refuse(rule, pure + (rule.check_diff ? 1 : 0));
  refuse(rule, states_[rule.index].tests.size() - 1);
}

void Coverage::matched(const Rule& rule) {
  RuleState& state = states_[rule.index];
  state.matched = true;
  for (Asked& test : state.tests) test.held = true;
}

void Coverage::ran(const TestFile& file, const TestStep& step, bool passed, const engine::Decision& decision,
                   const std::vector<const model::DecoderInfo*>& taking_part) {
  if (passed && decision.rule && step.expected.rule && !step.expected.refused) {
    states_[decision.rule->index].expected = true;
  }
  if (passed && file.kind == TestFile::Kind::Fields) decoders_.insert(taking_part.begin(), taking_part.end());
}

Coverage::Report Coverage::report(const std::map<model::RuleId, Excuse>& excused, const Scope& scope) const {
  Report report;
  for (const auto& rule : ruleset_.tree().rules) {
    if (!scope.all() && rule->info.at.file != scope.rules) continue;
    const RuleState& state = states_[rule->index];
    const bool reached = rule->noalert ? state.matched : state.expected;
    const auto excuse = excused.find(rule->info.id);
    if (excuse != excused.end()) {
      if (reached) report.stale.push_back({rule->info.id, excuse->second.at, true});
      continue;
    }
    ++report.rules;
    if (!reached) report.unreached_rules.push_back(rule.get());
    const std::vector<std::string> names = names_of(*rule);
    for (size_t i = 0; i < names.size(); ++i) {
      ++report.conditions;
      if (!state.tests[i].held) report.gaps.push_back({rule.get(), names[i], Gap::What::NeverHeld});
      if (!state.tests[i].refused) report.gaps.push_back({rule.get(), names[i], Gap::What::NeverRefused});
    }
  }
  for (const auto& [id, excuse] : excused) {
    if (!ruleset_.tree().find(id)) report.stale.push_back({id, excuse.at, false});
  }
  for (const decode::LoadedDecoder& decoder : ruleset_.decoders().loaded()) {
    if (!scope.all() && decoder.at.file != scope.decoders) continue;
    ++report.decoders;
    if (!decoders_.contains(decoder.info)) report.unreached_decoders.push_back(decoder);
  }
  return report;
}

}  // namespace gander::ruletools
