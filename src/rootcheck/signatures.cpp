#include "rootcheck/signatures.h"

#include <algorithm>

namespace gander::rootcheck {
namespace {

constexpr std::string_view kBlanks = " \t";

std::string regex_error(int code, const regex_t& expression) {
  char text[256] = {};
  ::regerror(code, &expression, text, sizeof text);
  return text;
}

struct RegexFree {
  void operator()(regex_t* r) const {
    ::regfree(r);
    delete r;
  }
};

// Null: `why` says what is wrong.
std::shared_ptr<regex_t> compiled(const std::string& text, std::string& why) {
  auto* raw = new regex_t();
  // Strings are searched many at once, a line each.
  const int code = ::regcomp(raw, text.c_str(), REG_EXTENDED | REG_NOSUB | REG_NEWLINE);
  if (code == 0) return {raw, RegexFree()};
  why = regex_error(code, *raw);
  delete raw;
  return nullptr;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

std::vector<NumberedLine> lines_of(std::string_view text) {
  std::vector<NumberedLine> out;
  int number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    const size_t begin = line.find_first_not_of(kBlanks);
    if (begin == std::string_view::npos) continue;
    line.remove_prefix(begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    out.push_back({line, number, static_cast<int>(begin) + 1});
  }
  return out;
}

std::vector<FileSignature> parse_file_signatures(std::string_view text, const std::string& file, model::Compat compat,
                                                 Diagnostics& findings) {
  std::vector<FileSignature> out;
  size_t globals = 0;
  for (const NumberedLine& line : lines_of(text)) {
    const SourcePos at{file, line.number, line.column};
    // "PATH ! NAME ::LINK"
    const size_t mark = line.text.find('!');
    const bool blank_behind = mark != std::string_view::npos && mark + 1 < line.text.size() &&
                              kBlanks.find(line.text[mark + 1]) != std::string_view::npos;
    FileSignature s;
    if (blank_behind) s.path = trimmed(line.text.substr(0, mark));
    if (s.path.empty()) {
      findings.warning("I030", "this line is no signature of a file", at, "PATH ! NAME ::LINK");
      continue;
    }
    std::string_view name = trimmed(line.text.substr(mark + 1));
    name = trimmed(name.substr(0, name.find(':')));
    if (compat == model::Compat::Ossec43) name = name.substr(0, name.find_first_of(kBlanks));
    s.name = name;
    if (s.path.front() == '*') {
      s.global = true;
      s.path.erase(0, s.path.starts_with("*/") ? 2 : 1);
      if (s.path.empty()) {
        findings.warning("I030", "this line is no signature of a file", at, "*NAME ! NAME ::LINK");
        continue;
      }
      if (++globals > kMostGlobalNames) {
        if (globals == kMostGlobalNames + 1) {
          findings.warning("I030", "more than 512 names are to be looked for everywhere; the others are left out", at,
                           {}, {"(1250): ERROR: Maximum number of global files reached: 512"});
        }
        continue;
      }
    } else if (s.path.front() == '/') {
      s.path.erase(0,
                   s.path.find_first_not_of('/') == std::string::npos ? s.path.size() : s.path.find_first_not_of('/'));
    }
    out.push_back(std::move(s));
  }
  return out;
}

std::vector<TrojanSignature> parse_trojan_signatures(std::string_view text, const std::string& file,
                                                     model::Compat compat, Diagnostics& findings) {
  static_cast<void>(compat);
  std::vector<TrojanSignature> out;
  for (const NumberedLine& line : lines_of(text)) {
    const SourcePos at{file, line.number, line.column};
    // "FILE !REGEX!DESCRIPTION"
    const size_t first = line.text.find('!');
    const size_t second = first == std::string_view::npos ? first : line.text.find('!', first + 1);
    TrojanSignature s;
    if (second != std::string_view::npos) {
      s.file = trimmed(line.text.substr(0, first));
      s.text = trimmed(line.text.substr(first + 1, second - first - 1));
      s.description = trimmed(line.text.substr(second + 1));
    }
    if (s.file.empty() || s.text.empty()) {
      findings.warning("I030", "this line is no signature of a program", at, "FILE !EXPRESSION!DESCRIPTION");
      continue;
    }
    std::string why;
    s.expression = compiled(s.text, why);
    if (!s.expression) {
      SourcePos there = at;
      there.column += static_cast<int>(first) + 1;
      findings.error("I034", "the expression '" + s.text + "' does not compile: " + why, there);
      continue;
    }
    if (s.description.empty()) s.description = "Generic";
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace gander::rootcheck
