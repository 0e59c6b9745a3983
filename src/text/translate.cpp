#include "text/translate.h"

namespace gander::text {
namespace {

constexpr std::string_view kPunctuation = R"([()*+,.:;<=>?\[\]!"'#%&$|{}-])";

// The PCRE2 text of the class that a backslash and `c` name; empty when there is none.
std::string_view class_of(char c) {
  switch (c) {
    case 'p':
      return kPunctuation;
    case 's':
      return "[ ]";
    case 'w':
      return "[A-Za-z0-9@_-]";
    case 'd':
      return "[0-9]";
    case 'W':
      return "[^A-Za-z0-9@_-]";
    case 'D':
      return "[^0-9]";
    case 'S':
      return "[^ ]";
    case '.':
      return "(?s:.)";
    default:
      return {};
  }
}

// A lazy quantifier at the end of an alternative becomes greedy.
std::string greedy_at_ends(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    out.push_back(text[i]);
    const bool quantifier = (text[i] == '+' || text[i] == '*') && !(i > 0 && text[i - 1] == '\\');
    if (!quantifier || i + 1 >= text.size() || text[i + 1] != '?') continue;
    size_t next = i + 2;
    while (next < text.size() && text[next] == ')') ++next;
    if (next >= text.size() || text[next] == '|' || text[next] == '$') ++i;  // without the `?`
  }
  return out;
}

// The PCRE2 text of a backslash and `c`; empty when there is no such escape.
std::string escape(char c) {
  const auto plain = plain_escape(c);
  if (!plain) return std::string(class_of(c));
  if (c == 't') return "\\t";
  return c == '<' ? "<" : std::string{'\\', c};
}

}  // namespace

std::optional<char> plain_escape(char c) {
  if (c == 't') return '\t';
  if (std::string_view("$(){}[]\\|<").find(c) != std::string_view::npos) return c;
  return std::nullopt;
}

bool is_quantifier(std::string_view pattern, size_t i) {
  return (pattern[i] == '+' || pattern[i] == '*') && i >= 2 && pattern[i - 2] == '\\';
}

std::string translate_os_match(std::string_view pattern) {
  std::string out;
  for (const char c : pattern) {
    if (std::string_view(".[]{}+?*()\\").find(c) != std::string_view::npos) out.push_back('\\');
    out.push_back(c);
  }
  return out;
}

tl::expected<std::string, PatternError> translate_os_regex(std::string_view pattern) {
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (is_quantifier(pattern, i)) {
      out.push_back(c);
      out.push_back('?');
    } else if (c == '\\') {
      const std::string text = i + 1 < pattern.size() ? escape(pattern[i + 1]) : std::string();
      if (text.empty()) {
        return tl::unexpected(PatternError{
            6,
            i + 1 < pattern.size() ? std::string("there is no escape \\") + pattern[i + 1] : "a backslash at the end",
            i});
      }
      out.append(text);
      ++i;
    } else if (c == '$') {
      out.append("(?!\\n)$");
    } else if (std::string_view(".[]{}+?*").find(c) != std::string_view::npos) {
      out.push_back('\\');
      out.push_back(c);
    } else {
      out.push_back(c);
    }
  }
  return greedy_at_ends(out);
}

}  // namespace gander::text
