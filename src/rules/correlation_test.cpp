// The worked sequences of OSSEC 4.3 (each also a golden case), on every correlation.

#include "rules/correlation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/testing/correlation_scene.h"

namespace gander::rules {
namespace {

using ::testing::ElementsAre;
using testing::Field;
using ::testing::IsEmpty;
using testing::Message;
using testing::Scene;
using testing::SceneRules;
using ::testing::SizeIs;
using testing::Verdict;

constexpr int64_t kStart = 1'709'632'800;

struct Policy {
  std::string name;
  testing::MakeCorrelation make;
};

const Policy kSlow{"slow", make_compat_correlation_slow};
const Policy kCompat{"compat", make_compat_correlation};
const Policy kKeyed{"keyed", make_keyed_correlation};

// `count` messages of one base rule, `step` seconds apart, with the values of one field in turn.
std::vector<Message> messages(size_t count, int64_t step = 1, Field field = Field::SrcIp,
                              const std::vector<std::string>& values = {"1.1.1.1"}) {
  std::vector<Message> all;
  for (size_t i = 0; i < count; ++i) {
    Message m;
    m.time = kStart + static_cast<int64_t>(i) * step;
    m.log = "n=" + std::to_string(i + 1);
    m.fields = {{field, values[i % values.size()]}};
    all.push_back(m);
  }
  return all;
}

// 1-based places of the messages that rule `id` decided.
std::vector<size_t> places(const std::vector<RuleId>& decided, RuleId id) {
  std::vector<size_t> found;
  for (size_t i = 0; i < decided.size(); ++i) {
    if (decided[i] == id) found.push_back(i + 1);
  }
  return found;
}

std::vector<Verdict> verdicts(Scene& scene, const std::vector<Message>& all) {
  std::vector<Verdict> found;
  for (const Message& m : all) found.push_back(scene.decide(m));
  return found;
}

// On one source every policy gives what OSSEC 4.3 gives.
class OneSource : public ::testing::TestWithParam<Policy> {
 protected:
  std::vector<size_t> fired(const SceneRules& rules, const std::vector<Message>& all, RuleId id) {
    Scene scene(rules, GetParam().make);
    return places(scene.decide_all(all), id);
  }
};

TEST_P(OneSource, FrequencyOneFiresOnTheThird) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 1);
  EXPECT_THAT(fired(rules, messages(8), 101), ElementsAre(3, 6));
}

TEST_P(OneSource, NoFrequencyFiresOnTheSecond) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 0);
  EXPECT_THAT(fired(rules, messages(6), 101), ElementsAre(2, 4, 6));
}

TEST_P(OneSource, FrequencyTwo) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 2);
  EXPECT_THAT(fired(rules, messages(13), 101), ElementsAre(4, 8, 12));
}

TEST_P(OneSource, FrequencySix) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 6);
  EXPECT_THAT(fired(rules, messages(17), 101), ElementsAre(8, 16));
}

TEST_P(OneSource, GroupOfTwoRulesAlternating) {
  SceneRules rules;
  rules.add(100, 5);
  rules.add(110, 5);
  rules.group(101, 10, {100, 110}, 2);
  auto all = messages(13);
  for (size_t i = 1; i < all.size(); i += 2) all[i].base = 110;
  Scene scene(rules, GetParam().make);
  const auto found = verdicts(scene, all);
  std::vector<RuleId> decided;
  for (const Verdict& v : found) decided.push_back(v.rule);
  EXPECT_THAT(places(decided, 101), ElementsAre(4, 8, 12));
  EXPECT_THAT(found[3].lines, ElementsAre("n=3", "n=2"));
}

TEST_P(OneSource, HigherLevelIgnoresLowerMarks) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 1);
  rules.sid(102, 12, 100, 3);
  EXPECT_THAT(fired(rules, messages(14), 101), ElementsAre(3, 9));
  EXPECT_THAT(fired(rules, messages(14), 102), ElementsAre(6, 12));
}

TEST_P(OneSource, CompositeOverComposite) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 0, 60);
  rules.sid(102, 14, 101, 1, 300);
  EXPECT_THAT(fired(rules, messages(14, 2), 101), ElementsAre(2, 4, 8, 10, 14));
  EXPECT_THAT(fired(rules, messages(14, 2), 102), ElementsAre(6, 12));
}

TEST_P(OneSource, ChildOfACompositeShowsItsLines) {
  SceneRules rules;
  rules.add(100, 5);
  Rule& many = rules.sid(101, 10, 100, 1);
  Rule& root = rules.add(102, 13);
  rules.below(101, root);
  root.line_store = &many;
  Scene scene(rules, GetParam().make);
  const auto found = verdicts(scene, messages(3));
  EXPECT_EQ(found[2].rule, 102);
  EXPECT_THAT(found[2].lines, ElementsAre("n=2", "n=1"));
}

TEST_P(OneSource, AtMostElevenLines) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 14, 600);
  Scene scene(rules, GetParam().make);
  const auto found = verdicts(scene, messages(16));
  EXPECT_EQ(found[15].rule, 101);
  EXPECT_THAT(found[15].lines, SizeIs(11));
  EXPECT_EQ(found[15].lines.front(), "n=15");
}

TEST_P(OneSource, AgeEqualToTheTimeframeIsInside) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 0, 30);
  EXPECT_THAT(fired(rules, messages(4, 30), 101), ElementsAre(2, 4));
  EXPECT_THAT(fired(rules, messages(4, 31), 101), IsEmpty());
}

TEST_P(OneSource, CompositeOfLevelZeroNeverMatches) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 0, 100, 0);
  EXPECT_THAT(fired(rules, messages(6), 101), IsEmpty());
}

TEST_P(OneSource, MissingFieldNeverCounts) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 0).context.same_user = true;
  EXPECT_THAT(fired(rules, messages(6), 101), IsEmpty());
}

TEST_P(OneSource, SilentRulesAreNotCounted) {
  SceneRules rules;
  rules.add(100, 0).silent = true;
  rules.sid(101, 10, 100, 0);
  EXPECT_THAT(fired(rules, messages(6), 101), IsEmpty());
}

TEST_P(OneSource, CompositeFeedsItsOwnGroup) {
  SceneRules rules;
  rules.add(100, 5);
  Rule& many = rules.group(101, 10, {100}, 1);
  many.feeds_groups.push_back({&many, 1});
  EXPECT_THAT(fired(rules, messages(9), 101), ElementsAre(3, 6, 9));
}

TEST_P(OneSource, UnknownSidIsNotedEachTime) {
  SceneRules rules;
  rules.add(100, 5);
  Rule& rule = rules.composite(101, 10, Composite::Sid, 0, 60);
  rule.matched_sid = 999;
  rule.matched_sid_unknown = true;
  rules.below(100, rule);
  Scene scene(rules, GetParam().make);
  for (const Verdict& v : verdicts(scene, messages(3))) {
    EXPECT_EQ(v.rule, 100);
    EXPECT_THAT(v.notes, ElementsAre("ossec-analysisd: ERROR: No sid search."));
  }
}

TEST_P(OneSource, RegexOfAnotherCategoryDoesNotCount) {
  SceneRules rules;
  rules.add(100, 5);
  rules.regex(101, 10, 100, 1);
  auto all = messages(4);
  all[1].category = model::Category::Firewall;
  EXPECT_THAT(fired(rules, all, 101), ElementsAre(4));
}

TEST_P(OneSource, CheckDiffLinesBelongToTheEvent) {
  SceneRules rules;
  Rule& rule = rules.add(100, 5);
  const auto correlation = GetParam().make(rules.tree, {});
  model::Event event;
  correlation->begin(event);
  {
    const std::string text = "before";
    correlation->set_lines(rule, "Previous output:", text);
  }
  const auto lines = correlation->lines(rule);
  EXPECT_THAT(std::vector<std::string_view>(lines.begin(), lines.end()), ElementsAre("Previous output:", "before"));
  correlation->begin(event);
  EXPECT_TRUE(correlation->lines(rule).empty());
}

INSTANTIATE_TEST_SUITE_P(Policies, OneSource, ::testing::Values(kSlow, kCompat, kKeyed),
                         [](const auto& each) { return each.param.name; });

// What only the compatible policies do.
class Compat43 : public OneSource {};

TEST_P(Compat43, FiringForOneAddressCutsOffOthers) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 1, 60).context.same_source_ip = true;
  EXPECT_THAT(fired(rules, messages(12, 2, Field::SrcIp, {"10.0.0.0", "10.0.0.1"}), 101), ElementsAre(5, 10));
}

TEST_P(Compat43, ThreeAddressesInTurn) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 2, 30).context.same_source_ip = true;
  EXPECT_THAT(fired(rules, messages(30, 1, Field::SrcIp, {"10.0.0.0", "10.0.0.1", "10.0.0.2"}), 101),
              ElementsAre(10, 20, 30));
}

TEST_P(Compat43, SameUser) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 1).context.same_user = true;
  EXPECT_THAT(fired(rules, messages(9, 1, Field::DstUser, {"eve", "bob", "bob"}), 101), ElementsAre(5, 9));
}

TEST_P(Compat43, DifferentUrlDiffersFromTheCurrentOnly) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 1).context.different_url = true;
  EXPECT_THAT(fired(rules, messages(3, 1, Field::Url, {"/a", "/a", "/b"}), 101), ElementsAre(3));
}

TEST_P(Compat43, DifferentAddressHasNoEffect) {
  SceneRules rules;
  rules.add(100, 5);
  rules.sid(101, 10, 100, 1).context.different_srcip = true;
  EXPECT_THAT(fired(rules, messages(3), 101), ElementsAre(3));
}

TEST_P(Compat43, SidListIsLimited) {
  for (const int frequency : {15, 16}) {
    SceneRules rules;
    rules.add(100, 5);
    rules.sid(101, 10, 100, frequency, 600);
    Scene scene(rules, GetParam().make, {.sid_prev_matched_max = 16});
    const auto found = places(scene.decide_all(messages(40)), 101);
    EXPECT_EQ(found.empty(), frequency == 16);
  }
}

TEST_P(Compat43, SidListGoesBeforeGroupLists) {
  SceneRules rules;
  rules.add(100, 5);
  rules.group(102, 9, {100}, 0);
  rules.sid(101, 10, 100, 2);
  EXPECT_THAT(fired(rules, messages(13), 102), IsEmpty());
}

TEST_P(Compat43, EachPlaceOfARuleCounts) {
  SceneRules rules;
  rules.add(100, 5);
  rules.group(101, 10, {100}, 3);
  rules.tree.by_id.at(100)->feeds_groups[0].times = 2;
  Scene scene(rules, GetParam().make);
  const auto found = verdicts(scene, messages(3));
  EXPECT_EQ(found[2].rule, 101);
  EXPECT_THAT(found[2].lines, ElementsAre("n=2", "n=2", "n=1"));
}

TEST_P(Compat43, SharedLineStoreShowsTheLatestUnsuccessfulSearch) {
  SceneRules rules;
  rules.add(100, 5);
  rules.add(110, 5);
  Rule& many = rules.sid(101, 10, 100, 5);
  Rule& child = rules.add(102, 3);
  child.line_store = &many;
  rules.below(101, child);
  rules.below(110, child);
  auto all = messages(4);
  all[3].base = 110;
  Scene scene(rules, GetParam().make);
  const auto found = verdicts(scene, all);
  EXPECT_EQ(found[3].rule, 102);
  EXPECT_THAT(found[3].lines, ElementsAre("n=2", "n=1"));
}

TEST_P(Compat43, GlobalMemoryForgetsTenAtLeast) {
  SceneRules rules;
  rules.add(100, 5);
  rules.group(101, 10, {100}, 12, 6000);
  Scene scene(rules, GetParam().make, {.memory_size = 20});
  // The largest frequency counts as seconds: when the memory overflows, all but the newest is older than 12 s.
  EXPECT_THAT(places(scene.decide_all(messages(60, 100)), 101), ElementsAre(14, 34, 54));
}

INSTANTIATE_TEST_SUITE_P(Policies, Compat43, ::testing::Values(kSlow, kCompat),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace gander::rules
