#include "ruletools/backtest.h"

#include <algorithm>

namespace gander::ruletools {
namespace {

bool stands_in(const rules::Rule& rule, const std::vector<std::string>& files) {
  return std::find(files.begin(), files.end(), rule.info.at.file) != files.end();
}

}  // namespace

Backtest::Side::Side(std::shared_ptr<const engine::Ruleset> rules, const engine::EngineOptions& options)
    : ruleset(std::move(rules)), engine(ruleset, options, state), worker(options.compat) {}

const engine::Decision& Backtest::Side::decide(std::string_view text, std::string_view location, base::Instant time) {
  engine.prepare(text, location, time, worker, prepared);
  const engine::Decision& decision = engine.decide(prepared);
  prepared.event.notes.clear();
  if (decision.alert) ++alerts[decision.rule->info.id];
  return decision;
}

engine::EngineOptions Backtest::quiet(engine::EngineOptions options) {
  options.state_writes = rules::StoreWrites::No;
  return options;
}

Backtest::Backtest(std::shared_ptr<const engine::Ruleset> before, std::shared_ptr<const engine::Ruleset> after,
                   engine::EngineOptions options)
    : before_(std::move(before), quiet(options)), after_(std::move(after), quiet(options)) {}

void Backtest::line(std::string_view text, std::string_view location, base::Instant time) {
  const engine::Decision& old = before_.decide(text, location, time);
  const engine::Decision& now = after_.decide(text, location, time);
  ++totals_.lines;
  totals_.before += old.alert ? 1 : 0;
  totals_.after += now.alert ? 1 : 0;
  if (!now.alert) return;
  Row& row = rows_[now.rule->info.id];
  row.rule = now.rule;
  if (row.alerts++ == 0) row.first = row.last = time;
  row.first = std::min(row.first, time);
  row.last = std::max(row.last, time);
  ++row.instead[old.alert ? old.rule->info.id : 0];
  const std::string_view source = after_.prepared.event.field(model::Field::SrcIp);
  if (!source.empty() && row.sources.size() < kMostSources) row.sources.emplace(source);
  if (row.examples.size() < kMostExamples) row.examples.emplace_back(text);
}

std::vector<Backtest::Row> Backtest::rows(const std::vector<std::string>& files) const {
  std::vector<Row> out;
  for (const auto& rule : after_.ruleset->tree().rules) {
    if (!stands_in(*rule, files)) continue;
    const auto found = rows_.find(rule->info.id);
    out.push_back(found == rows_.end() ? Row{} : found->second);
    out.back().rule = rule.get();
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Row& a, const Row& b) { return a.rule->info.id < b.rule->info.id; });
  return out;
}

std::map<model::RuleId, std::pair<uint64_t, uint64_t>> Backtest::changed(const std::vector<std::string>& files) const {
  std::map<model::RuleId, std::pair<uint64_t, uint64_t>> out;
  for (const auto& [id, count] : before_.alerts) out[id].first = count;
  for (const auto& [id, count] : after_.alerts) out[id].second = count;
  std::erase_if(out, [&](const auto& entry) {
    if (entry.second.first == entry.second.second) return true;
    const rules::Rule* const rule = after_.ruleset->tree().find(entry.first);
    return rule && stands_in(*rule, files);
  });
  return out;
}

}  // namespace gander::ruletools
