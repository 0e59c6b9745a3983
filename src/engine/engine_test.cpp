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

constexpr const char* kSensitiveRules = R"(<group name="base,">
<rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule></group>
<group name="t,">
<rule id="100" level="5"><match>login</match><description>seen</description></rule>
<rule id="101" level="5"><match>pay</match><sensitive>card</sensitive><description>a card</description></rule>
<rule id="102" level="6"><if_sid>101</if_sid><match>twice</match><description>below</description></rule>
<rule id="103" level="7" frequency="2" timeframe="60"><if_matched_sid>101</if_matched_sid><same_user/>
<description>cards</description></rule>
<rule id="104" level="3"><match>pay</match><description>none</description></rule></group>)";

// What the alerts of `lines` show: "RULE LOG [URL] previous…", by the fast engine and by the traced one.
std::vector<std::string> shown_alerts(const std::vector<std::string>& lines, sensitive::KindSet always) {
  struct Silent final : TraceSink {
    void trying(const rules::Rule&) override {}
    void failed(const rules::Rule&, const rules::Condition&, const model::Event&) override {}
    void failed(const rules::Rule&, std::string_view) override {}
    void matched(const rules::Rule&) override {}
    void trying_children() override {}
    void note(std::string_view) override {}
  };
  const Folder folder;
  const auto ruleset = load(folder, kSensitiveRules, model::Compat::Mended);
  std::vector<std::string> both[2];
  for (const bool traced : {false, true}) {
    model::MemoryStateStore state;
    EngineOptions options = options_for(CorrelationPolicy::Keyed);
    options.masked = always;
    Engine engine(ruleset, options, state);
    Worker worker(model::Compat::Mended);
    Silent silent;
    for (const std::string& line : lines) {
      Prepared p;
      engine.prepare(line, "stdin", base::from_unix(1709632800), worker, p);
      const Decision& d = traced ? engine.decide_traced(p, silent) : engine.decide(p);
      if (!d.alert) continue;
      std::string out = std::to_string(d.rule->info.id) + " " + std::string(p.event.full_log.substr(24));
      if (p.event.has(model::Field::Url)) out += " [" + std::string(p.event.field(model::Field::Url)) + "]";
      for (const std::string_view previous : d.alert_data.previous) out += "; " + std::string(previous.substr(24));
      both[traced ? 1 : 0].push_back(out);
    }
  }
  EXPECT_EQ(both[0], both[1]);
  return both[0];
}

using Texts = std::vector<std::string>;
constexpr const char* kHead = "Mar  5 10:00:00 h1 app: ";

TEST(Engine, ARuleAsksForSensitiveDataAndItsAlertIsMasked) {
  EXPECT_EQ(
      shown_alerts({std::string(kHead) + "pay 4111111111111111", std::string(kHead) + "pay 4111111111111112",
                    std::string(kHead) + "pay twice 4111111111111111 password=q8Zkw2vv"},
                   {}),
      (Texts{"101 pay 4111********1111", "104 pay 4111111111111112", "102 pay twice 4111********1111 password=****"}));
}

TEST(Engine, OtherAlertsAreMaskedWhenTheConfigurationSaysSo) {
  const std::string line =
      std::string(kHead) + "login user=bob src=10.0.0.1 id=1 url=/x?c=4111111111111111&d=536-22-1234";
  EXPECT_EQ(shown_alerts({line}, {}),
            Texts{"100 login user=bob src=10.0.0.1 id=1 url=/x?c=4111111111111111&d=536-22-1234 "
                  "[/x?c=4111111111111111&d=536-22-1234]"});
  sensitive::KindSet cards;
  cards.add(sensitive::Kind::Card);
  EXPECT_EQ(shown_alerts({line}, cards),
            Texts{"100 login user=bob src=10.0.0.1 id=1 url=/x?c=4111********1111&d=536-22-1234 "
                  "[/x?c=4111********1111&d=536-22-1234]"});
}

// Masking comes last: events are still told apart by what was written, and the lines of earlier ones are masked, too.
TEST(Engine, WhatIsRememberedIsMaskedWhenItIsShown) {
  const Texts shown = shown_alerts(Texts(4, std::string(kHead) + "pay 4111111111111111 for bob"), {});
  ASSERT_FALSE(shown.empty());
  for (const std::string& text : shown) EXPECT_EQ(text.find("4111111111111111"), std::string::npos) << text;
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
