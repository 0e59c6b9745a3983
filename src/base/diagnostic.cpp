#include "base/diagnostic.h"

#include <algorithm>
#include <fstream>
#include <utility>

namespace gander {
namespace {

// Elements whose content is nobody else's business, and what follows the host in an address: stars of the same number,
// so that the caret stays where it belongs.
void hide_secrets(std::string& line) {
  const auto hide = [&](size_t from, size_t to) {
    for (size_t i = from; i < std::min(to, line.size()); ++i) line[i] = '*';
  };
  for (const std::string_view name : {"url", "key", "header", "password", "smtp_password"}) {
    const std::string begin = "<" + std::string(name) + ">";
    for (size_t at = line.find(begin); at != std::string::npos; at = line.find(begin, at + 1)) {
      hide(at + begin.size(), line.find('<', at + 1));
    }
  }
  for (size_t at = line.find("://"); at != std::string::npos; at = line.find("://", at + 1)) {
    const size_t path = line.find_first_of("/<", at + 3);
    if (path != std::string::npos && line[path] == '/') hide(path + 1, line.find('<', path));
  }
}

std::string source_line(const SourcePos& at) {
  std::ifstream in(at.file, std::ios::binary);
  std::string line;
  bool configuration = false;  // only there; in rules <url> is a pattern that people must see
  for (int n = 0; n < at.line; ++n) {
    if (!std::getline(in, line)) return {};
    configuration = configuration || line.find("<ossec_config") != std::string::npos;
  }
  if (configuration) hide_secrets(line);
  for (char& c : line) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = c == '\t' ? ' ' : '?';
  }
  return line;
}

size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

std::string caret_lines(const Diagnostic& d) {
  constexpr size_t kWindow = 160;  // a minified file must not flood the screen
  std::string line = source_line(d.at);
  if (line.empty()) return {};
  size_t column = d.at.column > 0 ? static_cast<size_t>(d.at.column) - 1 : 0;
  if (column > line.size()) column = line.size();
  if (line.size() > kWindow) {
    const size_t from = column > kWindow / 2 ? column - kWindow / 2 : 0;
    line = line.substr(from, kWindow);
    column -= from;
  }
  std::string number = std::to_string(d.at.line);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  std::string out = number + " | " + line + "\n";
  if (d.at.column > 0) {
    const size_t width = std::max<size_t>(1, std::min<size_t>(static_cast<size_t>(std::max(1, d.length)),
                                                              line.size() > column ? line.size() - column : 1));
    out += std::string(number.size(), ' ') + " | " + std::string(column, ' ') + std::string(width, '^');
    if (!d.hint.empty()) out += " " + d.hint;
    out += "\n";
    return out;
  }
  return out;
}

}  // namespace

void Diagnostics::add(Diagnostic d) {
  if (d.severity == Severity::Error) ++errors_;
  if (d.severity == Severity::Warning) ++warnings_;
  entries_.push_back(std::move(d));
}

void Diagnostics::error(ErrorCode code, std::string message, SourcePos at, std::string hint,
                        std::vector<std::string> ossec_lines) {
  add({Severity::Error, code, std::move(message), std::move(at), 1, std::move(hint), std::move(ossec_lines)});
}

void Diagnostics::warning(ErrorCode code, std::string message, SourcePos at, std::string hint,
                          std::vector<std::string> ossec_lines) {
  add({Severity::Warning, code, std::move(message), std::move(at), 1, std::move(hint), std::move(ossec_lines)});
}

void Diagnostics::note(std::string ossec_line) {
  Diagnostic d;
  d.severity = Severity::Note;
  d.ossec_lines.push_back(std::move(ossec_line));
  add(std::move(d));
}

std::string render(const Diagnostic& d, Colour colour) {
  const bool on = colour == Colour::On;
  const char* const tint = d.severity == Severity::Error ? "\033[1;31m" : "\033[1;33m";
  const char* const word = d.severity == Severity::Error     ? "error"
                           : d.severity == Severity::Warning ? "warning"
                                                             : "note";
  std::string out;
  if (!d.at.file.empty()) {
    out += d.at.file;
    if (d.at.line > 0) {
      out += ":" + std::to_string(d.at.line);
      if (d.at.column > 0) out += ":" + std::to_string(d.at.column);
    }
    out += ": ";
  }
  if (on) out += tint;
  out += word;
  if (!d.code.empty()) out.append("[").append(d.code).append("]");
  if (on) out += "\033[0m";
  out += ": " + d.message + "\n";
  const std::string lines = d.at.line > 0 ? caret_lines(d) : std::string();
  out += lines;
  if (!d.hint.empty() && (lines.empty() || d.at.column <= 0)) out += "      hint: " + d.hint + "\n";
  return out;
}

std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& known, size_t most) {
  std::vector<std::pair<size_t, std::string>> found;
  const size_t bound = std::max<size_t>(1, word.size() / 3);
  for (const std::string& k : known) {
    const size_t d = edit_distance(word, k);
    if (d <= bound) found.emplace_back(d, k);
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> out;
  for (size_t i = 0; i < found.size() && i < most; ++i) out.push_back(found[i].second);
  return out;
}

std::string nearest_hint(std::string_view word, const std::vector<std::string>& known) {
  std::string out;
  for (const std::string& k : nearest(word, known)) out += (out.empty() ? "nearest: " : ", ") + k;
  return out;
}

}  // namespace gander
