// Random rule sets and events from a small grammar, for comparing the fast walk with the traced one.
#pragma once

#include <random>
#include <string>
#include <vector>

namespace gander::engine::testing {

// Decoders that fill every field the rules ask for: "app: k=v …" lines of program `app`, and `PLAIN` lines without one.
extern const char* const kDecoders;

class Grammar {
 public:
  explicit Grammar(uint32_t seed) : random_(seed) {}

  // A rule file of `rules` rules below the roots 1-4, composites, stateful tests and lists of parents included.
  std::string rule_file(int rules);
  // A log line that the decoders above understand, more or less.
  std::string line();
  // Seconds since the line before.
  int pause();

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<uint32_t>(n)); }
  bool one_in(int n) { return below(n) == 0; }
  std::string word();
  std::string parent(int id);
  std::string condition();
  std::string composite(int id);
  std::string rule(int id);

  std::mt19937 random_;
};

}  // namespace gander::engine::testing
