#include "cli/rehearse.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <iostream>

#include "base/file.h"
#include "base/json_text.h"
#include "cli/session.h"
#include "cli/shown_text.h"
#include "cli/stored_files.h"
#include "collect/feed_file.h"
#include "manager/input_clock.h"
#include "report/alert_reader.h"
#include "respond/rehearsal.h"

namespace gander::cli {
namespace {

namespace fs = std::filesystem;
using respond::Rehearsal;

class RehearsalRun {
 public:
  RehearsalRun(const RespondArguments& arguments, Session session, base::Instant from, base::Instant now)
      : arguments_(arguments),
        session_(std::move(session)),
        from_(from),
        now_(now),
        guard_(host_, respond::AllowList(session_.config.global, arguments.compat)),
        rehearsal_(session_.config, arguments.compat, guard_) {
    for (const auto& rule : session_.ruleset->tree().rules) {
      if (rule->no_active_response) silent_.insert(rule->info.id);
    }
  }

  int run() {
    std::vector<std::string> files = arguments_.files;
    if (files.empty()) files = stored_files(session_.layout.state, StoredKind::Alerts, from_, now_, session_.zone);
    if (files.empty())
      std::cerr << "gander: no alerts of that time below " << session_.layout.state << "/logs/alerts\n";
    bool all = true;
    report::AlertReader reader(
        model::Compat::Mended, "gander", [&](const model::StoredAlert& alert) { add(alert); },
        [](const std::string& problem) { std::cerr << problem << "\n"; });
    for (const std::string& file : files) {
      const Result<void> done = collect::feed_file(file, [&](std::string_view bytes) { reader.feed(bytes); });
      reader.finish();
      if (done) continue;
      std::cerr << "gander: " << done.error().message << "\n";
      all = false;
    }
    if (arguments_.output == "json")
      print_json();
    else
      print_table();
    return all ? 0 : 1;
  }

 private:
  void add(const model::StoredAlert& alert) {
    const std::optional<base::Instant> time = time_of(alert);
    if (!time) {
      ++undated_;
      return;
    }
    if (*time < from_ || *time > now_) return;
    respond::Occasion o;
    o.rule = alert.rule;
    o.level = alert.level;
    if (alert.group) o.group = *alert.group;
    if (o.group.starts_with(' ')) o.group.remove_prefix(1);
    if (silent_.contains(alert.rule)) o.answers = respond::RuleAnswers::Never;
    if (alert.user) o.dst_user = *alert.user;
    o.src_user = alert.src_user;
    if (alert.src_ip) o.srcip = *alert.src_ip;
    if (alert.filename) o.filename = *alert.filename;
    o.location = alert.location;
    // "host->/var/log/x" is this host; "(agent) address->/var/log/x" another.
    const size_t arrow = o.location.find("->");
    if (!o.location.starts_with('(') && arrow != std::string_view::npos) o.location.remove_prefix(arrow + 2);
    o.alert_id = alert.id;
    o.event_time = *time;
    rehearsal_.add(o);
  }

  static std::optional<base::Instant> time_of(const model::StoredAlert& alert) {
    int64_t seconds = 0;
    const auto [end, error] = std::from_chars(alert.id.data(), alert.id.data() + alert.id.size(), seconds);
    if (error != std::errc() || end == alert.id.data() + alert.id.size() || *end != '.') return std::nullopt;
    return base::from_unix(seconds);
  }

  std::string when(base::Instant t) const {
    const base::Civil c = session_.zone.civil(t);
    return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", c.year, c.month, c.day, c.hour, c.minute, c.second);
  }

  void print_table() const {
    const Rehearsal::Totals& t = rehearsal_.totals();
    const std::vector<Rehearsal::Row> rows = rehearsal_.rows();
    if (!rows.empty())
      fmt::print("{:<18} {:<40} {:>6} {:>7} {:>9}  {:<19}  {:<19}  {}\n", "RESPONSE", "TARGET", "RUNS", "REPEATS",
                 "IN FORCE", "FIRST", "LAST", "RULES");
    for (const Rehearsal::Row& row : rows) {
      std::string rules;
      for (const model::RuleId id : row.rules) rules += (rules.empty() ? "" : ",") + std::to_string(id);
      fmt::print("{:<18} {:<40} {:>6} {:>7} {:>9}  {:<19}  {:<19}  {}{}\n", shown_text(row.response),
                 shown_text(row.target), row.runs, row.repeats, shown_duration(row.in_force), when(row.first),
                 when(row.last), rules, row.refused.empty() ? "" : "  not run: " + row.refused);
    }
    fmt::print("{}since {}: {} alerts, {} of them answered: {} runs of scripts on {} targets\n",
               rows.empty() ? "" : "\n", when(from_), t.alerts, t.answered, t.runs, rows.size());
    fmt::print("not run: {} guarded, {} allowed, {} with hostile or unusable arguments, {} for agents\n", t.refused,
               t.allowed, t.invalid, t.remote);
    if (undated_ > 0) fmt::print("{} alerts without a readable time were left out\n", undated_);
    if (t.beyond > 0) fmt::print("{} answers to more targets than fit were left out\n", t.beyond);
  }

  void print_json() const {
    const Rehearsal::Totals& t = rehearsal_.totals();
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.number("since", base::unix_seconds(from_));
    json.number("alerts", t.alerts);
    json.number("answered", t.answered);
    json.number("runs", t.runs);
    json.number("guarded", t.refused);
    json.number("allowed", t.allowed);
    json.number("invalid", t.invalid);
    json.number("remote", t.remote);
    json.number("undated", undated_);
    json.number("beyond", t.beyond);
    json.open_array("targets");
    std::string rows;
    for (const Rehearsal::Row& row : rehearsal_.rows()) rows += (rows.empty() ? "" : ",") + row_json(row);
    out += rows + "]}\n";
    std::cout << out << std::flush;
  }

  static std::string row_json(const Rehearsal::Row& row) {
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.string("response", row.response);
    json.string("executable", row.executable);
    json.string("target", row.target);
    json.number("runs", row.runs);
    json.number("repeats", row.repeats);
    json.number("seconds_in_force", row.in_force.count());
    json.number("first", base::unix_seconds(row.first));
    json.number("last", base::unix_seconds(row.last));
    json.open_array("rules");
    for (const model::RuleId id : row.rules) json.element(std::to_string(id));
    json.close_array();
    json.string_if_any("not_run", row.refused);
    json.close_object();
    return out;
  }

  const RespondArguments& arguments_;
  Session session_;
  base::Instant from_;
  base::Instant now_;
  respond::LiveHost host_;
  respond::Guard guard_;
  Rehearsal rehearsal_;
  std::set<model::RuleId> silent_;
  size_t undated_ = 0;
};

}  // namespace

int rehearse(const RespondArguments& arguments) {
  Result<Session> session = open_session(arguments, {}, {}, config::Scope::Analysis);
  if (!session) {
    std::cerr << "gander: " << session.error().message << "\n";
    return 2;
  }
  if (show_findings(session->diagnostics, Findings::Errors) > 0 || !session->ruleset) return 2;
  const base::Instant now = manager::wall_now();
  const Result<base::Instant> from = time_since(arguments.since.empty() ? "7d" : arguments.since, now, session->zone);
  if (!from) {
    std::cerr << "gander: " << from.error().message << "\n";
    return 2;
  }
  return RehearsalRun(arguments, std::move(*session), *from, now).run();
}

}  // namespace gander::cli
