// Random rule sets and events from a grammar over every kind of test that a rule can make, for comparing the fast walk
// with the traced one.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gander::engine::testing {

// Decoders that fill every field the rules ask for.
extern const char* const kDecoders;

struct NamedText {
  std::string name;
  std::string text;
};

class Grammar {
 public:
  // `choices` (may be empty) are used up first, a byte each, then the seed decides.
  explicit Grammar(uint32_t seed, std::string_view choices = {}) : random_(seed), choices_(choices) {}

  // A rule file of `rules` rules below the roots 1-7, composites, stateful tests and lists of parents included.
  std::string rule_file(int rules);
  // Look-up lists, as text: rules/words, rules/addresses. Rules also name rules/gone, which is to be declared without
  // a file, and rules/undeclared.
  std::vector<NamedText> lists();
  // A log line that the decoders above understand, more or less; some are lines of before.
  std::string line();
  // Seconds since the line before; sometimes hours, rarely back.
  int pause();

 private:
  int below(int n);
  bool one_in(int n) { return below(n) == 0; }
  std::string word();
  // `text` with %w a word, %a an address, %n a small number, %p a port.
  std::string filled(std::string_view text);
  template <size_t N>
  std::string one_of(const char* const (&texts)[N]) {
    return filled(texts[below(static_cast<int>(N))]);
  }
  std::string parent(int id);
  std::string condition();
  std::string memory_test();
  std::string composite(int id);
  std::string attributes(int id);
  std::string rule(int id);
  std::string overwriting_rule(int id);

  std::mt19937 random_;
  std::string_view choices_;
  std::vector<std::string> lines_;  // some of those made
};

}  // namespace gander::engine::testing
