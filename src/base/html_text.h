// Text from logs inside a page: nothing in it can act, on the page or on the eye.
//
// Threads: functions of their arguments.
// Fails:   cannot; total over all byte strings.
#pragma once

#include <string>
#include <string_view>

#include "base/utf8.h"

namespace gander::base {

// Escaped for element text and quoted attributes; damaged UTF-8 is U+FFFD, characters that act are `?`.
inline void append_html(std::string& out, std::string_view text) {
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        out.append("&amp;");
        break;
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '"':
        out.append("&quot;");
        break;
      case '\'':
        out.append("&#39;");
        break;
      default:
        out.push_back(c);
    }
  }
}

inline std::string html(std::string_view text) {
  std::string out;
  append_html(out, text);
  return out;
}

// The first `most` characters, with a sign when that is not all; what is cut is not looked at.
inline std::string shortened(std::string_view text, size_t most) {
  size_t at = 0;
  for (size_t n = 0; n < most && at < text.size(); ++n) {
    const size_t length = utf8_at(text, at).length;
    at += length == 0 ? 1 : length;
  }
  std::string out(text.substr(0, at));
  return at < text.size() ? out + "…" : out;
}

}  // namespace gander::base
