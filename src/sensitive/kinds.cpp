#include "sensitive/kinds.h"

#include <array>

namespace gander::sensitive {
namespace {

constexpr std::array<std::string_view, kKindCount> kWords = {"card", "iban", "ssn", "key", "token", "password"};
constexpr std::string_view kBetween = "|, \t\r\n";

}  // namespace

std::string_view word_of(Kind kind) {
  return kWords[static_cast<size_t>(kind)];
}

std::optional<Kind> kind_from(std::string_view word) {
  for (size_t i = 0; i < kKindCount; ++i) {
    if (kWords[i] == word) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

std::optional<KindSet> parse_kinds(std::string_view text, std::string& wrong) {
  KindSet set;
  wrong.clear();
  for (size_t at = text.find_first_not_of(kBetween); at != std::string_view::npos;) {
    const size_t end = std::min(text.find_first_of(kBetween, at), text.size());
    const std::string_view word = text.substr(at, end - at);
    const std::optional<Kind> kind = kind_from(word);
    if (!kind) {
      wrong = word;
      return std::nullopt;
    }
    set.add(*kind);
    at = text.find_first_not_of(kBetween, end);
  }
  if (set.empty()) return std::nullopt;
  return set;
}

std::string words_of(KindSet kinds) {
  std::string out;
  for (size_t i = 0; i < kKindCount; ++i) {
    if (!kinds.has(static_cast<Kind>(i))) continue;
    if (!out.empty()) out += '|';
    out += kWords[i];
  }
  return out;
}

}  // namespace gander::sensitive
