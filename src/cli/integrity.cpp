// `gander integrity`: scan, status, history, accept and verify; `watch` is in integrity_watch.cpp.

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>

#include "base/file.h"
#include "base/priority.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/integrity_home.h"
#include "cli/session.h"
#include "integrity/baseline.h"
#include "integrity/change_text.h"
#include "integrity/prefilter.h"
#include "integrity/scan_messages.h"
#include "integrity/scanner.h"
#include "integrity/thread_pool.h"

namespace gander::cli {

namespace {

struct Scanned {
  integrity::ScanSummary summary;
  std::chrono::duration<double> time{};
};

void tell(const Scanned& scanned, const IntegrityArguments& arguments) {
  const integrity::ScanSummary& s = scanned.summary;
  for (const std::string& note : s.notes) std::cerr << "gander: " << base::printable(note) << "\n";
  if (s.notes_left_out != 0) std::cerr << "gander: and " << s.notes_left_out << " more of these\n";
  if (arguments.quiet) return;
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.2f", scanned.time.count());
  std::cerr << (s.whole ? "" : "stopped: ") << s.files << " files in " << s.directories << " directories, "
            << s.read_files << " read (" << shown_bytes(s.read_bytes) << ") in " << seconds << " s; ";
  if (s.first) {
    std::cerr << "the baseline is made";
  } else {
    std::cerr << s.added << " new, " << s.changed << " changed, " << s.deleted << " deleted";
  }
  if (s.unreadable != 0) std::cerr << ", " << s.unreadable << " not readable";
  if (s.unsteady != 0) std::cerr << ", " << s.unsteady << " changing while they were read";
  if (s.unwatched != 0) std::cerr << ", " << s.unwatched << " not watched any more";
  std::cerr << "\n";
}

std::vector<integrity::Scanner::Dirty> dirty_paths(const std::vector<std::string>& paths) {
  std::vector<integrity::Scanner::Dirty> out;
  for (const std::string& path : paths) {
    const std::string absolute = std::filesystem::absolute(path).lexically_normal().string();
    std::error_code ignored;
    const bool directory = std::filesystem::is_directory(std::filesystem::symlink_status(absolute, ignored));
    out.push_back({absolute.size() > 1 && absolute.ends_with('/') ? absolute.substr(0, absolute.size() - 1) : absolute,
                   directory ? integrity::Scanner::Dirty::Reach::Tree : integrity::Scanner::Dirty::Reach::Entry,
                   std::nullopt});
  }
  return out;
}

Result<Scanned> run_scan(const IntegrityArguments& arguments, const IntegrityHome& home,
                         const integrity::WatchPlan& plan, integrity::Baseline& baseline,
                         integrity::ScanOptions::Differences differences) {
  const auto at_start = arguments.give_way ? std::function<void()>(base::give_way) : nullptr;
  if (at_start) at_start();
  integrity::ThreadPool pool(threads_of(arguments), at_start);
  Printer printer(arguments, integrity::Origin::Scan);
  integrity::ContentStore contents(home.queue + "/diff/local", arguments.compat);
  Prefilters prefilters(home.settings.prefilter_cmd);
  integrity::ScanOptions options = scan_options(arguments, home, contents, prefilters);
  options.differences = differences;
  integrity::Scanner scanner(plan, baseline, pool, printer, options);
  const auto started = std::chrono::steady_clock::now();
  Result<integrity::ScanSummary> summary =
      arguments.paths.empty() ? scanner.scan() : scanner.check(dirty_paths(arguments.paths));
  if (!summary) return tl::unexpected(summary.error());
  prefilters.tell();
  for (const std::string& note : contents.notes()) std::cerr << "gander: " << base::printable(note) << "\n";
  return Scanned{std::move(*summary), std::chrono::steady_clock::now() - started};
}

int scan(const IntegrityArguments& arguments, integrity::ScanOptions::Differences differences) {
  const std::optional<IntegrityHome> home = open_integrity_home(arguments);
  if (!home) return 2;
  const integrity::WatchPlan plan = make_plan(*home, arguments.compat);
  if (plan.roots().empty()) {
    std::cerr << "gander: the configuration watches nothing: <syscheck> has no <directories>\n";
    return 2;
  }
  Result<integrity::Baseline> baseline = open_for_writing(*home);
  if (!baseline) return refuse(baseline.error());
  const Result<Scanned> scanned = run_scan(arguments, *home, plan, *baseline, differences);
  if (!scanned) return refuse(scanned.error());
  if (scanned->summary.first && scanned->summary.whole) {
    if (const Result<void> kept = remember_packages(*baseline, plan); !kept) return refuse(kept.error());
  }
  tell(*scanned, arguments);
  if (!scanned->summary.whole) return 1;
  if (differences == integrity::ScanOptions::Differences::Accept) return 0;
  return scanned->summary.added + scanned->summary.changed + scanned->summary.deleted == 0 ? 0 : 1;
}

int status(const IntegrityArguments& arguments) {
  const std::optional<IntegrityHome> home = open_integrity_home(arguments);
  if (!home) return 2;
  Result<integrity::Baseline> baseline = integrity::Baseline::open(home->queue, integrity::OpenMode::ReadOnly);
  if (!baseline) return refuse(baseline.error());
  const Result<uint64_t> rows = baseline->row_count();
  if (!rows) return refuse(rows.error());
  uint64_t changes = 0;
  std::string last;
  const base::TimeZone zone = base::TimeZone::local();
  const auto listed = baseline->each_history("", [&](const integrity::HistoryEntry& e) {
    ++changes;
    last = log_line(zone, base::from_unix(e.time), e.kind + " " + integrity::shown_path(e.path));
  });
  if (!listed) return refuse(listed.error());
  const Result<std::optional<std::string>> complete = baseline->meta("complete");
  std::cout << "baseline: " << *rows << " files" << (complete && *complete ? "" : " (its first scan has not ended)")
            << "\nhistory:  " << changes << (changes == 1 ? " entry" : " entries") << "\n";
  if (!last.empty()) std::cout << "last:     " << shown_lines(last);
  return 0;
}

int history(const IntegrityArguments& arguments) {
  const std::optional<IntegrityHome> home = open_integrity_home(arguments);
  if (!home) return 2;
  Result<integrity::Baseline> baseline = integrity::Baseline::open(home->queue, integrity::OpenMode::ReadOnly);
  if (!baseline) return refuse(baseline.error());
  const base::TimeZone zone = base::TimeZone::local();
  uint64_t shown = 0;
  std::vector<std::string> paths = arguments.paths;
  if (paths.empty()) paths.emplace_back();
  for (const std::string& path : paths) {
    const auto listed = baseline->each_history(path, [&](const integrity::HistoryEntry& e) {
      ++shown;
      integrity::Change change;
      change.path = e.path;
      change.kind = e.after.empty()    ? integrity::ChangeKind::Deleted
                    : e.before.empty() ? integrity::ChangeKind::New
                                       : integrity::ChangeKind::Changed;
      change.before = integrity::unpack(e.before).value_or(integrity::FileState{});
      change.after = integrity::unpack(e.after).value_or(integrity::FileState{});
      change.difference = e.note;
      std::string text = integrity::event_text(change);
      if (!text.ends_with('\n')) text += '\n';
      const std::optional<model::Actor> actor = model::actor_from(e.who);
      const std::string head =
          log_line(zone, base::from_unix(e.time), e.kind + (actor ? " by " + actor->shown() : std::string()));
      std::cout << shown_lines(head) << shown_lines(text);
    });
    if (!listed) return refuse(listed.error());
  }
  if (shown == 0) std::cerr << "gander: nothing is known to have changed there\n";
  return shown == 0 ? 1 : 0;
}

int verify(const IntegrityArguments& arguments) {
  const std::optional<IntegrityHome> home = open_integrity_home(arguments);
  if (!home) return 2;
  Result<integrity::Baseline> baseline = integrity::Baseline::open(home->queue, integrity::OpenMode::ReadOnly);
  if (!baseline) {
    refuse(baseline.error());
    return baseline.error().code == "I022" ? 1 : 2;
  }
  const integrity::Verdict verdict = baseline->verify();
  for (const std::string& finding : verdict.findings) std::cout << base::printable(finding) << "\n";
  std::cout << verdict.rows << " files, " << verdict.history
            << " changes: " << (verdict.findings.empty() ? "as they were left" : "not as they were left") << "\n";
  return verdict.findings.empty() ? 0 : 1;
}

}  // namespace

int run(const IntegrityArguments& arguments) {
  using Differences = integrity::ScanOptions::Differences;
  if (arguments.action == "scan") return scan(arguments, Differences::Tell);
  if (arguments.action == "watch") return watch_files(arguments);
  if (arguments.action == "accept" && arguments.package) return accept_package(arguments);
  if (arguments.action == "accept") return scan(arguments, Differences::Accept);
  if (arguments.action == "status") return status(arguments);
  if (arguments.action == "history") return history(arguments);
  return verify(arguments);
}

}  // namespace gander::cli
