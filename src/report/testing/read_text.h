// Alerts out of a text, and reports out of alerts, for the tests.
#pragma once

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "report/alert_reader.h"
#include "report/report.h"

namespace gander::report::testing {

inline std::string golden_file(const std::string& path) {
  std::ifstream in(std::string(GANDER_SOURCE_DIR) + "/tests/golden/cases/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Read {
  std::vector<model::StoredAlert> alerts;
  std::vector<std::string> problems;
  ReadCounters counters;
};

// `piece`: bytes given at a time; 0 = all at once.
inline Read read_text(std::string_view text, model::Compat compat, size_t piece = 0) {
  Read out;
  AlertReader reader(
      compat, "ossec-reportd", [&](const model::StoredAlert& a) { out.alerts.push_back(a); },
      [&](const std::string& p) { out.problems.push_back(p); });
  if (piece == 0) piece = text.size() + 1;
  for (size_t at = 0; at < text.size(); at += piece) reader.feed(text.substr(at, piece));
  reader.finish();
  out.counters = reader.counters();
  return out;
}

inline Report make_report(ReportOptions options, const std::vector<model::StoredAlert>& alerts) {
  Report report(std::move(options));
  for (const model::StoredAlert& a : alerts) report.add(a);
  return report;
}

inline std::string rendered(void (*render)(const Report&, const Bytes&), const Report& report) {
  std::string out;
  render(report, [&](std::string_view bytes) { out.append(bytes); });
  return out;
}

// Shell-like words: blanks between, '…' and "…" around.
inline std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  char quote = 0;
  bool open = false;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word.push_back(c);
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      open = true;
    } else if (c == ' ' || c == '\n') {
      if (open) words.push_back(word);
      word.clear();
      open = false;
    } else {
      word.push_back(c);
      open = true;
    }
  }
  if (open) words.push_back(word);
  return words;
}

inline ReportOptions options_from(std::string_view arguments, model::Compat compat) {
  ReportOptions options;
  options.compat = compat;
  const std::vector<std::string> words = words_of(arguments);
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "-s") options.show_alerts = true;
    if (words[i] == "-n") options.title = words.at(++i);
    if (words[i] == "-f") {
      (void)options.set_filter(words.at(i + 1), words.at(i + 2));
      i += 2;
    } else if (words[i] == "-r") {
      (void)options.set_relation(words.at(i + 1), words.at(i + 2));
      i += 2;
    }
  }
  return options;
}

}  // namespace gander::report::testing
