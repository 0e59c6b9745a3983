// Scene: a few hand-made rules and events, decided as the engine does, to look at a Correlation alone.
//
// Owns:    the rules, and the correlation under test.
// Threads: one thread.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/correlation.h"

namespace gander::rules::testing {

using model::Field;

// One message: its time, which base rule its text leads to, and its fields.
struct Message {
  int64_t time = 0;
  RuleId base = 100;
  std::string log;
  std::vector<std::pair<Field, std::string>> fields;
  std::string hostname = "h";
  model::Category category = model::Category::Syslog;
};

struct Verdict {
  RuleId rule = 0;  // 0: none
  std::vector<std::string> lines;
  std::vector<std::string> notes;

  bool operator==(const Verdict&) const = default;
};

using MakeCorrelation = std::function<std::unique_ptr<Correlation>(const RuleTree&, CorrelationLimits)>;

// Rules and how they hang below each other; shared by the correlations that are compared.
class SceneRules {
 public:
  Rule& add(RuleId id, int level) {
    auto& rule = *tree.rules.emplace_back(std::make_unique<Rule>());
    rule.info.id = id;
    rule.info.level = level;
    rule.index = static_cast<uint32_t>(tree.rules.size() - 1);
    tree.by_id[id] = &rule;
    return rule;
  }
  Rule& sid(RuleId id, int level, RuleId matched, int frequency, int timeframe = 360) {
    Rule& rule = composite(id, level, Composite::Sid, frequency, timeframe);
    rule.matched_sid = matched;
    tree.by_id.at(matched)->keeps_sid_list = true;
    return below(matched, rule);
  }
  // Fed by `fed`; hangs below each of them.
  Rule& group(RuleId id, int level, const std::vector<RuleId>& fed, int frequency, int timeframe = 360) {
    Rule& rule = composite(id, level, Composite::Group, frequency, timeframe);
    for (const RuleId base : fed) {
      tree.by_id.at(base)->feeds_groups.push_back({&rule, 1});
      below(base, rule);
    }
    return rule;
  }
  Rule& regex(RuleId id, int level, RuleId parent, int frequency, int timeframe = 360) {
    return below(parent, composite(id, level, Composite::Regex, frequency, timeframe));
  }
  Rule& composite(RuleId id, int level, Composite kind, int frequency, int timeframe) {
    Rule& rule = add(id, level);
    rule.composite = kind;
    rule.correlates = true;
    rule.frequency = frequency;
    rule.timeframe = std::chrono::seconds(timeframe);
    return rule;
  }
  // Higher levels are tried first, equal ones in the order of their coming.
  Rule& below(RuleId parent, Rule& rule) {
    auto& family = children[parent];
    const auto at = std::find_if(family.begin(), family.end(),
                                 [&](const Rule* other) { return other->info.level < rule.info.level; });
    family.insert(at, &rule);
    return rule;
  }

  RuleTree tree;
  std::map<RuleId, std::vector<Rule*>> children;
};

class Scene {
 public:
  Scene(const SceneRules& rules, const MakeCorrelation& make, CorrelationLimits limits = {})
      : rules_(rules), correlation_(make(rules.tree, limits)) {}

  Verdict decide(const Message& message) {
    model::Event event;
    event.time = base::from_unix(message.time);
    event.full_log = event.keep("head: " + message.log);
    event.log = event.full_log.substr(6);
    event.hostname = event.keep(message.hostname);
    event.category = message.category;
    for (const auto& [field, value] : message.fields) event.set(field, event.keep(value));
    correlation_->begin(event);
    const Rule* const final_rule = descend(rules_.tree.find(message.base));
    Verdict verdict;
    verdict.notes = event.notes;
    if (!final_rule) return verdict;
    verdict.rule = final_rule->info.id;
    for (const std::string_view line : correlation_->lines(*final_rule)) {
      verdict.lines.emplace_back(line.substr(std::min<size_t>(6, line.size())));
    }
    if (!final_rule->silent) correlation_->remember(*final_rule);
    return verdict;
  }
  std::vector<RuleId> decide_all(const std::vector<Message>& messages) {
    std::vector<RuleId> found;
    for (const Message& m : messages) found.push_back(decide(m).rule);
    return found;
  }
  Correlation& correlation() { return *correlation_; }

 private:
  const Rule* descend(const Rule* rule) {
    const auto family = rules_.children.find(rule->info.id);
    if (family != rules_.children.end()) {
      for (const Rule* child : family->second) {
        if (child->correlates && !correlation_->search(*child)) continue;
        if (const Rule* const found = descend(child)) return found;
      }
    }
    return rule->noalert ? nullptr : rule;
  }

  const SceneRules& rules_;
  std::unique_ptr<Correlation> correlation_;
};

}  // namespace gander::rules::testing
