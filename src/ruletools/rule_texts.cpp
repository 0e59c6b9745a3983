#include "ruletools/rule_texts.h"

#include <algorithm>

namespace gander::ruletools {

std::vector<std::string_view> groups_of(const rules::Rule& rule) {
  std::vector<std::string_view> out;
  std::string_view rest = rule.info.group;
  while (!rest.empty()) {
    const size_t end = rest.find_first_of(", ");
    const std::string_view word = rest.substr(0, end);
    if (!word.empty()) out.push_back(word);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return out;
}

bool is_tag(std::string_view group) {
  constexpr std::string_view kPrefixes[] = {"mitre_T", "pci_dss_", "gdpr_", "hipaa_", "nist_800_53_", "cis_csc_"};
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return group.starts_with(prefix); });
}

std::string_view technique_of(std::string_view group) {
  constexpr std::string_view kPrefix = "mitre_";
  return group.starts_with("mitre_T") ? group.substr(kPrefix.size()) : std::string_view();
}

std::string test_text(const rules::Condition& condition) {
  return std::string(condition.element()) + " '" + condition.wanted() + "'";
}

std::string counting_text(const rules::Rule& rule) {
  std::string of;
  switch (rule.composite) {
    case rules::Composite::None:
      return {};
    case rules::Composite::Sid:
      of = "of rule " + std::to_string(rule.matched_sid);
      break;
    case rules::Composite::Group:
      of = "of group " + rule.matched_group;
      break;
    case rules::Composite::Regex:
      of = rule.matched_regex ? "that match '" + rule.matched_regex->text() + "'" : "of any kind";
      break;
  }
  std::string out = std::to_string(rule.frequency + 1) + " earlier events " + of + " within " +
                    std::to_string(rule.timeframe.count()) + " s";
  const rules::ContextFlags& c = rule.context;
  const std::pair<bool, const char*> flags[] = {
      {c.same_source_ip, "same_source_ip"},
      {c.same_user, "same_user"},
      {c.same_id, "same_id"},
      {c.same_src_port, "same_src_port"},
      {c.same_dst_port, "same_dst_port"},
      {c.same_location, "same_location"},
      {c.different_url, "different_url"},
      {c.different_srcgeoip, "different_srcgeoip"},
      {c.different_srcip, "different_srcip"},
      {c.not_same_source_ip, "not_same_source_ip"},
      {c.not_same_user, "not_same_user"},
      {c.not_same_id, "not_same_id"},
      {c.not_same_agent, "not_same_agent"},
  };
  for (const auto& [set, name] : flags) {
    if (set) out += std::string(", ") + name;
  }
  return out;
}

std::vector<std::string> tests_of(const rules::Rule& rule) {
  std::vector<std::string> out;
  for (const auto& condition : rule.conditions) out.push_back(test_text(*condition));
  if (rule.check_diff) out.emplace_back("check_diff: the output is not that of last time");
  if (rule.if_fts) out.emplace_back("if_fts: never seen before");
  for (const auto& condition : rule.list_conditions) out.push_back(test_text(*condition));
  if (std::string counting = counting_text(rule); !counting.empty()) out.push_back(std::move(counting));
  return out;
}

RulePlaces::RulePlaces(const rules::RuleTree& tree) {
  for (const auto& root : tree.roots) walk(*root);
}

void RulePlaces::walk(const rules::RuleNode& node) {
  const auto add = [](std::vector<const rules::Rule*>& list, const rules::Rule* rule) {
    if (std::find(list.begin(), list.end(), rule) == list.end()) list.push_back(rule);
  };
  for (const auto& child : node.children) {
    add(parents_[child->rule], node.rule);
    add(children_[node.rule], child->rule);
    walk(*child);
  }
}

const std::vector<const rules::Rule*>& RulePlaces::at(const Lists& lists, const rules::Rule& rule) {
  static const std::vector<const rules::Rule*> kNone;
  const auto found = lists.find(&rule);
  return found == lists.end() ? kNone : found->second;
}

}  // namespace gander::ruletools
