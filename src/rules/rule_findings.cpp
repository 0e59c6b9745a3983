#include "rules/rule_findings.h"

#include <algorithm>
#include <utility>

namespace gander::rules {
namespace {

int length_of(std::string_view text) {
  return static_cast<int>(std::max<size_t>(1, std::min<size_t>(text.substr(0, text.find('\n')).size(), 512)));
}

}  // namespace

RuleFindings::RuleFindings(const RuleFile& file, const config::XmlDocument& document, const std::string& program,
                           Diagnostics& diagnostics)
    : file_(file), document_(document), program_(program), diagnostics_(diagnostics) {}

Span RuleFindings::content(const config::XmlElement& e) const {
  return {document_.content_at(e), length_of(e.content)};
}

Span RuleFindings::name(const config::XmlElement& e) const {
  Span span{document_.at(e), length_of(e.name)};
  if (span.at.column > 0) ++span.at.column;  // behind the `<`
  return span;
}

Span RuleFindings::name(const config::XmlAttribute& a) const {
  return {document_.at(a), length_of(a.name)};
}

void RuleFindings::add(Severity severity, ErrorCode code, std::string message, Span where,
                       std::vector<std::string> lines, std::string hint) {
  Diagnostic d;
  d.severity = severity;
  d.code = code;
  d.message = std::move(message);
  d.at = std::move(where.at);
  d.length = where.length;
  d.hint = std::move(hint);
  d.ossec_lines = std::move(lines);
  diagnostics_.add(std::move(d));
}

void RuleFindings::error(ErrorCode code, std::string message, Span where, std::vector<std::string> lines,
                         std::string hint) {
  lines.push_back(program_ + "(1220): ERROR: Error loading the rules: '" + file_.name + "'.");
  add(Severity::Error, code, std::move(message), std::move(where), std::move(lines), std::move(hint));
}

void RuleFindings::tree_error(ErrorCode code, std::string message, Span where, std::string line, std::string hint) {
  add(Severity::Error, code, std::move(message), std::move(where), {std::move(line)}, std::move(hint));
}

void RuleFindings::warning(ErrorCode code, std::string message, Span where, std::string line, std::string hint) {
  std::vector<std::string> lines;
  if (!line.empty()) lines.push_back(std::move(line));
  add(Severity::Warning, code, std::move(message), std::move(where), std::move(lines), std::move(hint));
}

std::string invalid_element_line(std::string_view element, std::string_view value) {
  return "ossec-analysisd(1274): ERROR: Invalid configuration. Element '" + std::string(element) +
         "': " + std::string(value) + ".";
}

std::string bad_pattern_line(std::string_view pattern, int code) {
  return "ossec-analysisd(1450): ERROR: Syntax error on regex: '" + std::string(pattern) +
         "': " + std::to_string(code) + ".";
}

}  // namespace gander::rules
