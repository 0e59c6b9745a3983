// Every row of the vector tables: header recognition and decoding as OSSEC 4.3 does them.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "config/testing/vectors.h"
#include "decode/header.h"
#include "decode/testing/decoding.h"

namespace gander::decode {
namespace {

using config::testing::split_tabs;
using config::testing::unescape;
using testing::Decoders;

std::vector<std::string> lines_of(const std::string& name) {
  std::ifstream in(std::string(GANDER_SOURCE_DIR) + "/tests/vectors/" + name);
  EXPECT_TRUE(in.is_open()) << name;
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("# ")) out.push_back(line);
  }
  return out;
}

std::string shown(std::string_view value) {
  return value.data() ? "'" + std::string(value) + "'" : "not set";
}
std::string shown_column(const std::string& column, const std::string& unset) {
  return column == "\\N" ? unset : "'" + unescape(column) + "'";
}

TEST(Vectors, Headers) {
  size_t rows = 0;
  for (const std::string& line : lines_of("predecode.tsv")) {
    const auto columns = split_tabs(line);
    ASSERT_EQ(columns.size(), 4u) << line;
    model::Event event;
    read_header(unescape(columns[0]), "stdin", "own", event);
    EXPECT_EQ(shown(event.hostname), shown_column(columns[1], "'own'")) << line;
    EXPECT_EQ(shown(event.program_name), shown_column(columns[2], "not set")) << line;
    EXPECT_EQ(shown(event.log), shown_column(columns[3], "not set")) << line;
    EXPECT_EQ(event.log_encoding, text::encoding_of(event.log)) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 1536u);
}

std::string json_of(const std::vector<FilledField>& fields) {
  std::string out = "[";
  for (const FilledField& f : fields) {
    if (out.size() > 1) out += ", ";
    out += "[\"" + std::string(f.label) + "\", \"" + std::string(f.value) + "\"]";
  }
  return out + "]";
}

std::string without_blanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

TEST(Vectors, Decoders) {
  size_t files = 0;
  size_t rows = 0;
  std::unique_ptr<Decoders> decoders;
  std::string file;
  for (const std::string& line : lines_of("decoder.tsv")) {
    const auto columns = split_tabs(line);
    if (columns[0] == "D") {
      file = unescape(columns[1]);
      decoders = std::make_unique<Decoders>(file, model::Compat::Ossec43);
      ++files;
    } else if (columns[0] == "E") {
      EXPECT_TRUE(decoders->diagnostics.has_errors()) << file;
    } else {
      ASSERT_EQ(columns[0], "L") << line;
      ASSERT_FALSE(decoders->diagnostics.has_errors()) << file << decoders->rendered();
      decoders->decode(unescape(columns[1]));
      const auto* const info = decoders->event.decoder;
      EXPECT_EQ(info ? info->name : "\\N", unescape(columns[2])) << file << "\n" << line;
      EXPECT_EQ(without_blanks(json_of(decoders->filled)), without_blanks(unescape(columns[3]))) << file << "\n"
                                                                                                 << line;
      decoders->expect_slow_agrees();
      ++rows;
    }
  }
  EXPECT_EQ(files, 500u);
  EXPECT_EQ(rows, 2358u);
}

}  // namespace
}  // namespace gander::decode
