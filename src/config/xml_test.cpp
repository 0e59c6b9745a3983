#include "config/xml.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "config/testing/vectors.h"

namespace gander::config {
namespace {

// The tree in the notation of the vector file.
std::string json_string(const std::string& s) {
  static const char* const kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : s) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20 || u >= 0x7f) {
      out += "\\u00";
      out += kHex[u >> 4];
      out += kHex[u & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string json(const std::vector<XmlElement>& elements) {
  std::string out = "[";
  for (const XmlElement& e : elements) {
    if (out.size() > 1) out += ",";
    out += "[" + json_string(e.name) + ",[";
    std::string attributes;
    for (const XmlAttribute& a : e.attributes) {
      attributes += (attributes.empty() ? "[" : ",[") + json_string(a.name) + "," + json_string(a.value) + "]";
    }
    out += attributes + "]," + json_string(e.content) + "," + json(e.children) + "]";
  }
  return out + "]";
}

TEST(Xml, EveryVectorReadsAsRecorded) {
  std::ifstream in(GANDER_SOURCE_DIR "/tests/vectors/xml.tsv");
  ASSERT_TRUE(in);
  int rows = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.rfind("# ", 0) == 0) continue;
    const std::vector<std::string> f = testing::split_tabs(line);
    ASSERT_EQ(f.size(), 4u) << line;
    ++rows;
    SCOPED_TRACE(f[0].substr(0, 200));
    const auto document = parse_xml(testing::unescape(f[0]), "x.xml", Variables::Apply);
    if (f[1] == "OK") {
      ASSERT_TRUE(document.has_value()) << document.error().text;
      EXPECT_EQ(json(document->roots), f[3]);
      continue;
    }
    ASSERT_FALSE(document.has_value());
    EXPECT_EQ(document.error().text, testing::unescape(f[3]));
    EXPECT_EQ(document.error().kind, f[1] == "ERR" ? XmlError::Kind::Read : XmlError::Kind::Variable);
    // Variable errors are printed without a line.
    EXPECT_EQ(document.error().line, f[1] == "ERR" ? std::stoi(f[2]) : 0);
  }
  EXPECT_EQ(rows, 1239);
}

TEST(Xml, PositionsCountLinesAndBytes) {
  const auto d = parse_xml("<!--\n-->\n<a\n  k='v'>x\n <b> y</b>\n <c/>z</a>", "x.xml", Variables::Keep);
  ASSERT_TRUE(d.has_value());
  const XmlElement& a = d->roots.at(0);
  EXPECT_EQ(d->at(a), (SourcePos{"x.xml", 3, 1}));
  EXPECT_EQ(d->at(a.attributes.at(0)), (SourcePos{"x.xml", 4, 3}));
  EXPECT_EQ(d->content_at(a), (SourcePos{"x.xml", 6, 6}));
  EXPECT_EQ(a.content, "z");
  EXPECT_EQ(d->at(a.children.at(0)), (SourcePos{"x.xml", 5, 2}));
  EXPECT_EQ(d->content_at(a.children.at(0)), (SourcePos{"x.xml", 5, 5}));
  EXPECT_EQ(d->content_at(a.children.at(1)), (SourcePos{"x.xml", 6, 6}));
}

TEST(Xml, EmptyContentStandsAtTheTagsEnd) {
  const auto d = parse_xml("<a></a>", "x.xml", Variables::Keep);
  ASSERT_TRUE(d.has_value());
  EXPECT_EQ(d->content_at(d->roots.at(0)), (SourcePos{"x.xml", 1, 4}));
}

TEST(Xml, ErrorsPointToWhatWasOpened) {
  const auto d = parse_xml("<a>\n  <b>\n", "x.xml", Variables::Keep);
  ASSERT_FALSE(d.has_value());
  EXPECT_EQ(d.error().at, (SourcePos{"x.xml", 2, 3}));
  EXPECT_EQ(d.error().line, 3);
}

TEST(Xml, KeepLeavesVariablesAlone) {
  const auto d = parse_xml("<var name=\"A\">1</var><d>x$A.y</d>", "x.xml", Variables::Keep);
  ASSERT_TRUE(d.has_value());
  ASSERT_EQ(d->roots.size(), 2u);
  EXPECT_EQ(d->roots[1].content, "x$A.y");
}

TEST(Xml, ReplacementIsBounded) {
  std::string text = "<var name='A'>" + std::string(8191, 'v') + "</var>";
  std::string content;
  while (content.size() < 8100) content += "$A.";
  for (int i = 0; i < 4; ++i) text += "<d>" + content + "</d>";
  const auto d = parse_xml(text, "x.xml", Variables::Apply);
  ASSERT_FALSE(d.has_value());
  EXPECT_EQ(d.error().text, "XMLERR: Memory error.");
}

TEST(Xml, MissingFileIsNamedAsShown) {
  const auto d = load_xml("/nonexistent/file.xml", "etc/file.xml", Variables::Keep);
  ASSERT_FALSE(d.has_value());
  EXPECT_EQ(d.error().kind, XmlError::Kind::Missing);
  EXPECT_EQ(d.error().text, "XMLERR: File 'etc/file.xml' not found.");
  EXPECT_EQ(d.error().at.file, "/nonexistent/file.xml");
}

TEST(Xml, NamesCompareWithoutCase) {
  EXPECT_TRUE(same_name("If_Sid", "if_sid"));
  EXPECT_FALSE(same_name("if_sid", "if_sid2"));
  EXPECT_FALSE(same_name("\xc3", "\xe3"));
}

}  // namespace
}  // namespace gander::config
