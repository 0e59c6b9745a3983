// Reading of vector tables (tests only): tab separated, bytes outside printable ASCII and `%` written %HH.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gander::config::testing {

inline std::vector<std::string> split_tabs(std::string_view line) {
  std::vector<std::string> out;
  for (;;) {
    const size_t tab = line.find('\t');
    out.emplace_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return out;
    line.remove_prefix(tab + 1);
  }
}

inline std::string unescape(std::string_view s) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
  std::string out;
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size()) {
      out += static_cast<char>(digit(s[i + 1]) * 16 + digit(s[i + 2]));
      i += 2;
    } else {
      out += s[i];
    }
  }
  return out;
}

}  // namespace gander::config::testing
