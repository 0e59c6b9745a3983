#include "base/arena.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace gander::base {
namespace {

TEST(Arena, CopiesStayUntilReset) {
  Arena arena;
  std::vector<std::string_view> views;
  std::vector<std::string> texts;
  for (size_t i = 0; i < 400; ++i) {
    texts.push_back(std::string(i * 7 % 300, static_cast<char>('a' + i % 26)));
    views.push_back(arena.copy(texts.back()));
  }
  const Arena moved = std::move(arena);
  for (size_t i = 0; i < views.size(); ++i) EXPECT_EQ(views[i], texts[i]);
}

TEST(Arena, EmptyTextsAreSetNotNull) {
  Arena arena;
  EXPECT_NE(arena.copy("").data(), nullptr);
  EXPECT_NE(arena.allocate(0), nullptr);
}

TEST(Arena, IsUsedAgainAfterReset) {
  Arena arena;
  const char* const first = arena.allocate(100);
  arena.reset();
  EXPECT_EQ(arena.allocate(100), first);
}

TEST(Arena, HoldsWhatIsLargerThanABlock) {
  Arena arena;
  for (int round = 0; round < 5; ++round) {
    const std::string large(3 << 20, 'x');
    const std::string_view small = arena.copy("small");
    EXPECT_EQ(arena.copy(large), large);
    EXPECT_EQ(small, "small");
    arena.reset();
  }
}

}  // namespace
}  // namespace gander::base
