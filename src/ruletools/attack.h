// The MITRE ATT&CK matrix of a ruleset: tactics, techniques, and the rules that are tagged with them.
//
// Threads: functions of their arguments.
// Source:  names and places of techniques as MITRE ATT&CK for Enterprise has them (attack_table.cpp). ATT&CK is a
//          registered trademark of The MITRE Corporation.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "rules/rule_tree.h"

namespace gander::ruletools {

struct Tactic {
  std::string_view id;    // "TA0006"
  std::string_view name;  // "Credential Access"
};

struct Technique {
  std::string_view id;  // "T1110", "T1110.001"
  std::string_view name;
  std::string_view tactics;  // letters, each a place in attack_tactics(): 'A' is the first; empty: its technique's
};

// In the order of an attack.
std::span<const Tactic> attack_tactics();
// Null: not in the table.
const Technique* find_technique(std::string_view id);

struct AttackRow {
  std::string id;
  std::string name;  // "Brute Force: Password Guessing"; empty: not in the table
  std::vector<const rules::Rule*> rules;
};
struct AttackColumn {
  std::string tactic;  // "TA0006"; empty: techniques that the table does not have
  std::string name;
  std::vector<AttackRow> techniques;  // by id
};

// Columns that have rules, in the order of the tactics; a technique of several tactics stands in each.
std::vector<AttackColumn> attack_matrix(const std::vector<const rules::Rule*>& rules);

}  // namespace gander::ruletools
