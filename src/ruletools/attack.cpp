#include "ruletools/attack.h"

#include <map>

#include "ruletools/rule_texts.h"

namespace gander::ruletools {
namespace {

// "T1110" of "T1110.001".
std::string_view technique_above(std::string_view id) {
  return id.substr(0, id.find('.'));
}

std::string_view tactics_of(std::string_view id) {
  const Technique* const own = find_technique(id);
  if (own && !own->tactics.empty()) return own->tactics;
  const Technique* const above = find_technique(technique_above(id));
  return above ? above->tactics : std::string_view();
}

std::string name_of(std::string_view id) {
  const Technique* const own = find_technique(id);
  const Technique* const above = find_technique(technique_above(id));
  if (!above) return {};
  if (own == above) return std::string(above->name);
  return std::string(above->name) + ": " +
         (own ? std::string(own->name) : "sub-technique " + std::string(id.substr(id.find('.') + 1)));
}

}  // namespace

std::vector<AttackColumn> attack_matrix(const std::vector<const rules::Rule*>& rules) {
  std::map<std::string, std::vector<const rules::Rule*>, std::less<>> by_technique;
  for (const rules::Rule* rule : rules) {
    for (const std::string_view group : groups_of(*rule)) {
      const std::string_view technique = technique_of(group);
      if (technique.empty()) continue;
      std::vector<const rules::Rule*>& list = by_technique[std::string(technique)];
      if (list.empty() || list.back() != rule) list.push_back(rule);
    }
  }
  const std::span<const Tactic> tactics = attack_tactics();
  std::vector<AttackColumn> all;
  for (const Tactic& tactic : tactics) all.push_back({std::string(tactic.id), std::string(tactic.name), {}});
  all.push_back({{}, "not in the table", {}});
  for (const auto& [id, list] : by_technique) {
    const AttackRow row{id, name_of(id), list};
    const std::string_view letters = tactics_of(id);
    if (letters.empty()) all.back().techniques.push_back(row);
    for (const char letter : letters) all[static_cast<size_t>(letter - 'A')].techniques.push_back(row);
  }
  std::erase_if(all, [](const AttackColumn& column) { return column.techniques.empty(); });
  return all;
}

}  // namespace gander::ruletools
