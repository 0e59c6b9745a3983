#include "config/xml.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "base/file.h"
#include "config/values.h"
#include "config/xml_variables.h"

namespace gander::config {
namespace {

constexpr size_t kMaxText = 8192;  // a name, text segment or attribute of this many bytes is refused
constexpr size_t kMaxDepth = 1024;
constexpr size_t kMaxError = 127;

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// Names and contents end at a zero byte.
std::string until_nul(const std::string& s) {
  return s.substr(0, s.find('\0'));
}

struct Place {
  int line = 1;
  int column = 1;
};

class Reader {
 public:
  Reader(std::string_view text, const std::string& file) : text_(text), file_(file) {}
  tl::expected<XmlDocument, XmlError> read();

 private:
  enum class State { Out, Name, Body, Close };
  enum class Step { Go, Fail };
  struct Level {
    State state = State::Out;
    bool escaped = false;
    std::string buffer;
    XmlElement element;
    std::string content;
  };

  bool at_end() const { return next_ >= text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[next_]; }
  Place here() const { return {real_line_, static_cast<int>(next_ - line_start_) + 1}; }
  char take();

  Step skip_prologue();
  void take_plain();
  Step step();
  Step step_out(Level& level, char c, Place at);
  Step end_name(Level& level, char c);
  Step end_body(Level& level, Place at);
  Step end_close(Level& level);
  Step open_level(Place at);
  void complete();
  Step skip_comment(Place start);
  // Sets `closed` when the tag ended with a slash.
  Step read_attributes(XmlElement& element, bool& closed);
  Step read_attribute(XmlElement& element, std::set<std::string>& names);
  Step read_attribute_name(XmlAttribute& attribute);
  Step read_attribute_value(XmlAttribute& attribute);
  Step fail_with(const std::string& text, Place at);
  Step fail_open();
  void append(Level& level, char c, Place at);
  void empty_buffer(Level& level);

  std::string_view text_;
  const std::string& file_;
  size_t next_ = 0;
  size_t line_start_ = 0;
  int real_line_ = 1;
  int line_ = 1;  // OSSEC's counter: some newlines in comments count twice
  std::vector<Level> levels_;
  std::vector<XmlElement> roots_;
  std::optional<XmlError> error_;
};

char Reader::take() {
  const char c = text_[next_++];
  if (c == '\n') {
    ++line_;
    ++real_line_;
    line_start_ = next_;
  }
  return c;
}

Reader::Step Reader::fail_with(const std::string& text, Place at) {
  error_ =
      XmlError{XmlError::Kind::Read, ("XMLERR: " + text).substr(0, kMaxError), line_, {file_, at.line, at.column}, {}};
  return Step::Fail;
}

Reader::Step Reader::fail_open() {
  const Level& level = levels_.back();
  return fail_with("End of file and some elements were not closed.", {level.element.line, level.element.column});
}

tl::expected<XmlDocument, XmlError> Reader::read() {
  levels_.emplace_back();
  Step went = skip_prologue();
  while (went == Step::Go && !at_end()) {
    take_plain();
    if (!at_end()) went = step();
  }
  if (went == Step::Go && (levels_.size() > 1 || levels_.back().state != State::Out)) went = fail_open();
  if (went == Step::Fail) return tl::unexpected(std::move(*error_));
  return XmlDocument{file_, std::move(roots_)};
}

Reader::Step Reader::skip_prologue() {
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") next_ = 3;
  if (text_.substr(next_, 5) != "<?xml") return Step::Go;
  const Place start = here();
  const size_t end = text_.find("?>", next_ + 5);
  while (!at_end() && (end == std::string_view::npos || next_ < end + 2)) take();
  return end == std::string_view::npos ? fail_with("XML declaration not closed.", start) : Step::Go;
}

// Text between tags in which nothing can happen, taken at once.
void Reader::take_plain() {
  Level& level = levels_.back();
  if (level.state != State::Body && level.state != State::Out) return;
  const std::string_view rest = text_.substr(next_);
  size_t size = 0;
  while (size < rest.size() && rest[size] != '<' && rest[size] != '\\' && rest[size] != '\n') ++size;
  if (level.state == State::Body) {
    size = std::min(size, kMaxText - std::min(kMaxText, level.buffer.size()));
    if (size > 0 && level.buffer.empty()) {
      level.element.content_line = here().line;
      level.element.content_column = here().column;
    }
    level.buffer.append(rest.substr(0, size));
  }
  if (size == 0) return;
  level.escaped = false;
  next_ += size;
}

Reader::Step Reader::step() {
  Level& level = levels_.back();
  const Place at = here();
  const char c = take();
  if (c == '\\') {
    level.escaped = true;
  } else if (c != '<') {
    level.escaped = false;
  }
  if (level.buffer.size() >= kMaxText) return fail_with("String overflow.", at);
  if (c == '<' && peek() == '!') return skip_comment(at);
  switch (level.state) {
    case State::Out:
      return step_out(level, c, at);
    case State::Name:
      if (c == '>' || is_space(c)) return end_name(level, c);
      break;
    case State::Close:
      if (c == '>') return end_close(level);
      break;
    case State::Body:
      if (c == '<' && !level.escaped) return end_body(level, at);
      break;
  }
  append(level, c, at);
  return Step::Go;
}

void Reader::append(Level& level, char c, Place at) {
  if (level.state == State::Body && level.buffer.empty()) {
    level.element.content_line = at.line;
    level.element.content_column = at.column;
  }
  level.buffer += c;
  if (c == '<') level.escaped = false;
}

void Reader::empty_buffer(Level& level) {
  level.buffer.clear();
  level.element.content_line = here().line;
  level.element.content_column = here().column;
}

Reader::Step Reader::step_out(Level& level, char c, Place at) {
  if (c != '<') return Step::Go;
  if (level.escaped) {
    level.escaped = false;
    return Step::Go;
  }
  if (peek() == '/') return fail_with("Element not opened.", at);
  level.state = State::Name;
  level.element = XmlElement{};
  level.element.line = at.line;
  level.element.column = at.column;
  return Step::Go;
}

Reader::Step Reader::end_name(Level& level, char c) {
  bool closed = false;
  if (!level.buffer.empty() && level.buffer.back() == '/') {
    level.buffer.pop_back();
    closed = true;
  }
  level.element.name = until_nul(level.buffer);
  if (c != '>') {
    bool slash = false;
    if (read_attributes(level.element, slash) == Step::Fail) return Step::Fail;
    closed = closed || slash;
  }
  empty_buffer(level);
  level.state = State::Body;
  if (closed) {
    level.content.clear();
    complete();
  }
  return Step::Go;
}

Reader::Step Reader::end_body(Level& level, Place at) {
  if (peek() != '/') return open_level(at);
  take();
  level.content = until_nul(level.buffer);
  level.buffer.clear();
  level.state = State::Close;
  return Step::Go;
}

Reader::Step Reader::end_close(Level& level) {
  if (until_nul(level.buffer) != level.element.name) {
    return fail_with("Element '" + level.element.name + "' not closed.", {level.element.line, level.element.column});
  }
  complete();
  return Step::Go;
}

Reader::Step Reader::open_level(Place at) {
  if (levels_.size() >= kMaxDepth) return fail_with("Max recursion level reached.", at);
  Level& level = levels_.emplace_back();
  level.state = State::Name;
  level.element.line = at.line;
  level.element.column = at.column;
  return Step::Go;
}

// Hands the finished element to its parent; the outermost level stays for the next root.
void Reader::complete() {
  XmlElement done = std::move(levels_.back().element);
  done.content = std::move(levels_.back().content);
  if (levels_.size() == 1) {
    Level& outermost = levels_.back();
    outermost.state = State::Out;
    outermost.buffer.clear();
    outermost.content.clear();
    roots_.push_back(std::move(done));
    return;
  }
  levels_.pop_back();
  levels_.back().element.children.push_back(std::move(done));
  empty_buffer(levels_.back());
}

Reader::Step Reader::skip_comment(Place start) {
  take();
  const size_t begin = next_;
  while (!at_end()) {
    const char c = take();
    if (c == '\n' && next_ - 1 > begin && text_[next_ - 2] == '-') ++line_;
    if (c != '>') continue;
    const size_t length = next_ - 1 - begin;
    if (length >= 1 && text_[next_ - 2] == '!') return Step::Go;
    if (length >= 2 && text_[next_ - 2] == '-' && text_[next_ - 3] == '-') return Step::Go;
  }
  return fail_with("Comment not closed.", start);
}

Reader::Step Reader::read_attributes(XmlElement& element, bool& closed) {
  std::set<std::string> names;
  for (;;) {
    while (!at_end() && is_space(peek())) take();
    if (at_end()) return fail_with("End of file while reading an attribute.", {element.line, element.column});
    if (peek() == '>' || peek() == '/') {
      closed = take() == '/';
      return Step::Go;
    }
    if (read_attribute(element, names) == Step::Fail) return Step::Fail;
  }
}

Reader::Step Reader::read_attribute(XmlElement& element, std::set<std::string>& names) {
  XmlAttribute attribute;
  attribute.line = here().line;
  attribute.column = here().column;
  if (read_attribute_name(attribute) == Step::Fail) return Step::Fail;
  const Place at{attribute.line, attribute.column};
  attribute.name = until_nul(attribute.name);
  if (!names.insert(attribute.name).second) {
    return fail_with("Attribute '" + attribute.name + "' already defined.", at);
  }
  if (read_attribute_value(attribute) == Step::Fail) return Step::Fail;
  attribute.value = until_nul(attribute.value);
  const char after = peek();
  if (at_end() || (!is_space(after) && after != '>' && after != '/')) {
    if (after == '\n') take();
    return fail_with("Bad attribute closing for '" + attribute.name + "'='" + attribute.value + "'.", at);
  }
  element.attributes.push_back(std::move(attribute));
  return Step::Go;
}

Reader::Step Reader::read_attribute_name(XmlAttribute& attribute) {
  const Place at{attribute.line, attribute.column};
  for (std::string& name = attribute.name; !at_end();) {
    const char c = take();
    if (c == '=') return Step::Go;
    if (is_space(c) || c == '>' || c == '/') {
      return fail_with("Attribute '" + until_nul(name) + "' has no value.", at);
    }
    name += c;
    if (name.size() >= kMaxText) {
      return fail_with("Overflow attempt at attribute '" + until_nul(name).substr(0, 20) + "'.", at);
    }
  }
  return fail_with("End of file while reading an attribute.", at);
}

Reader::Step Reader::read_attribute_value(XmlAttribute& attribute) {
  const Place at{attribute.line, attribute.column};
  while (!at_end() && is_space(peek())) take();
  const std::string_view rest = text_.substr(std::min(next_, text_.size()));
  const Place value_at = here();
  const char quote = at_end() ? '\0' : take();
  if (at_end() && quote == '\0') return fail_with("End of file while reading an attribute.", at);
  if (quote != '"' && quote != '\'') {
    const bool typographic = starts_with_typographic_quote(rest);
    fail_with("Attribute '" + attribute.name + "' not followed by a \" or '.", typographic ? value_at : at);
    if (typographic) error_->hint = kPlainQuotes;
    return Step::Fail;
  }
  for (std::string& value = attribute.value; !at_end();) {
    const char c = take();
    if (c == quote) return Step::Go;
    if (c == '>') {
      fail_with("Attribute '" + attribute.name + "' not closed.", at);
      if (holds_typographic_quote(value)) error_->hint = kPlainQuotes;
      return Step::Fail;
    }
    value += c;
    if (value.size() >= kMaxText) {
      return fail_with("Overflow attempt at attribute '" + attribute.name.substr(0, 20) + "'.", at);
    }
  }
  return fail_with("End of file while reading an attribute.", at);
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

tl::expected<XmlDocument, XmlError> parse_xml(std::string_view text, const std::string& file, Variables variables) {
  auto document = Reader(text, file).read();
  if (!document || variables == Variables::Keep) return document;
  if (auto error = apply_variables(*document)) return tl::unexpected(std::move(*error));
  return document;
}

tl::expected<XmlDocument, XmlError> load_xml(const std::string& path, const std::string& shown, Variables variables) {
  const Result<std::string> text = base::read_file(path);
  if (!text) {
    const std::string words = "XMLERR: File '" + shown + "' not found.";
    return tl::unexpected(XmlError{XmlError::Kind::Missing, words.substr(0, kMaxError), 0, {path, 0, 0}});
  }
  return parse_xml(*text, path, variables);
}

}  // namespace gander::config
