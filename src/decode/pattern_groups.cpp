#include "decode/pattern_groups.h"

#include <string>

namespace gander::decode {
namespace {

// Whether the parenthesis at text[at] opens a group that captures.
bool captures(const std::string& text, size_t at) {
  const std::string_view rest = std::string_view(text).substr(at + 1);
  if (rest.starts_with('*')) return false;
  if (!rest.starts_with('?')) return true;
  return rest.starts_with("?'") || rest.starts_with("?P<") ||
         (rest.starts_with("?<") && !rest.starts_with("?<=") && !rest.starts_with("?<!"));
}

}  // namespace

int count_groups(const text::Pattern& pattern) {
  const std::string text = pattern.translated();
  int groups = 0;
  bool in_class = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (in_class) {
      in_class = text[i] != ']';
    } else if (text[i] == '[') {
      in_class = true;
      if (i + 1 < text.size() && text[i + 1] == '^') ++i;
      if (i + 1 < text.size() && text[i + 1] == ']') ++i;
    } else if (text[i] == '(' && captures(text, i)) {
      ++groups;
    }
  }
  return groups;
}

}  // namespace gander::decode
