#include "decode/url_text.h"

#include <algorithm>
#include <cstring>

namespace gander::decode {
namespace {

using model::Field;

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The number that `n` hexadecimal digits at `i` write; -1: there are none.
int number_at(const char* text, size_t size, size_t i, size_t n) {
  if (i + n > size) return -1;
  int value = 0;
  for (size_t k = 0; k < n; ++k) {
    const int digit = hex(text[i + k]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

struct Escape {
  size_t length = 0;  // 0: none here
  int code = 0;
};

Escape escape_at(const char* text, size_t size, size_t i) {
  const auto is_u = [&](size_t at) { return at < size && (text[at] == 'u' || text[at] == 'U'); };
  if (text[i] == '%') {
    if (is_u(i + 1)) {
      const int code = number_at(text, size, i + 2, 4);
      return code < 0 ? Escape{} : Escape{6, code};
    }
    const int code = number_at(text, size, i + 1, 2);
    return code < 0 ? Escape{} : Escape{3, code};
  }
  if (text[i] == '\\' && i + 1 < size && (text[i + 1] == 'x' || text[i + 1] == 'X')) {
    const int code = number_at(text, size, i + 2, 2);
    return code < 0 ? Escape{} : Escape{4, code};
  }
  return {};
}

// A sign that stands for one of ASCII: full-width forms, and slashes of mathematics.
int ascii_of(int code) {
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xff01 + '!';
  if (code == 0x2215 || code == 0x2044) return '/';
  if (code == 0x2216) return '\\';
  if (code == 0x2032 || code == 0x02b9 || code == 0x2018 || code == 0x2019) return '\'';
  return code;
}

size_t put(char* out, int code) {
  code = ascii_of(code);
  if (code < 0x80 || code <= 0xff) {
    out[0] = static_cast<char>(code);
    return 1;
  }
  size_t n = 0;
  if (code < 0x800) {
    out[n++] = static_cast<char>(0xc0 | (code >> 6));
  } else {
    out[n++] = static_cast<char>(0xe0 | (code >> 12));
    out[n++] = static_cast<char>(0x80 | ((code >> 6) & 0x3f));
  }
  out[n++] = static_cast<char>(0x80 | (code & 0x3f));
  return n;
}

// One pass in place (no escape is shorter than what it stands for); the new size.
size_t undo_once(char* text, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < size;) {
    const Escape escape = escape_at(text, size, i);
    if (escape.length == 0) {
      text[n++] = text[i++];
    } else {
      n += put(text + n, escape.code);
      i += escape.length;
    }
  }
  return n;
}

// Two or three bytes that write an ASCII character the long way, or a sign of ascii_of(); 0: neither.
size_t long_form(const char* text, size_t size, size_t i, int& code) {
  const auto byte = [&](size_t at) { return at < size ? static_cast<unsigned char>(text[at]) : 0U; };
  const auto tail = [&](size_t at) { return static_cast<int>(byte(at) & 0x3f); };
  if ((byte(i) == 0xc0 || byte(i) == 0xc1) && byte(i + 1) >= 0x80) {
    code = (static_cast<int>(byte(i) & 0x1f) << 6) | tail(i + 1);
    return 2;
  }
  const bool three = (byte(i) & 0xf0) == 0xe0 && (byte(i + 1) & 0xc0) == 0x80 && (byte(i + 2) & 0xc0) == 0x80;
  if (!three) return 0;
  const int written = (static_cast<int>(byte(i) & 0x0f) << 12) | (tail(i + 1) << 6) | tail(i + 2);
  code = ascii_of(written);
  return code < 0x80 ? 3 : 0;
}

// Long forms become ASCII, control characters blanks.
size_t smooth(char* text, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < size;) {
    int code = 0;
    const size_t length = static_cast<unsigned char>(text[i]) < 0x80 ? 0 : long_form(text, size, i, code);
    char c = text[i];
    if (length > 0) c = static_cast<char>(code);
    i += length > 0 ? length : 1;
    text[n++] = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return n;
}

}  // namespace

void undo_url_escapes(model::Event& event) {
  const std::string_view url = event.field(Field::Url);
  if (url.empty() || url.find_first_of("%\\") == std::string_view::npos) return;
  size_t size = std::min(url.size(), UrlLimits::kText);
  char* const text = event.arena.allocate(size);
  std::memcpy(text, url.data(), size);
  // Before the first round: a + that an escape brings in is a plus sign.
  const size_t query = url.substr(0, size).find('?');
  if (query != std::string_view::npos) std::replace(text + query, text + size, '+', ' ');
  for (int round = 0; round < UrlLimits::kRounds; ++round) {
    const size_t before = size;
    size = undo_once(text, size);
    if (size == before) break;
  }
  size = smooth(text, size);
  if (std::string_view(text, size) != url) event.plain_url = {text, size};
}

}  // namespace gander::decode
