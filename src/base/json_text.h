// JSON text written by hand: strings and numbers appended to a buffer, the bytes that OSSEC's own writer gives.
//
// Threads: functions of their arguments.
// Cost:    one pass; runs without escapes are appended at once.
// Fails:   cannot.
// Source:  docs/formats/alerts-json.md.
#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

#include "base/utf8.h"

namespace gander::base {

// Bytes of a value that are no UTF-8: kept as they are (OSSEC 4.3, not valid JSON then), or U+FFFD.
enum class DamagedUtf8 { Keep, Replace };

inline void append_number(std::string& out, std::integral auto number) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  out.append(digits, end);
}

inline void append_json_escape(std::string& out, unsigned char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  switch (c) {
    case '"':
      out.append("\\\"");
      return;
    case '\\':
      out.append("\\\\");
      return;
    case '\b':
      out.append("\\b");
      return;
    case '\f':
      out.append("\\f");
      return;
    case '\n':
      out.append("\\n");
      return;
    case '\r':
      out.append("\\r");
      return;
    case '\t':
      out.append("\\t");
      return;
    default:
      out.append("\\u00").append(1, kHex[c >> 4]).append(1, kHex[c & 15]);
  }
}

// With the quotes.
inline void append_json_string(std::string& out, std::string_view text, DamagedUtf8 damaged) {
  out.push_back('"');
  size_t done = 0;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\') {
      ++i;
    } else if (c < 0x80) {
      out.append(text, done, i - done);
      append_json_escape(out, c);
      done = ++i;
    } else {
      const size_t length = damaged == DamagedUtf8::Keep ? 1 : utf8_at(text, i).length;
      if (length == 0) {
        out.append(text, done, i - done).append(kReplacement);
        done = i + 1;
      }
      i += length == 0 ? 1 : length;
    }
  }
  out.append(text, done).push_back('"');
}

// Members and elements of nested objects and arrays, with the commas where they belong.
class JsonBuilder {
 public:
  JsonBuilder(std::string& out, DamagedUtf8 damaged) : out_(out), damaged_(damaged) {}

  void open_object() { open('{'); }
  void open_object(std::string_view key) { open(key, '{'); }
  void open_array() { open('['); }
  void open_array(std::string_view key) { open(key, '['); }
  void close_object() { close('}'); }
  void close_array() { close(']'); }

  void string(std::string_view key, std::string_view value) {
    name(key);
    append_json_string(out_, value, damaged_);
  }
  // Nothing when `value` is not set.
  void string_if_set(std::string_view key, std::string_view value) {
    if (value.data() != nullptr) string(key, value);
  }
  void string_if_any(std::string_view key, std::string_view value) {
    if (!value.empty()) string(key, value);
  }
  void number(std::string_view key, std::integral auto value) {
    name(key);
    append_number(out_, value);
  }
  void element(std::string_view value) {
    separate();
    append_json_string(out_, value, damaged_);
  }

 private:
  void separate() {
    if (!first_) out_.push_back(',');
    first_ = false;
  }
  void name(std::string_view key) {
    separate();
    append_json_string(out_, key, damaged_);
    out_.push_back(':');
  }
  void open(char bracket) {
    separate();
    out_.push_back(bracket);
    first_ = true;
  }
  void open(std::string_view key, char bracket) {
    name(key);
    out_.push_back(bracket);
    first_ = true;
  }
  void close(char bracket) {
    out_.push_back(bracket);
    first_ = false;
  }

  std::string& out_;
  DamagedUtf8 damaged_;
  bool first_ = true;
};

}  // namespace gander::base
