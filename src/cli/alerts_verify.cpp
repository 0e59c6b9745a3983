// `gander alerts verify`: the hash chain of the alert files, checked.

#include <iostream>

#include "base/file.h"
#include "base/utf8.h"
#include "cli/alerts_parts.h"
#include "manager/input_clock.h"
#include "store/alert_query.h"
#include "store/chain_verify.h"
#include "store/state_db.h"

namespace gander::cli {
namespace {

int refuse(const Error& error) {
  std::cerr << "gander: " << error.message << "\n";
  return 2;
}

void add_heads(const std::string& home, store::VerifyOptions& options) {
  Result<store::StateDb> state =
      store::StateDb::open(base::join(home, "queue/gander.db"), store::StateDb::Access::ReadOnly, {});
  if (!state) return;
  for (const auto& [kind, key] : {std::pair(store::LogKind::Alerts, "chain:alerts"),
                                  std::pair(store::LogKind::AlertsJson, "chain:alerts-json")}) {
    const Result<std::optional<std::string>> text = state->value(key);
    const std::optional<store::ChainHead> head = text && *text ? store::ChainHead::from_text(**text) : std::nullopt;
    if (head) options.heads.emplace_back(kind, *head);
  }
}

void print(const store::Finding& finding) {
  std::string out = finding.file;
  if (finding.at) out += ": byte " + std::to_string(*finding.at);
  if (finding.line > 0) out += " (line " + std::to_string(finding.line);
  if (finding.line > 0 && !finding.alert.empty()) base::append_printable(out += ", alert ", finding.alert);
  if (finding.line > 0) out += ")";
  std::cout << out << ": " << finding.text << "\n";
}

}  // namespace

int verify_alerts(const AlertsArguments& arguments, const std::string& home) {
  const Result<store::ChainKey> key =
      store::ChainKey::load(base::join(home, "etc/alerts.key"), store::ChainKey::Missing::Fail);
  if (!key) return refuse(key.error());
  store::VerifyOptions options;
  options.home = home;
  if (!arguments.since.empty()) {
    const base::TimeZone zone = base::TimeZone::local();
    const Result<base::Instant> since = store::query_time(arguments.since, manager::wall_now(), zone);
    if (!since) return refuse(since.error());
    options.since = store::Day::of(zone.civil(*since));
  }
  add_heads(home, options);
  const store::VerifyReport report = store::verify_alerts(*key, options);
  for (const std::string& note : report.notes) std::cerr << "gander: " << note << "\n";
  for (const store::Finding& finding : report.findings) print(finding);
  if (report.more_findings > 0) std::cout << "and " << report.more_findings << " more\n";
  std::cout << report.files << " files, " << report.records << " records, " << report.bytes
            << " bytes: " << (report.findings.empty() ? "all as it was written" : "NOT as it was written") << "\n";
  return report.findings.empty() ? 0 : 1;
}

}  // namespace gander::cli
