// `gander rules backtest`: what a new rule file would have raised on old logs, archives or stored alerts.

#include <fmt/format.h>
#include <simdjson.h>

#include <iostream>

#include "base/json_text.h"
#include "cli/rules_parts.h"
#include "cli/shown_text.h"
#include "cli/stored_files.h"
#include "collect/feed_file.h"
#include "collect/log_reader.h"
#include "manager/input_clock.h"
#include "report/alert_reader.h"
#include "ruletools/backtest.h"

namespace gander::cli {
namespace {

using ruletools::Backtest;

// "host->/var/log/x" is /var/log/x of this host; "(agent) address->file" stays.
std::string_view location_of(std::string_view origin) {
  const size_t arrow = origin.find("->");
  return origin.starts_with('(') || arrow == std::string_view::npos ? origin : origin.substr(arrow + 2);
}

struct StoredLine {
  base::Instant time{};
  std::string location;
  std::string text;
};

// "2026 Jan 15 12:00:00", as archives have it.
std::optional<base::Instant> archive_time(std::string_view text, const base::TimeZone& zone) {
  constexpr size_t kLength = 20;
  if (text.size() < kLength) return std::nullopt;
  const auto number = [&](size_t at, size_t length) -> int {
    int value = 0;
    for (const char c : text.substr(at, length)) {
      if (c != ' ' && (c < '0' || c > '9')) return -1;
      if (c != ' ') value = value * 10 + (c - '0');
    }
    return value;
  };
  base::Civil c;
  c.year = number(0, 4);
  c.month = base::month_number(text.substr(5));
  c.day = number(9, 2);
  c.hour = number(12, 2);
  c.minute = number(15, 2);
  c.second = number(18, 2);
  const bool good = c.year > 0 && c.month > 0 && c.day > 0 && c.hour >= 0 && c.minute >= 0 && c.second >= 0;
  return good ? std::optional(zone.instant(c)) : std::nullopt;
}

// A line of archives.log: TIME ORIGIN FULLLOG (docs/formats/archives.md).
std::optional<StoredLine> archive_line(std::string_view line, const base::TimeZone& zone) {
  constexpr size_t kStamp = 21;
  const std::optional<base::Instant> time = archive_time(line, zone);
  if (!time || line.size() <= kStamp) return std::nullopt;
  std::string_view rest = line.substr(kStamp);
  const size_t arrow = rest.starts_with('(') ? rest.find("->") : rest.substr(0, rest.find(' ')).find("->");
  const size_t blank = rest.find(' ', arrow == std::string_view::npos ? 0 : arrow);
  if (blank == std::string_view::npos) return std::nullopt;
  return StoredLine{*time, std::string(location_of(rest.substr(0, blank))), std::string(rest.substr(blank + 1))};
}

// A line of archives.json.
std::optional<StoredLine> archive_object(std::string_view line, const base::TimeZone& zone,
                                         simdjson::dom::parser& parser) {
  simdjson::dom::element object;
  if (parser.parse(line.data(), line.size()).get(object) != simdjson::SUCCESS) return std::nullopt;
  const auto member = [&](const char* key) {
    std::string_view text;
    return object[key].get(text) == simdjson::SUCCESS ? text : std::string_view();
  };
  const std::optional<base::Instant> time = archive_time(member("timestamp"), zone);
  if (!time || member("full_log").empty()) return std::nullopt;
  return StoredLine{*time, std::string(location_of(member("logfile"))), std::string(member("full_log"))};
}

class BacktestRun {
 public:
  BacktestRun(const RulesArguments& arguments, const Session& session, std::shared_ptr<const engine::Ruleset> after,
              base::Instant from, base::Instant now)
      : arguments_(arguments),
        session_(session),
        from_(from),
        now_(now),
        backtest_(session.ruleset, std::move(after), session.engine_options) {}

  int run() {
    feed();
    if (arguments_.output == "json")
      print_json();
    else
      print_table();
    return complete_ ? 0 : 1;
  }

 private:
  void feed() {
    if (!arguments_.paths.empty()) {
      source_ = "logs";
      for (const std::string& file : arguments_.paths) log(file);
      return;
    }
    std::vector<std::string> files =
        stored_files(session_.layout.state, StoredKind::Archives, from_, now_, session_.zone);
    if (!files.empty()) {
      source_ = "archives";
      for (const std::string& file : files) archive(file);
      return;
    }
    source_ = "alerts";
    files = stored_files(session_.layout.state, StoredKind::Alerts, from_, now_, session_.zone);
    if (files.empty()) {
      std::cerr << "gander: neither archives nor alerts of that time below " << session_.layout.state << "/logs\n";
      complete_ = false;
    }
    for (const std::string& file : files) alerts(file);
  }

  void problem(const Error& error) {
    std::cerr << "gander: " << error.message << "\n";
    complete_ = false;
  }

  void line(std::string_view text, std::string_view location, base::Instant time) {
    if (time < from_) return;
    backtest_.line(text, location, time);
  }

  void log(const std::string& path) {
    collect::ReadOptions options;
    options.compat = arguments_.compat;
    Result<collect::LogReader> reader = collect::LogReader::open(path, options);
    if (!reader) return problem(reader.error());
    Result<manager::InputClock> clock = manager::InputClock::parse("event", {session_.zone, {}});
    if (!clock) return problem(clock.error());
    clock->begin_input(reader->changed());
    collect::Block block;
    for (;;) {
      const Result<bool> more = reader->next(block);
      if (!more) return problem(more.error());
      if (!*more) return;
      for (size_t i = 0; i < block.size(); ++i) {
        line(block.line(i), path, clock->at(block.number(i), block.line(i)));
      }
    }
  }

  void archive(const std::string& path) {
    const bool json = path.find(".json") != std::string::npos;
    Result<collect::LogReader> reader = collect::LogReader::open(path);
    if (!reader) return problem(reader.error());
    simdjson::dom::parser parser;
    collect::Block block;
    for (;;) {
      const Result<bool> more = reader->next(block);
      if (!more) return problem(more.error());
      if (!*more) return;
      for (size_t i = 0; i < block.size(); ++i) {
        const std::optional<StoredLine> stored =
            json ? archive_object(block.line(i), session_.zone, parser) : archive_line(block.line(i), session_.zone);
        if (stored)
          line(stored->text, stored->location, stored->time);
        else
          ++unread_;
      }
    }
  }

  void alerts(const std::string& path) {
    report::AlertReader reader(
        model::Compat::Mended, "gander",
        [&](const model::StoredAlert& alert) {
          int64_t seconds = 0;
          const auto [end, error] = std::from_chars(alert.id.data(), alert.id.data() + alert.id.size(), seconds);
          if (error != std::errc() || *end != '.' || alert.log.empty()) {
            ++unread_;
            return;
          }
          line(alert.log.front(), location_of(alert.location), base::from_unix(seconds));
        },
        [](const std::string& text) { std::cerr << text << "\n"; });
    const Result<void> done = collect::feed_file(path, [&](std::string_view bytes) { reader.feed(bytes); });
    reader.finish();
    if (!done) problem(done.error());
  }

  std::string when(base::Instant t) const {
    const base::Civil c = session_.zone.civil(t);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
  }

  static std::string instead_text(const Backtest::Row& row) {
    std::string out;
    for (const auto& [id, count] : row.instead) {
      out += (out.empty() ? "" : ", ") + std::to_string(count) +
             (id == 0 ? " were silent" : " were of rule " + std::to_string(id));
    }
    return out;
  }

  std::vector<std::string> files() const { return {arguments_.file}; }

  void print_table() const {
    fmt::print("{:>6} {:>5} {:>8} {:>8}  {:<19}  {:<19}  {}\n", "RULE", "LEVEL", "ALERTS", "SOURCES", "FIRST", "LAST",
               "DESCRIPTION");
    for (const Backtest::Row& row : backtest_.rows(files())) {
      fmt::print("{:>6} {:>5} {:>8} {:>8}  {:<19}  {:<19}  {}\n", row.rule->info.id, row.rule->info.level, row.alerts,
                 row.sources.size(), row.alerts > 0 ? when(row.first) : "-", row.alerts > 0 ? when(row.last) : "-",
                 shown_text(row.rule->info.description.value_or("(none)")));
      if (row.alerts > 0) fmt::print("       before: {}\n", instead_text(row));
      for (const std::string& example : row.examples) fmt::print("       {}\n", shown_text(example));
    }
    const auto changed = backtest_.changed(files());
    if (!changed.empty()) fmt::print("\nother rules:\n");
    for (const auto& [id, counts] : changed) {
      fmt::print("{:>6} raises {} alerts instead of {}\n", id, counts.second, counts.first);
    }
    const Backtest::Totals& t = backtest_.totals();
    fmt::print("\n{} lines of {}: {} alerts, {} with the new rules\n", t.lines, source_, t.before, t.after);
    if (source_ == "alerts")
      fmt::print("only lines that raised an alert are stored: what was silent is not among them\n");
    if (unread_ > 0) fmt::print("{} stored lines could not be read and were left out\n", unread_);
  }

  void print_json() const {
    std::string rows;
    for (const Backtest::Row& row : backtest_.rows(files())) rows += (rows.empty() ? "" : ",") + row_json(row);
    const Backtest::Totals& t = backtest_.totals();
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.string("source", source_);
    json.number("lines", t.lines);
    json.number("alerts_before", t.before);
    json.number("alerts_after", t.after);
    json.number("unread", unread_);
    json.open_object("other_rules");
    for (const auto& [id, counts] : backtest_.changed(files())) {
      json.open_object(std::to_string(id));
      json.number("before", counts.first);
      json.number("after", counts.second);
      json.close_object();
    }
    json.close_object();
    json.open_array("rules");
    std::cout << out << rows << "]}\n" << std::flush;
  }

  static std::string row_json(const Backtest::Row& row) {
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.number("id", row.rule->info.id);
    json.number("level", row.rule->info.level);
    json.string("description", row.rule->info.description.value_or(""));
    json.number("alerts", row.alerts);
    json.number("sources", row.sources.size());
    if (row.alerts > 0) {
      json.number("first", base::unix_seconds(row.first));
      json.number("last", base::unix_seconds(row.last));
    }
    json.open_object("before");
    for (const auto& [id, count] : row.instead) json.number(id == 0 ? "silent" : std::to_string(id), count);
    json.close_object();
    json.open_array("examples");
    for (const std::string& example : row.examples) json.element(example);
    json.close_array();
    json.close_object();
    return out;
  }

  const RulesArguments& arguments_;
  const Session& session_;
  base::Instant from_;
  base::Instant now_;
  Backtest backtest_;
  std::string source_;
  uint64_t unread_ = 0;
  bool complete_ = true;
};

}  // namespace

int rules_backtest(const RulesArguments& arguments) {
  const std::optional<Session> session = open_rules(arguments, arguments.zone);
  if (!session) return 2;
  const auto after = with_files(*session, arguments.decoders, arguments.file);
  if (!after) return 2;
  const base::Instant now = manager::wall_now();
  base::Instant from = base::from_unix(0);
  if (!arguments.since.empty() || arguments.paths.empty()) {
    const Result<base::Instant> since =
        time_since(arguments.since.empty() ? "30d" : arguments.since, now, session->zone);
    if (!since) return refuse_rules(since.error());
    from = *since;
  }
  return BacktestRun(arguments, *session, after, from, now).run();
}

}  // namespace gander::cli
