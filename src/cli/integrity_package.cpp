// `gander integrity accept --package`: an upgrade is a line for each package, the rest is told.

#include <algorithm>
#include <iostream>

#include "base/file.h"
#include "base/utf8.h"
#include "cli/integrity_home.h"
#include "integrity/package_judge.h"
#include "integrity/thread_pool.h"

namespace gander::cli {
namespace {

constexpr const char* kDpkg = "/var/lib/dpkg";
constexpr const char* kRpm = "/var/lib/rpm";
constexpr const char* kOwned = "package_paths";

}  // namespace

int accept_package(const IntegrityArguments& arguments) {
  const std::optional<IntegrityHome> home = open_integrity_home(arguments);
  if (!home) return 2;
  const Result<integrity::PackageDatabase> packages = integrity::PackageDatabase::load(kDpkg);
  if (!packages) {
    std::cerr << "gander: " << base::printable(packages.error().message);
    if (base::exists(kRpm)) std::cerr << "; the database of rpm cannot be read yet";
    std::cerr << "\n";
    return 2;
  }
  const integrity::WatchPlan plan = make_plan(*home, arguments.compat);
  Result<integrity::Baseline> baseline = open_for_writing(*home);
  if (!baseline) return refuse(baseline.error());
  const Result<std::optional<std::string>> owned = baseline->meta(kOwned);
  if (!owned) return refuse(owned.error());
  integrity::PackageJudge judge(
      *packages, integrity::PackageDatabase::parse_owned(*owned ? std::string_view(**owned) : std::string_view()));
  integrity::ThreadPool pool(threads_of(arguments));
  Printer printer(arguments, integrity::Origin::Scan);
  integrity::ContentStore contents(home->queue + "/diff/local", arguments.compat);
  Prefilters prefilters(home->settings.prefilter_cmd);
  integrity::ScanOptions options = scan_options(arguments, *home, contents, prefilters);
  options.explain = [&](const integrity::Change& change) { return judge.explain(change); };
  integrity::Scanner scanner(plan, *baseline, pool, printer, options);
  const Result<integrity::ScanSummary> done = scanner.scan();
  if (!done) return refuse(done.error());
  for (const auto& [why, count] : judge.counts()) {
    std::cout << base::printable(why) << ": " << count << (count == 1 ? " file" : " files") << "\n";
  }
  if (const Result<void> kept = remember_packages(*baseline, *packages); !kept) return refuse(kept.error());
  const uint64_t rest = done->added + done->changed + done->deleted;
  if (!arguments.quiet) {
    std::cerr << done->explained << " changes explained by packages, " << rest << " not\n";
  }
  return rest == 0 ? 0 : 1;
}

Result<void> remember_packages(integrity::Baseline& baseline, const integrity::PackageDatabase& packages) {
  Result<void> done = baseline.begin();
  if (done) done = baseline.set_meta(kOwned, packages.owned());
  if (done) done = baseline.commit();
  return done;
}

// With the first baseline: a later removal can be told from an attacker's only by what was owned before.
Result<void> remember_packages(integrity::Baseline& baseline, const integrity::WatchPlan& plan) {
  const bool system = std::any_of(plan.roots().begin(), plan.roots().end(), [](const integrity::WatchRoot& root) {
    constexpr const char* kOwnedBySystem[] = {"/usr", "/etc", "/bin", "/sbin", "/lib", "/lib64", "/opt", "/boot"};
    return root.path == "/" || std::any_of(std::begin(kOwnedBySystem), std::end(kOwnedBySystem),
                                           [&](const char* top) { return integrity::is_below(root.path, top); });
  });
  if (!system) return {};
  const Result<integrity::PackageDatabase> packages = integrity::PackageDatabase::load(kDpkg);
  if (!packages) return {};  // no Debian system
  return remember_packages(baseline, *packages);
}

}  // namespace gander::cli
