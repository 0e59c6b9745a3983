// `rootcheck_control`: queue/rootcheck, shown and cleared; and what it shares with syscheck_control.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/database_tools.h"
#include "cli/layout.h"
#include "live/root_findings.h"
#include "output/alert_time.h"

namespace gander::cli {
namespace {

using live::RootFinding;

constexpr int kNoAgentForRoots = 10;
constexpr int kNoRootFile = 11;
constexpr int kNoAgentForFiles = 30;
constexpr int kNotCleared = 33;
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

Result<void> empty_file(const std::string& path) {
  const base::Descriptor fd(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno != ENOENT) return fail("I002", path + ": " + std::strerror(errno));
  return {};
}

// ".syscheck.cpt", ".syscheck.maint"; the marker of an agent stands for both of its locations.
void drop_marks(const std::string& folder, const std::string& location) {
  ::unlink(base::join(folder, "." + location + ".cpt").c_str());
  const std::string agent = location.substr(0, location.find("->"));
  ::unlink(base::join(folder, "." + agent + ".maint").c_str());
}

}  // namespace

std::string shown_agent(const KnownAgent& agent) {
  const std::string name = base::printable(agent.name);
  if (agent.local()) return fmt::format("local system '{} - {}'", name, agent.address);
  return fmt::format("agent '{} ({}) - {}'", name, agent.id, base::printable(agent.address_with_prefix()));
}

int refuse_database(const DatabaseArguments& arguments, int code, std::string_view text) {
  if (arguments.form == DatabaseArguments::Form::Json) {
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.number("error", code);
    json.string("description", text);
    json.close_object();
    std::cout << out;
  } else {
    std::cout << "\n** " << base::printable(text) << "\n";
  }
  return 1;
}

int clear_databases(const DatabaseArguments& arguments, const std::string& home, std::string_view folder,
                    std::string_view done) {
  const std::string path = base::join(home, "queue/" + std::string(folder));
  std::vector<std::string> locations;
  if (arguments.id == "all") {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with('.')) {
        ::unlink(entry.path().c_str());
      } else {
        locations.push_back(name);
      }
    }
  } else {
    const std::optional<KnownAgent> agent = find_agent(home, arguments.id);
    if (!agent) {
      return refuse_database(arguments, folder == "rootcheck" ? kNoAgentForRoots : kNoAgentForFiles,
                             "Invalid agent id '" + arguments.id + "'.");
    }
    locations.push_back(agent->location(folder));
    if (!agent->local() && folder == "syscheck") locations.push_back(agent->location("syscheck-registry"));
  }
  for (const std::string& location : locations) {
    if (const Result<void> emptied = empty_file(base::join(path, location)); !emptied) {
      return refuse_database(arguments, kNotCleared, emptied.error().message);
    }
    if (folder == "syscheck") drop_marks(path, location);
  }
  if (arguments.form == DatabaseArguments::Form::Json) {
    std::cout << fmt::format(R"({{"error":0,"response":"{}"}})", done);
  } else {
    std::cout << "\n** " << done << ".\n\n";
  }
  return 0;
}

int run_rootcheck_control(const DatabaseArguments& arguments, const std::string& home) {
  if (arguments.what == DatabaseArguments::What::Clear) {
    return clear_databases(arguments, home, "rootcheck", "Policy and auditing database updated");
  }
  const std::optional<KnownAgent> agent = find_agent(home, arguments.id);
  if (!agent) return refuse_database(arguments, kNoAgentForRoots, "Invalid agent id '" + arguments.id + "'.");
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

int run(const DatabaseArguments& arguments) {
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) {
    std::cerr << "gander: " << layout.error().message << "\n";
    return 1;
  }
  if (arguments.what == DatabaseArguments::What::Agents) {
    std::cout << agent_list(layout->state, arguments.tool, arguments.active_only, arguments.form);
    return 0;
  }
  return arguments.kind == DatabaseArguments::Kind::Files ? run_syscheck_control(arguments, layout->state)
                                                          : run_rootcheck_control(arguments, layout->state);
}

}  // namespace gander::cli
