#include "decode/gate.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace gander::decode {
namespace {

using text::Dialect;

constexpr std::string_view kPlain =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#%&',/:;<=>@_`~- ";

bool has_escapes(Dialect dialect) {
  return dialect != Dialect::OsMatch;
}

// Alternatives outside groups; nullopt when the pattern holds what this scan does not follow.
std::optional<std::vector<std::string_view>> alternatives(Dialect dialect, std::string_view p) {
  std::vector<std::string_view> out;
  size_t begin = 0;
  int depth = 0;
  bool in_class = false;
  for (size_t i = 0; i < p.size(); ++i) {
    const char c = p[i];
    if (c == '\\' && has_escapes(dialect)) {
      ++i;
      if (dialect == Dialect::Pcre2 && (i == p.size() || p[i] == 'Q' || p[i] == 'c')) return std::nullopt;
    } else if (in_class) {
      if (c == '[') return std::nullopt;
      in_class = c != ']';
    } else if (c == '[' && dialect == Dialect::Pcre2) {
      in_class = true;
      // A bracket that stands first belongs to the class.
      if (i + 1 < p.size() && p[i + 1] == '^') ++i;
      if (i + 1 < p.size() && p[i + 1] == ']') ++i;
    } else if (c == '(' && dialect != Dialect::OsMatch) {
      if (i + 1 < p.size() && (p[i + 1] == '?' || p[i + 1] == '*')) return std::nullopt;
      ++depth;
    } else if (c == ')' && dialect != Dialect::OsMatch) {
      --depth;
    } else if (c == '|' && depth == 0) {
      out.push_back(p.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  out.push_back(p.substr(begin));
  return out;
}

// Whether what follows the first character may make it optional.
bool may_be_left_out(Dialect dialect, std::string_view rest, size_t atom_size) {
  if (rest.empty() || dialect == Dialect::OsMatch) return false;
  if (dialect == Dialect::OsRegex) return atom_size == 2 && rest.front() == '*';
  return rest.front() == '*' || rest.front() == '?' || rest.front() == '{';
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
    const bool plain =
        std::string_view("()[]{}$|<\\").find(escaped) != std::string_view::npos ||
        (dialect == Dialect::Pcre2 && std::string_view(".+*?^/-").find(escaped) != std::string_view::npos);
    return plain ? Plain{escaped, 2} : Plain{};
  }
  const bool plain = kPlain.find(c) != std::string_view::npos || (c == '\\' && dialect == Dialect::OsMatch);
  return plain ? Plain{c, 1} : Plain{};
}

// The characters that an alternative `^c…` can begin with; empty = not known.
std::string first_characters(Dialect dialect, std::string_view alternative) {
  if (!alternative.starts_with('^') || alternative.size() < 2) return {};
  const std::string_view rest = alternative.substr(1);
  if (has_escapes(dialect) && rest.starts_with("\\d")) {
    return may_be_left_out(dialect, rest.substr(2), 2) ? std::string() : "0123456789";
  }
  const Plain plain = plain_at(dialect, rest);
  if (plain.size == 0 || may_be_left_out(dialect, rest.substr(plain.size), plain.size)) return {};
  return {plain.character};
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

}  // namespace

Gate::Beginning Gate::beginning_of(std::string_view text) {
  Beginning b;
  const size_t size = std::min(text.size(), sizeof b.bytes);
  uint64_t all = ~uint64_t{0};
  std::memcpy(&b.bytes, text.data(), size);
  std::memcpy(&b.mask, &all, size);
  b.bytes = (b.bytes | kFold) & b.mask;
  return b;
}

Gate::Gate(Dialect dialect, std::string_view pattern) {
  const auto parts = alternatives(dialect, pattern);
  std::string first;
  bool known = true;
  for (const std::string_view part : parts.value_or(std::vector<std::string_view>{""})) {
    const std::string some = first_characters(dialect, part);
    if (some.empty()) {
      first_.set();
      beginnings_.clear();
      return;
    }
    first += some;
    const std::string text = first_text(dialect, part);
    known = known && !text.empty();
    beginnings_.push_back(beginning_of(text));
  }
  if (!known) beginnings_.clear();
  // Letters match without case; what lies outside ASCII may fold to a letter.
  for (const char c : first) {
    const auto byte = static_cast<unsigned char>(c);
    first_.set(byte);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (letter) first_.set(byte ^ 0x20u);
  }
  for (size_t byte = 0x80; byte <= 0xff; ++byte) first_.set(byte);
}

}  // namespace gander::decode
