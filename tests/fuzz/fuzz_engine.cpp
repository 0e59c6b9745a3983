// Random rules and events through the fast engine and the slow reference: they must decide alike. The first byte
// chooses the policy of correlation, the next four are a seed; the others choose in the grammar of
// src/engine/testing/random_rules.h, and when they are used up the seed goes on.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "engine/testing/fast_and_traced.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gander::engine;
  static const testing::Folder kFolder;
  if (size < 5) return 0;
  uint32_t seed = 0;
  for (size_t i = 1; i < 5; ++i) seed = seed << 8 | data[i];
  testing::Grammar grammar(seed, {reinterpret_cast<const char*>(data) + 5, size - 5});
  const auto policy = (data[0] & 1) != 0 ? CorrelationPolicy::Compat : CorrelationPolicy::Keyed;
  const testing::Outcome outcome = testing::compare(grammar, kFolder, policy, 8 + data[0] % 40, 150);
  if (outcome.difference.empty()) return 0;
  std::fprintf(stderr, "%s\n%s", outcome.rules.c_str(), outcome.difference.c_str());
  std::abort();
}
