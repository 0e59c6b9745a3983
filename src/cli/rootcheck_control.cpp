// `rootcheck_control`: queue/rootcheck, shown and cleared.

#include <fmt/format.h>

#include <iostream>

#include "base/file.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "cli/database_tools.h"
#include "live/root_findings.h"
#include "output/alert_time.h"

namespace gander::cli {
namespace {

using live::RootFinding;

constexpr int kNoRootFile = 11;
constexpr int64_t kResolvedAfter = 86400;

bool is_scan_message(std::string_view text) {
  for (const std::string_view words :
       {"Starting rootcheck scan", "Ending rootcheck scan", "Starting syscheck scan", "Ending syscheck scan"}) {
    if (text.starts_with(words)) return true;
  }
  return false;
}

// Findings of files and processes stand beside those of policies; each begins with what it is.
std::string shown_finding(const std::string& text) {
  for (const std::string_view words : {"System Audit:", "Application Found:", "Windows Audit:", "Windows Malware:"}) {
    if (text.starts_with(words)) return text;
  }
  return "System Audit: " + text;
}

class RootListing {
 public:
  RootListing(const DatabaseArguments& arguments, std::vector<RootFinding> findings, base::TimeZone zone)
      : arguments_(arguments), findings_(std::move(findings)), time_(std::move(zone)) {
    for (const RootFinding& f : findings_) {
      if (f.text.starts_with("Starting rootcheck scan")) last_scan_ = f.last;
    }
    std::erase_if(findings_, [](const RootFinding& f) { return is_scan_message(f.text); });
  }

  std::string text(const KnownAgent& agent) {
    std::string out = "\nPolicy and auditing events for " + shown_agent(agent) + ":\n";
    if (arguments_.last_scan) out += "\nLast scan: " + (last_scan_ == 0 ? "Unknown" : date(last_scan_)) + "\n\n";
    for (const bool resolved : {true, false}) {
      if (!wanted(resolved)) continue;
      out += resolved ? "\nResolved events: \n\n" : "\nOutstanding events: \n\n";
      bool any = false;
      for (const RootFinding& f : findings_) {
        if (is_resolved(f) != resolved) continue;
        any = true;
        if (!arguments_.last_scan) {
          out += fmt::format("{} (first time detected: {})\n", date(f.last), date(f.first));
        }
        out += base::printable(shown_finding(f.text)) + "\n\n";
      }
      if (!any) out += "** No entries found.\n";
    }
    return out;
  }

  std::string csv() {
    std::string out;
    each([&](const RootFinding& f, std::string_view status) {
      out += fmt::format("{},{},{},{}\n", status, date(f.last), date(f.first), base::printable(f.text));
    });
    return out;
  }

  std::string json() {
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.number("error", 0);
    json.open_array("response");
    each([&](const RootFinding& f, std::string_view status) {
      json.open_object();
      json.string("status", status);
      json.string("readDay", date(f.last));
      json.string("oldDay", date(f.first));
      json.string("event", f.text);
      json.close_object();
    });
    json.close_array();
    json.close_object();
    return out;
  }

 private:
  bool is_resolved(const RootFinding& f) const { return last_scan_ - f.last > kResolvedAfter; }
  bool wanted(bool resolved) const {
    return arguments_.part == DatabaseArguments::Part::Both ||
           (arguments_.part == DatabaseArguments::Part::Resolved) == resolved;
  }
  template <class Take>
  void each(Take take) {
    for (const bool resolved : {true, false}) {
      if (!wanted(resolved)) continue;
      for (const RootFinding& f : findings_) {
        if (is_resolved(f) == resolved) take(f, resolved ? "resolved" : "outstanding");
      }
    }
  }
  std::string date(int64_t seconds) { return std::string(time_.ossec(base::from_unix(seconds))); }

  const DatabaseArguments& arguments_;
  std::vector<RootFinding> findings_;
  output::AlertTime time_;
  int64_t last_scan_ = 0;
};

}  // namespace

int run_rootcheck_control(const DatabaseArguments& arguments, const std::string& home) {
  if (arguments.what == DatabaseArguments::What::Clear) {
    return clear_databases(arguments, home, "rootcheck", "Policy and auditing database updated");
  }
  const std::optional<KnownAgent> agent = find_agent(home, arguments.id);
  if (!agent) return refuse_database(arguments, kNoAgentWithRoots, "Invalid agent id '" + arguments.id + "'.");
  const std::string file = base::join(home, "queue/rootcheck/" + agent->location("rootcheck"));
  std::string content;
  if (base::exists(file)) {
    Result<std::string> read = base::read_file(file);
    if (!read) return refuse_database(arguments, kNoRootFile, read.error().message);
    content = std::move(*read);
  }
  RootListing listing(arguments, live::parse_findings(content), base::TimeZone::local());
  std::cout << (arguments.form == DatabaseArguments::Form::Json  ? listing.json()
                : arguments.form == DatabaseArguments::Form::Csv ? listing.csv()
                                                                 : listing.text(*agent));
  return 0;
}

}  // namespace gander::cli
