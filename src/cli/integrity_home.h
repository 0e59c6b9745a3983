// IntegrityHome: what every `gander integrity` action needs: the configuration, the plan of what is watched, the folder
// of the baseline.
//
// Owns:    plain values.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "config/config.h"
#include "integrity/baseline.h"
#include "integrity/package_database.h"
#include "integrity/prefilter.h"
#include "integrity/scan_messages.h"
#include "integrity/scanner.h"
#include "integrity/sensitive_files.h"
#include "integrity/watch_plan.h"

namespace gander::cli {

struct IntegrityHome {
  config::Syscheck settings;
  std::shared_ptr<integrity::SensitiveFiles> sensitive;  // null: no <sensitive>
  std::string queue;                                     // STATE/queue
  std::string state;                                     // STATE
};

// Nothing when the configuration has errors; they are shown then.
std::optional<IntegrityHome> open_integrity_home(const IntegrityArguments& arguments);
// The plan, its findings shown.
integrity::WatchPlan make_plan(const IntegrityHome& home, model::Compat compat);

// "1.4 GB".
std::string shown_bytes(uint64_t bytes);
// Event text or path fit for a terminal: line ends stay, what acts on a display does not.
std::string shown_lines(std::string_view text);

base::Instant wall_clock();

// Changes as event texts, JSON or messages on standard output.
class Printer final : public integrity::ChangeSink {
 public:
  Printer(const IntegrityArguments& arguments, integrity::Origin origin) : arguments_(arguments), origin_(origin) {}
  Result<void> deliver(std::span<const integrity::Change> changes) override;

 private:
  const IntegrityArguments& arguments_;
  integrity::Origin origin_;
};

// Prefilters of the pool's workers, made when first asked for.
class Prefilters {
 public:
  explicit Prefilters(std::string command) : command_(std::move(command)) {}
  integrity::ContentSource* of(size_t worker);
  void tell() const;

 private:
  std::string command_;
  std::vector<std::unique_ptr<integrity::Prefilter>> filters_;
};

Result<integrity::Baseline> open_for_writing(const IntegrityHome& home);
size_t threads_of(const IntegrityArguments& arguments);
integrity::ScanOptions scan_options(const IntegrityArguments& arguments, const IntegrityHome& home,
                                    integrity::ContentStore& contents, Prefilters& prefilters);
// The error is said; the exit status for it.
int refuse(const Error& error);

// Which paths belong to packages now, kept in the baseline (integrity_package.cpp).
Result<void> remember_packages(integrity::Baseline& baseline, const integrity::PackageDatabase& packages);
Result<void> remember_packages(integrity::Baseline& baseline, const integrity::WatchPlan& plan);

int watch_files(const IntegrityArguments& arguments);     // integrity_watch.cpp
int accept_package(const IntegrityArguments& arguments);  // integrity_package.cpp

}  // namespace gander::cli
