#include "decode/beginnings.h"

#include <string>

namespace gander::decode {
namespace {

using text::Dialect;

constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#%&',/:;<=>@_`~- ";

bool has_escapes(Dialect dialect) {
  return dialect != Dialect::OsMatch;
}

// Alternatives outside groups.
std::vector<std::string_view> alternatives(Dialect dialect, std::string_view p) {
  std::vector<std::string_view> out;
  size_t begin = 0;
  int depth = 0;
  for (size_t i = 0; i < p.size(); ++i) {
    const char c = p[i];
    if (c == '\\' && has_escapes(dialect)) {
      ++i;
    } else if (c == '(' && has_escapes(dialect)) {
      ++depth;
    } else if (c == ')' && has_escapes(dialect)) {
      --depth;
    } else if (c == '|' && depth == 0) {
      out.push_back(p.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  out.push_back(p.substr(begin));
  return out;
}

// The character that stands at the front of `rest` and its size there; none when it is more than one plain character.
struct Plain {
  char character = 0;
  size_t size = 0;  // 0: none
};

Plain plain_at(Dialect dialect, std::string_view rest) {
  if (rest.empty()) return {};
  const char c = rest.front();
  if (c == '\\' && has_escapes(dialect)) {
    if (rest.size() < 2) return {};
    const char escaped = rest[1];
    const bool plain = std::string_view("()[]{}$|<\\").find(escaped) != std::string_view::npos;
    return plain ? Plain{escaped, 2} : Plain{};
  }
  const bool plain = kPlain.find(c) != std::string_view::npos || (c == '\\' && dialect == Dialect::OsMatch);
  return plain ? Plain{c, 1} : Plain{};
}

// The plain text with which an alternative `^…` begins. Every quantifier ends it, and what stands before one does not
// belong to it.
std::string first_text(Dialect dialect, std::string_view alternative) {
  std::string out;
  if (!alternative.starts_with('^')) return out;
  std::string_view rest = alternative.substr(1);
  for (;;) {
    const Plain plain = plain_at(dialect, rest);
    if (plain.size == 0) return out;
    rest.remove_prefix(plain.size);
    const bool quantified = !rest.empty() && std::string_view("*+?{").find(rest.front()) != std::string_view::npos;
    if (quantified && dialect != Dialect::OsMatch) return out;
    out.push_back(plain.character);
  }
}

ByteSet set_of(std::string_view characters) {
  ByteSet set;
  for (const char c : characters) {
    const auto byte = static_cast<unsigned char>(c);
    set.set(byte);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) set.set(byte ^ 0x20U);
  }
  return set;
}

Beginning beginning_of(Dialect dialect, std::string_view alternative) {
  Beginning out;
  const std::string text = first_text(dialect, alternative);
  for (const char c : text.substr(0, kBeginningSize)) out.push_back(set_of({&c, 1}));
  if (!out.empty() || !has_escapes(dialect) || !alternative.starts_with("^\\d")) return out;
  if (!alternative.substr(3).starts_with('*')) out.push_back(set_of("0123456789"));
  return out;
}

}  // namespace

std::vector<Beginning> beginnings_of(Dialect dialect, std::string_view pattern) {
  if (dialect == Dialect::Pcre2) return pcre2_beginnings(pattern);
  std::vector<Beginning> out;
  for (const std::string_view alternative : alternatives(dialect, pattern)) {
    out.push_back(beginning_of(dialect, alternative));
    if (out.back().empty()) return {};
  }
  return out;
}

}  // namespace gander::decode
