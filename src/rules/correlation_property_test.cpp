// Random rules and messages: the fast correlations give what their slow references give.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rules/testing/keyed_reference.h"
#include "rules/testing/random_scene.h"

namespace gander::rules {
namespace {

using testing::Dice;
using testing::Message;
using testing::RandomRules;
using testing::RandomStream;
using testing::Scene;
using testing::Verdict;

std::string shown(const Verdict& v) {
  std::string text = std::to_string(v.rule);
  for (const std::string& line : v.lines) text += " [" + line + "]";
  for (const std::string& note : v.notes) text += " {" + note + "}";
  return text;
}

// Every message gets the same verdict from both; false at the first that does not.
bool agree(const RandomRules& random, const RandomStream& stream, const testing::MakeCorrelation& one,
           const testing::MakeCorrelation& other, const CorrelationLimits& limits, uint32_t seed) {
  Scene first(random.rules, one, limits);
  Scene second(random.rules, other, limits);
  for (size_t i = 0; i < stream.messages.size(); ++i) {
    const Verdict a = first.decide(stream.messages[i]);
    const Verdict b = second.decide(stream.messages[i]);
    if (a == b) continue;
    ADD_FAILURE() << "seed " << seed << " message " << i << ": " << shown(a) << " against " << shown(b);
    return false;
  }
  return true;
}

TEST(CorrelationProperty, CompatIsEqualToTheSlowReference) {
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    Dice dice(seed);
    const RandomRules random(dice, RandomRules::Kinds::All);
    const RandomStream stream(dice, dice.one_in(2) ? RandomStream::Times::Any : RandomStream::Times::NeverBack,
                              RandomStream::Sources::Many, 120);
    CorrelationLimits limits;
    limits.sid_prev_matched_max = dice.of<int>({4, 16, 128});
    limits.memory_size = dice.of<int>({12, 25, 60, 8192});
    if (!agree(random, stream, make_compat_correlation_slow, make_compat_correlation, limits, seed)) return;
  }
}

// On one source counting per key changes nothing.
TEST(CorrelationProperty, KeyedIsEqualToCompatOnOneSource) {
  for (uint32_t seed = 1; seed <= 1000; ++seed) {
    Dice dice(seed);
    const RandomRules random(dice, RandomRules::Kinds::OneSourceEqual);
    const RandomStream stream(dice, RandomStream::Times::NeverBack, RandomStream::Sources::One, 120);
    if (!agree(random, stream, make_compat_correlation, make_keyed_correlation, {}, seed)) return;
  }
}

TEST(CorrelationProperty, KeyedIsEqualToItsSlowReference) {
  for (uint32_t seed = 1; seed <= 500; ++seed) {
    Dice dice(seed);
    const RandomRules random(dice, RandomRules::Kinds::All);
    const bool any_time = dice.one_in(2);
    const RandomStream stream(dice, any_time ? RandomStream::Times::Any : RandomStream::Times::NeverBack,
                              RandomStream::Sources::Many, any_time ? 120 : 700);
    if (!agree(random, stream, testing::make_keyed_reference, make_keyed_correlation, {}, seed)) return;
    if (!any_time) seed += 8;
  }
}

// More windows for a key than one record has room for.
TEST(CorrelationProperty, KeyedIsEqualToItsSlowReferenceWithManyComposites) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    Dice dice(seed);
    const RandomRules random(dice, RandomRules::Kinds::All, 30 + dice.below(60));
    const RandomStream stream(dice, dice.one_in(2) ? RandomStream::Times::Any : RandomStream::Times::NeverBack,
                              RandomStream::Sources::Many, 150);
    if (!agree(random, stream, testing::make_keyed_reference, make_keyed_correlation, {}, seed)) return;
  }
}

// What an object of the same rules took over in the middle of a stream is all that it needs.
void expect_the_same_after_taking_over(const testing::MakeCorrelation& make, uint32_t seed) {
  Dice dice(seed);
  const RandomRules random(dice, RandomRules::Kinds::All, 2 + dice.below(20));
  const RandomStream stream(dice, RandomStream::Times::NeverBack, RandomStream::Sources::Many, 200);
  Scene whole(random.rules, make);
  Scene before(random.rules, make);
  Scene after(random.rules, make);
  const size_t taken = 50 + static_cast<size_t>(dice.below(100));
  for (size_t i = 0; i < stream.messages.size(); ++i) {
    if (i == taken) {
      after.correlation().take_over(before.correlation(), RuleMap(random.rules.tree, random.rules.tree));
    }
    const Verdict expected = whole.decide(stream.messages[i]);
    const Verdict got = (i < taken ? before : after).decide(stream.messages[i]);
    ASSERT_EQ(expected, got) << "seed " << seed << " message " << i << " taken over at " << taken << ": "
                             << shown(expected) << " against " << shown(got);
  }
}

TEST(CorrelationProperty, TakingOverChangesNothing) {
  for (uint32_t seed = 1; seed <= 100 && !::testing::Test::HasFailure(); ++seed) {
    {
      SCOPED_TRACE("keyed");
      expect_the_same_after_taking_over(make_keyed_correlation, seed);
    }
    SCOPED_TRACE("compat");
    expect_the_same_after_taking_over(make_compat_correlation, seed);
  }
}

}  // namespace
}  // namespace gander::rules
