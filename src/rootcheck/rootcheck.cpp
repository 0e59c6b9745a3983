#include "rootcheck/rootcheck.h"

#include <functional>

#include "base/file.h"
#include "rootcheck/file_checks.h"
#include "rootcheck/interface_check.h"
#include "rootcheck/policy_run.h"
#include "rootcheck/port_check.h"
#include "rootcheck/process_check.h"
#include "rootcheck/system_walk.h"

namespace gander::rootcheck {
namespace {

class Run {
 public:
  Run(const Settings& settings, Sink& sink) : settings_(settings), options_(settings.options), sink_(sink) {}

  bool run() {
    sink_.log(Severity::Note, "rootcheck: INFO: Starting rootcheck scan.");
    sink_.finding("Starting rootcheck scan.");
    const std::pair<const char*, std::function<void()>> checks[] = {
        {"files", [&] { files(); }},
        {"trojans", [&] { trojans(); }},
        {"unixaudit", [&] { policies(); }},
        {"dev", [&] { check_devices(settings_, sink_); }},
        {"sys", [&] { walk_system(signatures_, settings_, sink_); }},
        {"pids", [&] { check_processes(settings_, sink_); }},
        {"ports", [&] { check_ports(settings_, sink_); }},
        {"if", [&] { check_interfaces(settings_, sink_); }},
    };
    for (const auto& [name, check] : checks) {
      if (options_.runs(name)) check();
      if (!sink_.go_on()) return false;
    }
    sink_.finding("Ending rootcheck scan.");
    sink_.log(Severity::Note, "rootcheck: INFO: Ending rootcheck scan.");
    return true;
  }

 private:
  // Nothing: it is said.
  std::optional<std::string> content(const std::string& path, const char* what) {
    if (path.empty()) {
      if (settings_.exact()) sink_.log(Severity::Note, std::string("rootcheck: No ") + what + " file configured.");
      return std::nullopt;
    }
    Result<std::string> text = base::read_file(path);
    if (text) return std::move(*text);
    sink_.log(Severity::Error,
              std::string("rootcheck: No ") + what + " file: '" + path + "' (" + text.error().message + ")");
    return std::nullopt;
  }

  void tell(const Diagnostics& findings) {
    for (const Diagnostic& d : findings.entries()) {
      std::string text = render(d, Colour::Off);
      while (text.ends_with('\n')) text.pop_back();
      sink_.log(d.severity, std::move(text));
    }
  }

  void files() {
    const auto text = content(options_.rootkit_files, "rootcheck_files");
    if (!text) return;
    Diagnostics findings;
    signatures_ = parse_file_signatures(*text, options_.rootkit_files, settings_.compat, findings);
    tell(findings);
    check_rootkit_files(signatures_, settings_, sink_);
  }

  void trojans() {
    const auto text = content(options_.rootkit_trojans, "rootcheck_trojans");
    if (!text) return;
    Diagnostics findings;
    const auto signatures = parse_trojan_signatures(*text, options_.rootkit_trojans, settings_.compat, findings);
    tell(findings);
    check_trojans(signatures, settings_, sink_);
  }

  void policies() {
    for (const std::string& path : options_.system_audit) {
      const auto text = content(path, "unixaudit");
      if (!text) continue;
      Diagnostics findings;
      const Policy policy = Policy::parse(*text, path, settings_.compat, findings);
      tell(findings);
      run_policy(policy, "System Audit", settings_, sink_);
    }
  }

  const Settings& settings_;
  const config::Rootcheck& options_;
  Sink& sink_;
  std::vector<FileSignature> signatures_;
};

}  // namespace

bool run(const Settings& settings, Sink& sink) {
  return Run(settings, sink).run();
}

}  // namespace gander::rootcheck
