#include "config/xml_variables.h"

#include <algorithm>
#include <map>
#include <utility>

namespace gander::config {
namespace {

constexpr size_t kMaxName = 255;
constexpr size_t kMaxAdded = 64u << 20;
constexpr size_t kMaxError = 127;
constexpr size_t kUntouched = 2;  // texts this short are not looked at

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

class Substitution {
 public:
  explicit Substitution(const std::string& file) : file_(file) {}

  // False when error() is set.
  bool visit(std::vector<XmlElement>& elements);
  std::optional<XmlError>& error() { return error_; }

 private:
  bool define(const XmlElement& element);
  bool visit_attributes(XmlElement& element);
  bool substitute(std::string& text, int line, int column);
  bool fail_with(const std::string& text, int line, int column);

  const std::string& file_;
  std::map<std::string, std::string> values_;  // by name in lower case; the first definition stays
  size_t added_ = 0;
  std::optional<XmlError> error_;
};

bool Substitution::fail_with(const std::string& text, int line, int column) {
  error_ = XmlError{XmlError::Kind::Variable, ("XMLERR: " + text).substr(0, kMaxError), 0, {file_, line, column}};
  return false;
}

bool Substitution::define(const XmlElement& element) {
  if (element.attributes.empty()) return fail_with("No value set for variable.", element.line, element.column);
  const XmlAttribute& first = element.attributes.front();
  if (!same_name(first.name, "name")) {
    return fail_with("Only \"name\" is allowed as an attribute for a variable.", first.line, first.column);
  }
  if (first.value.size() > kMaxName) return fail_with("Invalid variable name size.", first.line, first.column);
  values_.emplace(lower(first.value), element.content);
  return true;
}

bool Substitution::visit_attributes(XmlElement& element) {
  for (XmlAttribute& a : element.attributes) {
    if (same_name(a.name, "var")) return fail_with("No value set for variable.", a.line, a.column);
    if (!substitute(a.value, a.line, a.column)) return false;
  }
  return true;
}

bool Substitution::visit(std::vector<XmlElement>& elements) {
  for (XmlElement& e : elements) {
    if (same_name(e.name, "var")) {
      if (!define(e)) return false;
    } else if (!substitute(e.content, e.content_line, e.content_column) || !visit_attributes(e)) {
      return false;
    }
    if (!visit(e.children)) return false;
  }
  std::erase_if(elements, [](const XmlElement& e) { return same_name(e.name, "var"); });
  return true;
}

bool Substitution::substitute(std::string& text, int line, int column) {
  if (values_.empty() || text.size() <= kUntouched || text.find('$') == std::string::npos) return true;
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '$') {
      out += text[at++];
      continue;
    }
    const size_t end = std::min(text.find_first_of("$.|, ", at + 1), text.size());
    const std::string name = text.substr(at + 1, end - at - 1);
    at = end;
    if (name.empty()) {
      out += '$';
      continue;
    }
    if (name.size() > kMaxName) return fail_with("Invalid variable name size: '255'.", line, column);
    const auto found = values_.find(lower(name));
    if (found == values_.end()) return fail_with("Unknown variable: '" + name + "'.", line, column);
    added_ += found->second.size();
    if (added_ > kMaxAdded) return fail_with("Memory error.", line, column);
    out += found->second;
  }
  text = std::move(out);
  return true;
}

}  // namespace

std::optional<XmlError> apply_variables(XmlDocument& document) {
  Substitution substitution(document.file);
  substitution.visit(document.roots);
  return std::move(substitution.error());
}

}  // namespace gander::config
