#include "rules/rule_lint.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace gander::rules {
namespace {

std::string name_of(const Rule& rule) {
  return "rule " + std::to_string(rule.info.id);
}

class Linter {
 public:
  explicit Linter(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void look_at(const RuleTree& tree);

 private:
  using Siblings = std::vector<std::unique_ptr<RuleNode>>;
  void look_at_correlation(const Rule& rule);
  void look_at_alternatives(const Rule& rule);
  void look_at_cost(const Rule& rule);
  void look_at_siblings(const Siblings& siblings);
  void warn(ErrorCode code, std::string message, const Rule& rule, std::string hint = {}) {
    diagnostics_.warning(code, std::move(message), rule.info.at, std::move(hint));
  }

  Diagnostics& diagnostics_;
  // An earlier sibling that is always taken instead, by rule; a rule also seen without one is reachable.
  std::unordered_map<const Rule*, const Rule*> shadows_;
  std::unordered_set<const Rule*> reachable_;
};

void Linter::look_at(const RuleTree& tree) {
  for (const auto& rule : tree.rules) {
    look_at_correlation(*rule);
    look_at_alternatives(*rule);
  }
  for (const auto& root : tree.roots) {
    for (const auto& child : root->children) look_at_cost(*child->rule);
    look_at_siblings(root->children);
  }
  for (const auto& rule : tree.rules) {
    const auto shadow = shadows_.find(rule.get());
    if (shadow == shadows_.end() || reachable_.contains(rule.get())) continue;
    warn("R203",
         name_of(*rule) + " is never reached: rule " + std::to_string(shadow->second->info.id) +
             " has the same conditions and comes first",
         *rule, "make it a child of rule " + std::to_string(shadow->second->info.id) + ", or give it more conditions");
  }
}

void Linter::look_at_correlation(const Rule& rule) {
  if (rule.composite == Composite::Sid && rule.matched_sid_unknown) {
    warn("R204",
         name_of(rule) + " counts events of rule " + std::to_string(rule.matched_sid) +
             ", which no earlier rule is: it never matches",
         rule);
  }
  // Ids that Gander keeps for its own rules: none of them was written for OSSEC.
  constexpr model::RuleId kOwnFirst = 60000;
  constexpr model::RuleId kOwnLast = 79999;
  if (rule.info.id >= kOwnFirst && rule.info.id <= kOwnLast) return;
  const ContextFlags& c = rule.context;
  if (c.different_srcip) {
    warn("R205", name_of(rule) + ": <different_srcip> has no effect in OSSEC 4.3; here the addresses must differ",
         rule);
  }
  if (c.not_same_source_ip || c.not_same_user || c.not_same_id || c.not_same_agent) {
    warn("R205", name_of(rule) + ": <not_same_…> only takes back a <same_…> in OSSEC 4.3; here the values must differ",
         rule);
  }
}

// Alternatives of an os_match pattern that stand in it twice.
void Linter::look_at_alternatives(const Rule& rule) {
  for (const auto& condition : rule.conditions) {
    const text::Pattern* const pattern = condition->log_pattern();
    if (!pattern || pattern->dialect() != text::Dialect::OsMatch) continue;
    std::unordered_set<std::string_view> seen;
    std::string_view rest = pattern->text();
    for (bool more = true; more;) {
      const size_t bar = rest.find('|');
      more = bar != std::string_view::npos;
      const std::string_view alternative = rest.substr(0, bar);
      if (!seen.insert(alternative).second) {
        warn("R202", name_of(rule) + " names the alternative '" + std::string(alternative) + "' twice", rule);
        break;
      }
      if (more) rest.remove_prefix(bar + 1);
    }
  }
}

void Linter::look_at_cost(const Rule& rule) {
  if (rule.conditions.empty()) return;
  for (const auto& condition : rule.conditions) {
    const text::Pattern* const pattern = condition->log_pattern();
    if (!pattern || pattern->is_literal() || !pattern->required_literals().empty()) return;
  }
  warn("R201", name_of(rule) + " is searched in every event of its category: its patterns hold no text that must occur",
       rule, "add decoded_as, program_name or a match with some literal text");
}

bool same_conditions(const Rule& a, const Rule& b) {
  return a.conditions.size() == b.conditions.size() &&
         std::equal(a.conditions.begin(), a.conditions.end(), b.conditions.begin(),
                    [](const auto& x, const auto& y) { return x->equals(*y); });
}

size_t conditions_hash(const Rule& rule) {
  size_t hash = rule.conditions.size();
  for (const auto& condition : rule.conditions) hash = hash * 31 + condition->hash();
  return hash;
}

void Linter::look_at_siblings(const Siblings& siblings) {
  std::unordered_multimap<size_t, const Rule*> ending;  // rules that end the search when their conditions hold
  for (const auto& node : siblings) {
    const Rule& rule = *node->rule;
    const size_t hash = conditions_hash(rule);
    const Rule* shadow = nullptr;
    const auto [begin, end] = ending.equal_range(hash);
    for (auto it = begin; it != end && !shadow; ++it) {
      if (it->second != &rule && same_conditions(*it->second, rule)) shadow = it->second;
    }
    if (shadow) {
      shadows_.emplace(&rule, shadow);
    } else {
      reachable_.insert(&rule);
      const bool ends = !rule.noalert && !rule.stateful() && rule.list_conditions.empty();
      if (ends) ending.emplace(hash, &rule);
    }
    look_at_siblings(node->children);
  }
}

}  // namespace

void lint_rules(const RuleTree& tree, Diagnostics& diagnostics) {
  Linter(diagnostics).look_at(tree);
}

}  // namespace gander::rules
