// Classes of bytes, without locale.
#pragma once

#include <cstdint>
#include <string_view>

namespace gander::sensitive {

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool is_letter(char c) {
  return is_upper(c) || is_lower(c);
}
constexpr bool is_alnum(char c) {
  return is_letter(c) || is_digit(c);
}
constexpr bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
// The byte at a place; 0 outside.
constexpr char byte_at(std::string_view text, size_t at) {
  return at < text.size() ? text[at] : '\0';
}
constexpr char byte_before(std::string_view text, size_t at) {
  return at > 0 ? text[at - 1] : '\0';
}
constexpr bool same_word(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}
// `word` (lower case) anywhere in `text`, without case.
constexpr bool holds_word(std::string_view text, std::string_view word) {
  for (size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (same_word(text.substr(at, word.size()), word)) return true;
  }
  return false;
}

}  // namespace gander::sensitive
