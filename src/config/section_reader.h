// SectionReader: what every section's reader shares: findings with OSSEC's lines, checks by kind, hints.
//
// Owns:    nothing; borrows the document, the options and the diagnostics of one load.
// Threads: one thread.
// Fails:   checks add their findings and return false.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "config/config.h"
#include "config/option.h"
#include "config/xml.h"

namespace gander::config {

struct Finding {
  ErrorCode code;
  std::string message;
  SourcePos at;
  int length = 1;
  std::string hint = {};
  std::vector<std::string> lines = {};  // OSSEC's, without its closing ones
};

// One element's value after its checks.
struct Value {
  const XmlElement& element;
  std::string_view text;
  int number = 0;
  bool yes = false;
};

class SectionReader {
 public:
  SectionReader(const std::string& file, const LoadOptions& options, Diagnostics& diagnostics);

  const LoadOptions& options() const { return options_; }
  bool exact() const { return options_.compat == model::Compat::Ossec43; }
  bool analysis() const { return options_.scope == Scope::Analysis; }
  const std::string& file() const { return file_; }
  size_t errors() const { return errors_; }  // added so far
  SourcePos at(const XmlElement& e) const { return {file_, e.line, e.column + 1}; }
  SourcePos content_at(const XmlElement& e) const { return {file_, e.content_line, e.content_column}; }
  SourcePos at(const XmlAttribute& a) const { return {file_, a.line, a.column}; }

  // `closing`: how often OSSEC prints its last line (1202).
  void error(Finding finding, int closing = 2);
  void warning(Finding finding);
  // "ossec-testrule(1230): ERROR: text", "ossec-testrule: ERROR: text" for number 0.
  std::string line(int number, std::string_view level, std::string_view text) const;
  std::string error_line(int number, std::string_view text) const { return line(number, "ERROR", text); }

  void unknown_element(const XmlElement& element, std::string_view section, const std::vector<std::string>& known);
  void left_out_element(const OptionInfo& option, const XmlElement& element);
  void bad_value(const OptionInfo& option, const XmlElement& element, ErrorCode code, std::string message,
                 std::string hint, std::vector<std::string> lines = {});
  void unused_attributes(const XmlElement& element, const std::vector<std::string_view>& used);

  // Checks the value by the option's kind and fills value.number and value.yes.
  bool check(const OptionInfo& option, Value& value);
  // Whether this load looks at the option at all.
  bool reads(const OptionInfo& option) const;
  // Whether OSSEC's usual build lacks the element and exactness was asked for.
  bool left_out(const OptionInfo& option) const { return exact() && !option.build.empty(); }

 private:
  bool check_number(const OptionInfo& option, Value& value);
  bool check_word(const OptionInfo& option, const Value& value);
  bool check_pattern(const OptionInfo& option, const Value& value);
  bool check_clock(const OptionInfo& option, Value& value);

  const std::string& file_;
  const LoadOptions& options_;
  Diagnostics& diagnostics_;
  size_t errors_ = 0;
  bool stopped_ = false;  // OSSEC would not have come further
};

}  // namespace gander::config
