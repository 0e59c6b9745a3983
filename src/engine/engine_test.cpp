#include "engine/engine.h"

#include <gtest/gtest.h>

#include <memory>

#include "engine/testing/fast_and_traced.h"
#include "rules/rule_elements.h"

namespace gander::engine {
namespace {

using testing::Folder;
using testing::options_for;

std::shared_ptr<const Ruleset> load(const Folder& folder, const std::string& rules, model::Compat compat) {
  std::string errors;
  auto ruleset = testing::load(folder, rules, {}, compat, errors);
  EXPECT_EQ(errors, "");
  return ruleset;
}

class FastAndTraced : public ::testing::TestWithParam<CorrelationPolicy> {};

TEST_P(FastAndTraced, DecideAlikeOnRandomRulesAndEvents) {
  const Folder folder;
  size_t alerts = 0;
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    testing::Grammar grammar(seed);
    const testing::Outcome outcome = testing::compare(grammar, folder, GetParam(), 40, 250);
    ASSERT_EQ(outcome.difference, "") << "seed " << seed << "\n" << outcome.rules;
    alerts += outcome.alerts;
  }
  EXPECT_GT(alerts, 1000u) << "the grammar makes events that nothing matches";
}

TEST_P(FastAndTraced, ANewRulesetForgetsNothing) {
  const Folder folder;
  for (uint32_t seed = 1; seed <= 40; ++seed) {
    testing::Grammar grammar(seed);
    const testing::Outcome outcome = testing::compare_reloaded(grammar, folder, GetParam(), 30, 250);
    ASSERT_EQ(outcome.difference, "") << "seed " << seed << "\n" << outcome.rules;
  }
}

TEST(RandomRules, AskForEveryElementThatThereIs) {
  std::string rules;
  for (uint32_t seed = 1; seed <= 40; ++seed) rules += testing::Grammar(seed).rule_file(60);
  for (const rules::RuleElement& element : rules::rule_elements()) {
    const std::string tag = "<" + std::string(element.name);
    EXPECT_TRUE(rules.find(tag + ">") != std::string::npos || rules.find(tag + " ") != std::string::npos) << tag;
  }
}

INSTANTIATE_TEST_SUITE_P(Policies, FastAndTraced,
                         ::testing::Values(CorrelationPolicy::Compat, CorrelationPolicy::Keyed));

constexpr const char* kOneRule = R"(<group name="base,">
<rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule></group>
<group name="t,"><rule id="100" level="5"><match>login</match><description>seen</description></rule></group>)";

TEST(Engine, OneLineFromTextToAlert) {
  const Folder folder;
  const auto ruleset = load(folder, kOneRule, model::Compat::Mended);
  ASSERT_TRUE(ruleset);
  model::MemoryStateStore state;
  Engine engine(ruleset, options_for(CorrelationPolicy::Keyed), state);
  Worker worker(model::Compat::Mended);
  Prepared p;
  engine.prepare("Mar  5 10:00:00 h1 app: login user=bob src=10.0.0.1 id=1 url=/", "stdin", base::from_unix(1709632800),
                 worker, p);
  const Decision& d = engine.decide(p);
  ASSERT_TRUE(d.alert);
  EXPECT_EQ(d.rule->info.id, 100);
  EXPECT_EQ(d.alert_data.number, 1u);
  EXPECT_EQ(p.event.field(model::Field::SrcIp), "10.0.0.1");
  EXPECT_EQ(p.event.hostname, "h1");
}

TEST(Engine, NothingMatchesNothingIsSaid) {
  const Folder folder;
  const auto ruleset = load(folder, kOneRule, model::Compat::Mended);
  ASSERT_TRUE(ruleset);
  model::MemoryStateStore state;
  Engine engine(ruleset, options_for(CorrelationPolicy::Keyed), state);
  Worker worker(model::Compat::Mended);
  Prepared p;
  engine.prepare("harmless", "stdin", base::from_unix(1), worker, p);
  const Decision& d = engine.decide(p);
  EXPECT_EQ(d.rule, nullptr);
  EXPECT_FALSE(d.alert);
}

}  // namespace
}  // namespace gander::engine
