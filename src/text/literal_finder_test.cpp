#include "text/literal_finder.h"

#include <gtest/gtest.h>

#include <random>

#include "text/literal_set.h"
#include "text/testing/compare.h"

namespace gander::text {
namespace {

std::string random_text(std::mt19937& random, size_t most) {
  constexpr std::string_view kLetters = "aAbBqQ \xC3";
  std::string out;
  for (size_t n = random() % (most + 1); n > 0; --n) out += kLetters[random() % kLetters.size()];
  return out;
}

TEST(LiteralFinder, FindsWhatTheStandardLibraryFinds) {
  std::mt19937 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const std::string literal = random_text(random, 4);
    const std::string text = random_text(random, 40);
    ASSERT_EQ(LiteralFinder(literal).find(text), testing::lower_ascii(text).find(testing::lower_ascii(literal)))
        << "[" << literal << "] in [" << text << "]";
  }
}

TEST(LiteralSet, ReportsEveryLiteralThatOccurs) {
  const std::vector<std::string> literals = {"failed", "root", "a", std::string("x\0y", 3), "ssh", "not there"};
  const LiteralSet set(literals);
  ASSERT_TRUE(set.usable());
  std::mt19937 random(2);
  for (int i = 0; i < 500; ++i) {
    std::string text = random_text(random, 30);
    for (const std::string& literal : literals) {
      if (random() % 3 == 0) text.insert(random() % (text.size() + 1), literal);
    }
    if (i == 0) text.clear();
    std::vector<bool> seen(literals.size());
    set.scan(
        text, [](void* context, uint32_t number) { (*static_cast<std::vector<bool>*>(context))[number] = true; },
        &seen);
    for (size_t n = 0; n < literals.size(); ++n) {
      ASSERT_EQ(seen[n], testing::lower_ascii(text).find(literals[n]) != std::string::npos) << text;
    }
  }
}

TEST(LiteralSet, FindsWhatTheSlowSearchFinds) {
  std::mt19937 random(3);
  const auto note = [](void* context, uint32_t number) { (*static_cast<std::vector<bool>*>(context))[number] = true; };
  for (int round = 0; round < 400; ++round) {
    // Sets of long literals only leave out more places than others.
    const size_t shortest = 1 + random() % 8;
    std::vector<std::string> literals;
    // Many that share their beginnings are told apart by more than those.
    const bool alike = round % 4 == 0;
    for (size_t n = 1 + random() % (alike ? 300 : 30); n > 0; --n) {
      std::string literal = alike ? (random() % 2 == 0 ? "password " : "passing by ") : "";
      while (literal.size() < shortest) literal += testing::lower_ascii(random_text(random, 9));
      literals.push_back(literal);
    }
    const LiteralSet set(literals);
    for (int i = 0; i < 20; ++i) {
      std::string text = random_text(random, 60);
      for (int n = 0; n < 3; ++n) text.insert(random() % (text.size() + 1), literals[random() % literals.size()]);
      std::vector<bool> fast(literals.size());
      std::vector<bool> slow(literals.size());
      set.scan(text, note, &fast);
      set.scan_slow(text, note, &slow);
      ASSERT_EQ(fast, slow) << "round " << round << ": " << text;
    }
  }
}

TEST(LiteralSet, NothingToLookForIsNotUsable) {
  EXPECT_FALSE(LiteralSet(std::vector<std::string>{}).usable());
}

}  // namespace
}  // namespace gander::text
