// UTF-8 of hostile text: valid characters are told from damaged bytes, and text is made fit to be shown or embedded.
//
// Threads: functions of their arguments.
// Cost:    one pass; runs of plain ASCII are appended at once.
// Fails:   cannot; total over all byte strings. A damaged byte becomes U+FFFD, one for each byte.
// Source:  RFC 3629 (no surrogates, no overlong forms, at most U+10FFFF).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gander::base {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

struct Utf8Char {
  char32_t code = 0;
  size_t length = 0;  // bytes; 0 = the byte at this place is not the start of a valid character
};

// The character at text[at]; `at` must be inside the text.
inline Utf8Char utf8_at(std::string_view text, size_t at) noexcept {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(at);
  if (first < 0x80) return {first, 1};
  const size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() - at < length) return {};
  char32_t code = first & (0x7Fu >> length);
  for (size_t i = 1; i < length; ++i) {
    const uint8_t next = byte(at + i);
    if ((next & 0xC0) != 0x80) return {};
    code = (code << 6) | (next & 0x3Fu);
  }
  if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000)) return {};
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, length};
}

// Characters that act instead of being seen: C0 and C1 controls, line and paragraph separators, marks that turn the
// direction of writing, invisible format and tag characters.
inline bool acts_on_display(char32_t c) noexcept {
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return true;
  if (c < 0x61C) return c == 0xAD;
  return c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

// `text` with damaged bytes as U+FFFD.
inline void append_valid_utf8(std::string& out, std::string_view text) {
  size_t done = 0;
  for (size_t i = 0; i < text.size();) {
    const Utf8Char c = utf8_at(text, i);
    if (c.length != 0) {
      i += c.length;
      continue;
    }
    out.append(text, done, i - done).append(kReplacement);
    done = ++i;
  }
  out.append(text, done);
}

// `text` with damaged bytes as U+FFFD and characters that act as `?`: safe on a terminal and on a page (still to be
// escaped there).
inline void append_printable(std::string& out, std::string_view text) {
  size_t done = 0;
  for (size_t i = 0; i < text.size();) {
    const Utf8Char c = utf8_at(text, i);
    if (c.length != 0 && !acts_on_display(c.code)) {
      i += c.length;
      continue;
    }
    out.append(text, done, i - done);
    if (c.length == 0) {
      out.append(kReplacement);
    } else {
      out.push_back('?');
    }
    i += c.length == 0 ? 1 : c.length;
    done = i;
  }
  out.append(text, done);
}

inline std::string printable(std::string_view text) {
  std::string out;
  append_printable(out, text);
  return out;
}

}  // namespace gander::base
