#include "config/section_reader.h"

#include <algorithm>
#include <utility>

#include "config/values.h"
#include "text/pattern.h"

namespace gander::config {
namespace {

std::vector<std::string> words_of(std::string_view allowed) {
  std::vector<std::string> out;
  for (;;) {
    const size_t bar = allowed.find('|');
    out.emplace_back(allowed.substr(0, bar));
    if (bar == std::string_view::npos) return out;
    allowed.remove_prefix(bar + 1);
  }
}

std::string quoted(std::string_view text) {
  return "'" + std::string(text) + "'";
}

int shown_length(std::string_view text) {
  return static_cast<int>(std::max<size_t>(1, text.substr(0, text.find('\n')).size()));
}

}  // namespace

SectionReader::SectionReader(const std::string& file, const LoadOptions& options, Diagnostics& diagnostics)
    : file_(file), options_(options), diagnostics_(diagnostics) {}

void SectionReader::error(Finding finding, int closing) {
  Diagnostic d{Severity::Error,
               finding.code,
               std::move(finding.message),
               std::move(finding.at),
               finding.length,
               std::move(finding.hint),
               {}};
  if (!analysis() || !stopped_) d.ossec_lines = std::move(finding.lines);
  if (analysis() && !stopped_) {
    const std::string& shown = options_.shown.empty() ? file_ : options_.shown;
    const std::string last = error_line(1202, "Configuration error at '" + shown + "'. Exiting.");
    for (int n = 0; n < closing; ++n) d.ossec_lines.push_back(last);
  }
  stopped_ = true;
  ++errors_;
  diagnostics_.add(std::move(d));
}

void SectionReader::warning(Finding finding) {
  Diagnostic d{Severity::Warning,
               finding.code,
               std::move(finding.message),
               std::move(finding.at),
               finding.length,
               std::move(finding.hint),
               {}};
  if (!analysis() || !stopped_) d.ossec_lines = std::move(finding.lines);
  diagnostics_.add(std::move(d));
}

std::string SectionReader::line(int number, std::string_view level, std::string_view text) const {
  std::string out = options_.program;
  if (number != 0) out += "(" + std::to_string(number) + ")";
  out += ": ";
  if (!level.empty()) out.append(level).append(": ");
  return out.append(text);
}

void SectionReader::unknown_element(const XmlElement& element, std::string_view section,
                                    const std::vector<std::string>& known) {
  error({"C004",
         "<" + std::string(section) + "> knows no element " + quoted(element.name),
         at(element),
         shown_length(element.name),
         nearest_hint(element.name, known),
         {error_line(1230, "Invalid element in the configuration: '" + element.name + "'.")}});
}

void SectionReader::left_out_element(const OptionInfo& option, const XmlElement& element) {
  error({"C116",
         "OSSEC knows <" + element.name + "> only when built with " + std::string(option.build),
         at(element),
         shown_length(element.name),
         {},
         {error_line(1230, "Invalid element in the configuration: '" + element.name + "'.")}});
}

void SectionReader::bad_value(const OptionInfo& option, const XmlElement& element, ErrorCode code, std::string message,
                              std::string hint, std::vector<std::string> lines) {
  switch (option.bad_value) {
    case BadValue::Usual1235:
      lines.push_back(error_line(1235, "Invalid value for element '" + element.name + "': " + element.content + "."));
      break;
    case BadValue::Port1205:
      lines.push_back(line(1205, "INFO", "No port specified. Using default: '" + element.content + "'."));
      break;
    case BadValue::Nothing:
      break;
  }
  error({code, std::move(message), content_at(element), shown_length(element.content), std::move(hint),
         std::move(lines)});
}

void SectionReader::unused_attributes(const XmlElement& element, const std::vector<std::string_view>& used) {
  if (exact()) return;
  for (const XmlAttribute& a : element.attributes) {
    if (std::find(used.begin(), used.end(), a.name) != used.end()) continue;
    warning({"C103", "attribute " + quoted(a.name) + " has no effect on <" + element.name + ">", at(a),
             shown_length(a.name)});
  }
}

bool SectionReader::reads(const OptionInfo& option) const {
  return !analysis() || option.read_by == ReadBy::Analysis;
}

bool SectionReader::check(const OptionInfo& option, Value& value) {
  const XmlElement& e = value.element;
  switch (option.kind) {
    case Kind::YesNo:
      value.yes = value.text == "yes";
      if (value.yes || value.text == "no") return true;
      bad_value(option, e, "C005", "<" + e.name + "> is yes or no, not " + quoted(value.text), "allowed: yes, no");
      return false;
    case Kind::OnlyYes:
      value.yes = value.text == "yes";
      return true;
    case Kind::Present:
      value.yes = true;
      return true;
    case Kind::Number:
    case Kind::Seconds:
      return check_number(option, value);
    case Kind::Words:
    case Kind::AnyCaseWord:
      return check_word(option, value);
    case Kind::Mail:
      if (holds_mail_address(value.text)) return true;
      error({"C008",
             quoted(value.text) + " is no mail address",
             content_at(e),
             shown_length(value.text),
             {},
             {error_line(0, "Invalid Email address: " + e.content + ".")}});
      return false;
    case Kind::Address:
    case Kind::HostAddress: {
      const bool one = option.kind == Kind::HostAddress;
      if (is_address(value.text, one ? AddressForm::One : AddressForm::Network)) return true;
      error({"C007",
             quoted(value.text) + (one ? " is no address" : " is no address or network"),
             content_at(e),
             shown_length(value.text),
             one ? "one IPv4 or IPv6 address, no network" : "IPv4 or IPv6 address, /bits, any",
             {error_line(1237, "Invalid ip address: '" + e.content + "'.")}});
      return false;
    }
    case Kind::Match:
    case Kind::Regex:
      return check_pattern(option, value);
    case Kind::Time:
    case Kind::Days:
      return check_clock(option, value);
    default:
      return true;
  }
}

bool SectionReader::check_number(const OptionInfo& option, Value& value) {
  const XmlElement& e = value.element;
  long least = 0;
  long most = 0;
  const bool bounded = parse_range(option.allowed, least, most);
  const std::string hint = bounded ? "allowed: " + std::to_string(least) + "-" + std::to_string(most) : "";
  const auto number = parse_number(value.text);
  if (!number) {
    bad_value(option, e, "C006", "<" + e.name + "> is a number, not " + quoted(value.text), hint);
    return false;
  }
  if (bounded && (*number < least || *number > most)) {
    bad_value(option, e, "C006", "<" + e.name + "> is out of range: " + quoted(value.text), hint);
    return false;
  }
  if (value.text.empty()) {
    warning({"C104", "<" + e.name + "> is empty and counts as 0", content_at(e)});
  }
  value.number = *number;
  return true;
}

bool SectionReader::check_word(const OptionInfo& option, const Value& value) {
  const std::vector<std::string> words = words_of(option.allowed);
  for (const std::string& word : words) {
    if (option.kind == Kind::AnyCaseWord ? same_name(word, value.text) : word == value.text) return true;
  }
  std::string hint = nearest_hint(value.text, words);
  if (hint.empty()) {
    for (const std::string& word : words) hint += (hint.empty() ? "allowed: " : ", ") + word;
  }
  bad_value(option, value.element, "C005", "<" + value.element.name + "> cannot be " + quoted(value.text),
            std::move(hint));
  return false;
}

bool SectionReader::check_pattern(const OptionInfo& option, const Value& value) {
  const auto dialect = option.kind == Kind::Match ? text::Dialect::OsMatch : text::Dialect::OsRegex;
  const auto pattern = text::Pattern::compile(dialect, value.text, text::OnInvalidUtf8::SearchBytes);
  if (pattern) return true;
  const XmlElement& e = value.element;
  error({"C011",
         "the pattern of <" + e.name + "> does not compile: " + pattern.error().message,
         content_at(e),
         shown_length(value.text),
         {},
         {error_line(1450, "Syntax error on regex: '" + e.content + "': " + std::to_string(pattern.error().ossec_code) +
                               ".")}});
  return false;
}

bool SectionReader::check_clock(const OptionInfo& option, Value& value) {
  const XmlElement& e = value.element;
  std::string rest;
  if (option.kind == Kind::Time) {
    if (const auto minutes = parse_time_of_day(value.text, rest)) {
      value.number = *minutes;
      return true;
    }
    bad_value(option, e, "C009", quoted(value.text) + " is no time of day", "such as 8:30, 20, 8pm, 8:30 am",
              {error_line(1240, "Invalid time format: '" + e.content + "'.")});
    return false;
  }
  if (const auto days = parse_days(value.text, rest)) {
    value.number = *days;
    return true;
  }
  bad_value(option, e, "C010", quoted(value.text) + " names no days", "such as monday, weekdays, !sunday",
            {error_line(1241, "Invalid day format: '" + e.content + "'.")});
  return false;
}

}  // namespace gander::config
