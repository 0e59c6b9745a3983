#include "decode/json_text.h"

#include <cstdint>
#include <optional>

#include "base/utf8.h"

namespace gander::decode {
namespace {

bool is_control(char32_t c) {
  return c < 0x20 || c == 0x7f;
}

void append_utf8(std::string& out, char32_t c) {
  if (is_control(c)) return;
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | (c >> 6));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | (c >> 12));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (c >> 18));
    out += static_cast<char>(0x80 | ((c >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((c >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (c & 0x3F));
  }
}

// The number of a `\uXXXX` at text[at].
std::optional<char32_t> code_unit(std::string_view text, size_t at) {
  if (text.size() - at < 6 || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  char32_t value = 0;
  for (size_t i = at + 2; i < at + 6; ++i) {
    const char c = text[i];
    const char lower = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<char32_t>(c - '0');
    } else if (lower >= 'a' && lower <= 'f') {
      value = value * 16 + static_cast<char32_t>(lower - 'a' + 10);
    } else {
      return std::nullopt;
    }
  }
  return value;
}

// The character of an escape of two bytes; 0 when there is none. Those for control characters give nothing.
size_t append_short_escape(std::string& out, char c) {
  constexpr std::string_view kSame = "\"\\/";
  constexpr std::string_view kControls = "bfnrt";
  if (kSame.find(c) != std::string_view::npos) {
    out += c;
    return 2;
  }
  return kControls.find(c) != std::string_view::npos ? 2 : 0;
}

// Bytes that the escape at text[at] takes; 0 when it is none.
size_t append_escape(std::string& out, std::string_view text, size_t at) {
  if (at + 1 < text.size() && text[at + 1] != 'u') return append_short_escape(out, text[at + 1]);
  const auto unit = code_unit(text, at);
  if (!unit) return 0;
  const bool high = *unit >= 0xD800 && *unit < 0xDC00;
  const bool low = *unit >= 0xDC00 && *unit < 0xE000;
  if (high) {
    const auto second = code_unit(text, at + 6);
    if (second && *second >= 0xDC00 && *second < 0xE000) {
      append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10) + (*second - 0xDC00));
      return 12;
    }
  }
  if (high || low)
    out += base::kReplacement;
  else
    append_utf8(out, *unit);
  return 6;
}

}  // namespace

void append_unquoted(std::string& out, std::string_view quoted) {
  for (size_t i = 1; i < quoted.size() && quoted[i] != '"';) {
    const size_t taken = quoted[i] == '\\' ? append_escape(out, quoted, i) : 0;
    if (taken != 0) {
      i += taken;
      continue;
    }
    if (!is_control(static_cast<unsigned char>(quoted[i]))) out += quoted[i];
    ++i;
  }
}

bool is_json_number(std::string_view text) {
  size_t i = 0;
  const auto digits = [&] {
    const size_t begin = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') ++i;
    return i > begin;
  };
  if (i < text.size() && text[i] == '-') ++i;
  const bool zero = i < text.size() && text[i] == '0';
  const size_t begin = i;
  if (!digits() || (zero && i - begin > 1)) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (!digits()) return false;
  }
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    if (!digits()) return false;
  }
  return i == text.size();
}

}  // namespace gander::decode
