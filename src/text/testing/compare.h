// Holding a Pattern's search against its slow reference (tests and fuzzers only).
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "text/pattern.h"

namespace gander::text::testing {

inline std::string lower_ascii(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

inline bool holds_required_literal(const Pattern& pattern, std::string_view bytes) {
  const std::string lower = lower_ascii(bytes);
  const auto& words = pattern.required_literals();
  return words.empty() || std::any_of(words.begin(), words.end(),
                                      [&](const std::string& word) { return lower.find(word) != std::string::npos; });
}

inline bool holds_folding_letter(std::string_view bytes) {
  return bytes.find("\xE2\x84\xAA") != std::string_view::npos || bytes.find("\xC5\xBF") != std::string_view::npos;
}

// What differs between the ways to ask, nullopt when nothing does or when a limit cut a search short.
inline std::optional<std::string> difference(const Pattern& pattern, std::string_view bytes, MatchContext& context) {
  const Subject subject = Subject::of(bytes);
  Match fast;
  Match slow;
  const uint64_t limits = context.limit_hits();
  const bool matches = pattern.matches(subject, context);
  const bool found = pattern.search(subject, context, fast);
  const bool expected = pattern.search_slow(subject, context, slow);
  if (context.limit_hits() != limits) return std::nullopt;
  if (matches != found) return "matches() and search() disagree";
  if (found != expected) return found ? "only the fast search matches" : "only the slow search matches";
  if (!found) return std::nullopt;
  if (fast.begin != slow.begin || fast.end != slow.end) return "the fast search matches elsewhere";
  if (fast.captures != slow.captures) return "the captures differ";
  const bool folds = subject.encoding == Encoding::Utf8 && holds_folding_letter(bytes);
  if (!folds && !holds_required_literal(pattern, bytes)) return "a match without a required literal";
  return std::nullopt;
}

}  // namespace gander::text::testing
