#include "engine/engine.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>

#include "engine/testing/random_rules.h"

namespace gander::engine {
namespace {

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "gander-engine-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path_); }

  std::string write(const std::string& name, const std::string& text) const {
    const std::string path = path_ + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

 private:
  std::string path_;
};

std::shared_ptr<const Ruleset> load(const Folder& folder, const std::string& rules, model::Compat compat) {
  RulesetFiles files;
  files.decoders.push_back({"decoder.xml", folder.write("decoder.xml", testing::kDecoders)});
  files.rules.push_back({"rules.xml", folder.write("rules.xml", rules), "rules//rules.xml"});
  RulesetOptions options;
  options.compat = compat;
  Diagnostics diagnostics;
  auto ruleset = Ruleset::load(files, options, diagnostics);
  for (const Diagnostic& d : diagnostics.entries()) {
    if (d.severity == Severity::Error) ADD_FAILURE() << render(d, Colour::Off);
  }
  return ruleset;
}

EngineOptions options_for(CorrelationPolicy policy) {
  EngineOptions options;
  options.correlation = policy;
  options.compat = policy == CorrelationPolicy::Compat ? model::Compat::Ossec43 : model::Compat::Mended;
  options.ignore = rules::IgnoreBehaviour::TestTool;
  return options;
}

class Silent final : public TraceSink {
 public:
  void trying(const rules::Rule&) override { ++tried; }
  void failed(const rules::Rule&, const rules::Condition&, const model::Event&) override {}
  void failed(const rules::Rule&, std::string_view) override {}
  void matched(const rules::Rule&) override {}
  void trying_children() override {}
  void note(std::string_view) override {}
  int tried = 0;
};

std::string shown(const Decision& d) {
  if (!d.rule) return "none";
  std::string out = std::to_string(d.rule->info.id) + (d.alert ? " alert" : " silent");
  if (d.alert) {
    out += " " + std::to_string(d.alert_data.number) + " " + std::to_string(d.alert_data.fired_times);
    for (const std::string_view line : d.alert_data.previous) out.append("|").append(line);
  }
  return out;
}

struct Line {
  std::string text;
  base::Instant time;
};

std::vector<Line> random_lines(testing::Grammar& grammar, int count) {
  std::vector<Line> lines;
  int64_t now = 1709632800;
  for (int i = 0; i < count; ++i) {
    now += grammar.pause();
    lines.push_back({grammar.line(), base::from_unix(now)});
  }
  return lines;
}

std::vector<std::string> run_fast(const std::shared_ptr<const Ruleset>& ruleset, CorrelationPolicy policy,
                                  const std::vector<Line>& lines) {
  model::MemoryStateStore state;
  Engine engine(ruleset, options_for(policy), state);
  Worker worker(options_for(policy).compat);
  // Prepared ahead of being decided, as replay does.
  std::vector<Prepared> prepared(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) engine.prepare(lines[i].text, "stdin", lines[i].time, worker, prepared[i]);
  std::vector<std::string> out;
  for (Prepared& p : prepared) out.push_back(shown(engine.decide(p)));
  return out;
}

std::vector<std::string> run_traced(const std::shared_ptr<const Ruleset>& ruleset, CorrelationPolicy policy,
                                    const std::vector<Line>& lines) {
  model::MemoryStateStore state;
  Engine engine(ruleset, options_for(policy), state);
  Worker worker(options_for(policy).compat);
  Prepared prepared;
  Silent trace;
  std::vector<std::string> out;
  for (const Line& line : lines) {
    engine.prepare(line.text, "stdin", line.time, worker, prepared);
    out.push_back(shown(engine.decide_traced(prepared, trace)));
  }
  return out;
}

class FastAndTraced : public ::testing::TestWithParam<CorrelationPolicy> {};

TEST_P(FastAndTraced, DecideAlikeOnRandomRulesAndEvents) {
  const Folder folder;
  size_t alerts = 0;
  for (uint32_t seed = 1; seed <= 120; ++seed) {
    testing::Grammar grammar(seed);
    const std::string rules = grammar.rule_file(40);
    const auto ruleset = load(folder, rules, options_for(GetParam()).compat);
    ASSERT_TRUE(ruleset) << "seed " << seed;
    const std::vector<Line> lines = random_lines(grammar, 250);
    const std::vector<std::string> fast = run_fast(ruleset, GetParam(), lines);
    const std::vector<std::string> slow = run_traced(ruleset, GetParam(), lines);
    for (size_t i = 0; i < lines.size(); ++i) {
      ASSERT_EQ(fast[i], slow[i]) << "seed " << seed << " line " << i << ": " << lines[i].text << "\n" << rules;
      if (fast[i].find("alert") != std::string::npos) ++alerts;
    }
  }
  EXPECT_GT(alerts, 1000u) << "the grammar makes events that nothing matches";
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
