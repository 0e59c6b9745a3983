#include "sensitive/base64_text.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "sensitive/chars.h"

namespace gander::sensitive {
int base64_value(char c) noexcept {
  if (is_upper(c)) return c - 'A';
  if (is_lower(c)) return c - 'a' + 26;
  if (is_digit(c)) return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  if (c == '/' || c == '_') return 63;
  return -1;
}

size_t decode_base64(std::string_view text, char* out, size_t room) noexcept {
  uint32_t bits = 0;
  int have = 0;
  size_t count = 0;
  for (const char c : text) {
    const int six = base64_value(c);
    if (six < 0 || count == room) break;
    bits = (bits << 6 | static_cast<uint32_t>(six)) & 0xFFFFFF;
    have += 6;
    if (have < 8) continue;
    have -= 8;
    out[count++] = static_cast<char>(bits >> have & 0xFF);
  }
  return count;
}

char next_letter(std::string_view text, size_t& at) noexcept {
  constexpr std::string_view kBetween = "\n\r \t\"',";
  while (at < text.size()) {
    const char c = text[at];
    if (c == '\\' && (byte_at(text, at + 1) == 'n' || byte_at(text, at + 1) == 'r')) {
      at += 2;
      continue;
    }
    if (c != '-' && c != '_' && (c == '=' || base64_value(c) >= 0)) {
      ++at;
      return c;
    }
    if (kBetween.find(c) == std::string_view::npos) return 0;
    ++at;
  }
  return 0;
}

double entropy(std::string_view text) noexcept {
  text = text.substr(0, 256);
  if (text.empty()) return 0;
  std::array<uint16_t, 256> counts{};
  for (const char c : text) ++counts[static_cast<uint8_t>(c)];
  double sum = 0;
  for (const uint16_t n : counts) {
    if (n == 0) continue;
    const double p = static_cast<double>(n) / static_cast<double>(text.size());
    sum -= p * std::log2(p);
  }
  return sum;
}

uint32_t crc32(std::string_view text) noexcept {
  uint32_t crc = 0xFFFFFFFF;
  for (const char c : text) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
  }
  return ~crc;
}

}  // namespace gander::sensitive
