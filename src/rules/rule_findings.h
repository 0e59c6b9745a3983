// RuleFindings: what the loader has to say about one rule file, with OSSEC's closing line where OSSEC prints it.
//
// Owns:    nothing but texts of the file; borrows the Diagnostics.
// Threads: one thread.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "config/xml.h"
#include "rules/rule_loader.h"

namespace gander::rules {

// A place in a file and how many bytes of it are meant.
struct Span {
  SourcePos at;
  int length = 1;
};

class RuleFindings {
 public:
  RuleFindings(const RuleFile& file, const config::XmlDocument& document, const std::string& program,
               Diagnostics& diagnostics);

  // The content of an element, the name in its opening tag, an attribute.
  Span content(const config::XmlElement& e) const;
  Span name(const config::XmlElement& e) const;
  Span name(const config::XmlAttribute& a) const;

  // An error of the reader of rules: `lines`, then 1220.
  void error(ErrorCode code, std::string message, Span where, std::vector<std::string> lines, std::string hint = {});
  // An error of the building of the tree: `lines` only.
  void tree_error(ErrorCode code, std::string message, Span where, std::string line, std::string hint = {});
  // OSSEC says `line`, if any, and goes on.
  void warning(ErrorCode code, std::string message, Span where, std::string line = {}, std::string hint = {});

  const std::string& program() const { return program_; }
  const config::XmlDocument& document() const { return document_; }

 private:
  void add(Severity severity, ErrorCode code, std::string message, Span where, std::vector<std::string> lines,
           std::string hint);

  const RuleFile& file_;
  const config::XmlDocument& document_;
  const std::string& program_;
  Diagnostics& diagnostics_;
};

// "ossec-analysisd(1274): ERROR: Invalid configuration. Element 'time': V."
std::string invalid_element_line(std::string_view element, std::string_view value);
// "ossec-analysisd(1450): ERROR: Syntax error on regex: 'PATTERN': 6."
std::string bad_pattern_line(std::string_view pattern, int code);

}  // namespace gander::rules
