// Kind: what sort of thing must not lie about; KindSet: those that are looked for.
//
// Threads: values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gander::sensitive {

enum class Kind : uint8_t { Card, Iban, Ssn, Key, Token, Password };
constexpr size_t kKindCount = 6;

// "card", "iban", "ssn", "key", "token", "password".
std::string_view word_of(Kind kind);
std::optional<Kind> kind_from(std::string_view word);

class KindSet {
 public:
  static constexpr KindSet all() { return KindSet((1U << kKindCount) - 1); }
  constexpr KindSet() = default;

  constexpr bool has(Kind kind) const { return (bits_ >> static_cast<unsigned>(kind) & 1U) != 0; }
  constexpr void add(Kind kind) { bits_ |= 1U << static_cast<unsigned>(kind); }
  constexpr bool empty() const { return bits_ == 0; }
  constexpr unsigned bits() const { return bits_; }
  bool operator==(const KindSet&) const = default;

 private:
  constexpr explicit KindSet(unsigned bits) : bits_(bits) {}
  unsigned bits_ = 0;
};

// "card|iban" or "card, iban"; `wrong` is the first word that is no kind (empty: the text names none).
std::optional<KindSet> parse_kinds(std::string_view text, std::string& wrong);
// "card|iban", as parse_kinds() reads it.
std::string words_of(KindSet kinds);

}  // namespace gander::sensitive
