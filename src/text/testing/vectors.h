// Reading of the pattern tables (tests only): tab separated, bytes outside printable ASCII and `%` written %HH.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace gander::text::testing {

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

// The columns of every line but the first, unescaped.
inline std::vector<std::vector<std::string>> read_vectors(const std::string& name) {
  std::ifstream in(std::string(GANDER_SOURCE_DIR) + "/tests/vectors/" + name, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << name;
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    auto& row = rows.emplace_back();
    for (std::string_view rest = line;;) {
      const size_t tab = rest.find('\t');
      row.push_back(unescape(rest.substr(0, tab)));
      if (tab == std::string_view::npos) break;
      rest.remove_prefix(tab + 1);
    }
  }
  EXPECT_GT(rows.size(), 30u) << name;
  return rows;
}

}  // namespace gander::text::testing
