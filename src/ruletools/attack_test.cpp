#include "ruletools/attack.h"

#include <gtest/gtest.h>

#include "ruletools/rule_filter.h"
#include "ruletools/testing/small_ruleset.h"

namespace gander::ruletools {
namespace {

TEST(Attack, TheTableIsSortedAndComplete) {
  EXPECT_EQ(attack_tactics().size(), 14U);
  ASSERT_NE(find_technique("T1110.001"), nullptr);
  EXPECT_EQ(find_technique("T1110.001")->name, "Password Guessing");
  EXPECT_EQ(find_technique("T1001")->name, "Data Obfuscation");
  EXPECT_EQ(find_technique("T1665")->tactics, "L");
  EXPECT_EQ(find_technique("T9999"), nullptr);
}

TEST(Attack, ATechniqueStandsInEachOfItsTactics) {
  const testing::Folder folder;
  const auto ruleset = testing::small_ruleset(
      folder, {},
      "<group name=\"x,mitre_T9999,mitre_T1110.777,\"><rule id=\"201\" level=\"3\"><if_sid>1</if_sid>"
      "<match>x</match><description>d</description></rule></group>");
  const auto matrix = attack_matrix(rules_that_fit(ruleset->tree(), {}));
  std::string shown;
  for (const AttackColumn& column : matrix) {
    shown += column.name + ":";
    for (const AttackRow& row : column.techniques) {
      shown += " " + row.id + "(" + row.name + ")";
      for (const rules::Rule* rule : row.rules) shown += "," + std::to_string(rule->info.id);
    }
    shown += "\n";
  }
  EXPECT_EQ(shown,
            "Initial Access: T1078(Valid Accounts),101\n"
            "Persistence: T1078(Valid Accounts),101\n"
            "Privilege Escalation: T1078(Valid Accounts),101\n"
            "Defense Evasion: T1078(Valid Accounts),101\n"
            "Credential Access: T1110.001(Brute Force: Password Guessing),102,103 T1110.777(Brute Force: sub-technique "
            "777),201\n"
            "not in the table: T9999(),201\n");
}

}  // namespace
}  // namespace gander::ruletools
