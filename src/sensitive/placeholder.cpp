#include "sensitive/placeholder.h"

#include <algorithm>

#include "sensitive/chars.h"

namespace gander::sensitive {
namespace {

// Whole values, without case, signs at the ends left out.
constexpr std::string_view kWhole[] = {
    "proxypass", "xyzzy",       "admin",      "adminpass", "any",      "auto",      "bar",       "basic",
    "bearer",    "bool",        "boolean",    "char",      "default",  "disabled",  "empty",     "enabled",
    "false",     "foo",         "foobar",     "function",  "guest",    "hello",     "hidden",    "int",
    "key",       "login",       "mandatory",  "md5",       "mysecret", "nil",       "no",        "none",
    "null",      "number",      "object",     "off",       "on",       "optional",  "pass",      "passwd",
    "password",  "password1",   "passphrase", "private",   "prompt",   "pwd",       "required",  "s3cret",
    "s3cr3t",    "secret",      "secret1",    "server",    "string",   "tbd",       "test",      "test123",
    "text",      "todo",        "token",      "true",      "type",     "undefined", "unknown",   "user",
    "user123",   "value",       "varchar",    "void",      "yes",      "p4ssw0rd",  "pa$$word",  "p@ssw0rd",
    "passw0rd",  "password123", "pass1234",   "pass123",   "pass1",    "pass2",     "secret123", "abc123",
    "abcd1234",  "qwerty",
};
// Anywhere in a value.
constexpr std::string_view kInside[] = {
    "change", "your",   "example", "placeholder", "xxxx", "****",  "....", "redacted", "insert",  "replace",
    "dummy",  "sample", "fixme",   "here",        "goes", "enter", "my_",  "my-",      "mypass",  "password",
    "passwd", "secret", "token",   "foobar",      "foo_", "____",  "----", "fake",     "notreal", "not_real",
};
constexpr std::string_view kTokenWords[] = {"example", "xxxx", "your", "placeholder", "redacted", "dummy",
                                            "sample",  "fake", "test", "abcdefg",     "1234567",  "qwerty"};

// At least `most` of the bytes are one and the same.
bool one_letter(std::string_view text, size_t run) {
  size_t same = 1;
  for (size_t i = 1; i < text.size(); ++i) {
    same = text[i] == text[i - 1] ? same + 1 : 1;
    if (same >= run) return true;
  }
  return false;
}

bool ascends(std::string_view text, size_t run) {
  size_t up = 1;
  for (size_t i = 1; i < text.size(); ++i) {
    up = static_cast<unsigned char>(text[i]) == static_cast<unsigned char>(text[i - 1]) + 1 ? up + 1 : 1;
    if (up >= run) return true;
  }
  return false;
}

// ${VAR}, $VAR, $(command), {{name}}, %(name)s, %NAME%, <name>, [name], @name@, `command`, #{name}
bool is_reference(std::string_view value) {
  const char first = value.front();
  const char last = value.back();
  if (value.find("${") != std::string_view::npos || value.find("$(") != std::string_view::npos ||
      value.find("{{") != std::string_view::npos || value.find("#{") != std::string_view::npos ||
      value.find("%(") != std::string_view::npos || value.find("<%") != std::string_view::npos) {
    return true;
  }
  if (first == '<' || first == '[' || first == '{' || first == '(' || first == '`' || first == '*') return true;
  // Hashes of crypt(3) ($6$…) and variables.
  if (first == '$') return true;
  if (first == '%' && (last == '%' || value.size() <= 3)) return true;
  if (first == '@' && last == '@') return true;
  return first == '&' || first == '\\' || first == '/' || first == '~';
}

}  // namespace

bool is_placeholder(std::string_view value) noexcept {
  if (value.empty() || is_reference(value)) return true;
  if (value.find_first_not_of(value[0]) == std::string_view::npos) return true;
  std::string_view word = value;
  while (!word.empty() && !is_alnum(word.front())) word.remove_prefix(1);
  while (!word.empty() && !is_alnum(word.back())) word.remove_suffix(1);
  if (word.empty()) return true;
  for (const std::string_view w : kWhole) {
    if (same_word(word, w) || same_word(value, w)) return true;
  }
  for (const std::string_view w : kInside) {
    if (holds_word(value, w)) return true;
  }
  return false;
}

bool is_placeholder_token(std::string_view body) noexcept {
  if (one_letter(body, 5) || ascends(body, 6)) return true;
  return std::any_of(std::begin(kTokenWords), std::end(kTokenWords),
                     [&](std::string_view w) { return holds_word(body, w); });
}

}  // namespace gander::sensitive
