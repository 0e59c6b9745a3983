// The OSSEC XML dialect: one exact reader for configuration, rule and decoder files, with positions.
//
// Threads: functions of their arguments.
// Cost:    one pass; nesting is bounded at 1024 levels (checked, not recursed into blindly).
// Fails:   XmlError with OSSEC's text and line; nothing else.
// Source:  the dialect as OSSEC 4.3 reads it (docs/formats/ossec-xml.md); it is not XML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/result.h"

namespace gander::config {

struct XmlAttribute {
  std::string name;
  std::string value;
  int line = 0;  // of the name
  int column = 0;
};

struct XmlElement {
  std::string name;
  std::string content;  // text after the last child, comments cut out, nothing trimmed
  std::vector<XmlAttribute> attributes;
  std::vector<XmlElement> children;
  int line = 0;  // of the `<`
  int column = 0;
  int content_line = 0;  // where the content's first byte stands (the tag's end when it is empty)
  int content_column = 0;
};

struct XmlDocument {
  std::string file;
  std::vector<XmlElement> roots;

  SourcePos at(const XmlElement& e) const { return {file, e.line, e.column}; }
  SourcePos content_at(const XmlElement& e) const { return {file, e.content_line, e.content_column}; }
  SourcePos at(const XmlAttribute& a) const { return {file, a.line, a.column}; }
};

struct XmlError {
  enum class Kind { Read, Variable, Missing } kind = Kind::Read;
  std::string text;  // "XMLERR: Comment not closed."
  int line = 0;      // as OSSEC prints it: its line counter (0 for variable errors)
  SourcePos at;      // the real place
  std::string hint = {};
};

enum class Variables { Apply, Keep };  // ossec.conf does not substitute, rule and decoder files do

tl::expected<XmlDocument, XmlError> parse_xml(std::string_view text, const std::string& file, Variables variables);
// `shown` is the name in "XMLERR: File '%s' not found."; positions carry `path`.
tl::expected<XmlDocument, XmlError> load_xml(const std::string& path, const std::string& shown, Variables variables);

// ASCII comparison without case, as element names are compared.
bool same_name(std::string_view a, std::string_view b);

}  // namespace gander::config
