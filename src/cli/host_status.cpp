#include "cli/host_status.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <map>
#include <ostream>
#include <string_view>

namespace gander::cli {
namespace {

using simdjson::dom::element;
using simdjson::dom::object;

std::string_view text(element e, std::string_view key) {
  std::string_view value;
  return e[key].get(value) == simdjson::SUCCESS ? value : std::string_view{};
}

int64_t number(element e, std::string_view key) {
  int64_t value = 0;
  return e[key].get(value) == simdjson::SUCCESS ? value : 0;
}

// One line of the ledger: every record that came in is analysed, a repeat, refused or waiting.
struct LedgerLine {
  std::string_view name;
  std::string_view state;
  std::string_view trouble;
  int64_t in = 0;
  int64_t analysed = 0;
  int64_t repeats = 0;
  int64_t refused = 0;
  int64_t truncated = 0;
  int64_t waiting_bytes = 0;
};

void add_sources(element status, const char* process, const char* array,
                 std::map<std::string_view, LedgerLine>& lines) {
  simdjson::dom::array sources;
  if (status[process][array].get(sources) != simdjson::SUCCESS) return;
  for (const element s : sources) {
    LedgerLine& line = lines[text(s, "source")];
    line.name = text(s, "name");
    line.state = text(s, "state");
    line.trouble = text(s, "trouble");
    line.waiting_bytes = number(s, "waiting_bytes");
  }
}

std::map<std::string_view, LedgerLine> ledger_of(element status) {
  std::map<std::string_view, LedgerLine> lines;
  object ledger;
  if (status["analysis"]["ledger"].get(ledger) == simdjson::SUCCESS) {
    for (const auto& [source, counts] : ledger) {
      LedgerLine& line = lines[source];
      line.in = number(counts, "in");
      line.analysed = number(counts, "analysed");
      line.repeats = number(counts, "repeats");
      line.refused = number(counts, "refused");
      line.truncated = number(counts, "truncated");
    }
  }
  add_sources(status, "collector", "sources", lines);
  add_sources(status, "responder", "commands", lines);
  return lines;
}

void show_scanner(element status, std::ostream& out) {
  element scanner;
  if (status["scanner"].get(scanner) != simdjson::SUCCESS || text(scanner, "doing").empty()) return;
  out << fmt::format("\nscanner: {}; {} files, {} changes told", text(scanner, "doing"), number(scanner, "files"),
                     number(scanner, "changes"));
  const std::string_view means = text(scanner, "watch");
  const std::string_view why = text(scanner, "no_watch");
  if (!means.empty() || !why.empty()) {
    out << fmt::format("; watched {}{}{}", means.empty() ? "by scans only" : "by ", means,
                       why.empty() ? "" : fmt::format(" ({})", why));
  }
  if (number(scanner, "last_rootcheck") > 0) {
    out << fmt::format("; {} findings of the last root checks", number(scanner, "findings"));
  }
  out << "\n";
  if (const std::string_view trouble = text(scanner, "trouble"); !trouble.empty()) {
    out << "TROUBLE: " << trouble << "\n";
  }
}

bool show_processes(element status, std::ostream& out) {
  bool good = true;
  simdjson::dom::array processes;
  if (status["processes"].get(processes) != simdjson::SUCCESS) return false;
  out << fmt::format("{:12} {:>8} {:10} {:>8}\n", "process", "pid", "state", "restarts");
  for (const element p : processes) {
    out << fmt::format("{:12} {:>8} {:10} {:>8}\n", text(p, "role"), number(p, "pid"), text(p, "state"),
                       number(p, "restarts"));
    good = good && text(p, "state") != "starting" && text(p, "state") != "missing";
  }
  for (const element p : processes) {
    if (const std::string_view trouble = text(p, "trouble"); !trouble.empty())
      out << fmt::format("TROUBLE: no {}: {}\n", text(p, "role"), trouble);
  }
  const auto show_missing = [&](std::string_view role) {
    simdjson::dom::array missing;
    if (status[role]["missing_protection"].get(missing) != simdjson::SUCCESS) return;
    for (const element m : missing) {
      std::string_view what;
      if (m.get(what) == simdjson::SUCCESS) out << fmt::format("{} is without protection: {}\n", role, what);
    }
  };
  show_missing("supervisor");
  for (const element p : processes) show_missing(text(p, "role"));
  return good;
}

}  // namespace

bool show_status(const std::string& status, std::ostream& out) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(status).get(root) != simdjson::SUCCESS) {
    out << status;
    return false;
  }
  out << fmt::format("home {}, running for {} s\n\n", text(root, "home"), number(root, "running_seconds"));
  bool good = show_processes(root, out);
  element analysis;
  if (root["analysis"].get(analysis) == simdjson::SUCCESS) {
    out << fmt::format("\nsince the start: {} events, {} alerts, {} responses asked for\n", number(analysis, "events"),
                       number(analysis, "alerts"), number(analysis, "responses"));
    if (const std::string_view trouble = text(analysis, "trouble"); !trouble.empty()) {
      out << "TROUBLE: " << trouble << "\n";
      good = false;
    }
  }
  show_scanner(root, out);
  out << fmt::format("\n{:>12} {:>12} {:>10} {:>10} {:>10} {:>12}  source\n", "in", "analysed", "repeats", "refused",
                     "truncated", "bytes left");
  for (const auto& [source, l] : ledger_of(root)) {
    out << fmt::format("{:>12} {:>12} {:>10} {:>10} {:>10} {:>12}  {}{}{}\n", l.in, l.analysed, l.repeats, l.refused,
                       l.truncated, l.waiting_bytes, l.name.empty() ? source : l.name,
                       l.state.empty() || l.state == "following" ? "" : fmt::format(" ({})", l.state),
                       l.trouble.empty() ? "" : fmt::format(": {}", l.trouble));
  }
  return good;
}

}  // namespace gander::cli
