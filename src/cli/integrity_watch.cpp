// `gander integrity watch`: a scan, then every change as it happens, and a scan again when one is due.

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "base/descriptor.h"
#include "base/priority.h"
#include "base/utf8.h"
#include "cli/integrity_home.h"
#include "integrity/scan_schedule.h"
#include "integrity/thread_pool.h"
#include "integrity/watch.h"

namespace gander::cli {
namespace {

using Clock = std::chrono::steady_clock;

// SIGINT and SIGTERM as a descriptor: the loop ends at a place where nothing is half done.
base::Descriptor end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return base::Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

class WatchLoop {
 public:
  WatchLoop(const IntegrityArguments& arguments, const IntegrityHome& home, const integrity::WatchPlan& plan,
            integrity::Baseline& baseline, integrity::Watch& watch, integrity::WorkPool& pool)
      : arguments_(arguments),
        watch_(watch),
        contents_(home.queue + "/diff/local", arguments.compat),
        filters_(home.settings.prefilter_cmd),
        scan_printer_(arguments, integrity::Origin::Scan),
        live_printer_(arguments, integrity::Origin::RealTime),
        scanner_(plan, baseline, pool, scan_printer_, with_between(scan_options(arguments, home, contents_, filters_))),
        live_(plan, baseline, inline_, live_printer_, scan_options(arguments, home, contents_, live_filters(home))),
        schedule_(home.settings, base::TimeZone::local(), wall_clock()),
        run_now_(home.state + "/var/run/.syscheck_run") {
    const auto see = [this](const std::string& path, const integrity::WatchRoot&) { watch_.watch_directory(path); };
    scanner_.on_directory(see);
    live_.on_directory(see);
  }

  int run(int signals) {
    while (!ended_) {
      if (schedule_.due(wall_clock()) || ::unlink(run_now_.c_str()) == 0) {
        if (const int status = scan(); status != 0) return status;
      }
      wait(signals);
      changes();
      if (failure_) return refuse(*failure_);
    }
    return 0;
  }

 private:
  integrity::ScanOptions with_between(integrity::ScanOptions options) {
    options.due = [this] {
      watch_.read(Clock::now());
      const auto next = watch_.next();
      return next && *next <= Clock::now();
    };
    options.between = [this] { changes(); };
    return options;
  }
  Prefilters& live_filters(const IntegrityHome& home) {
    live_filters_ = std::make_unique<Prefilters>(home.settings.prefilter_cmd);
    return *live_filters_;
  }

  int scan() {
    const Result<integrity::ScanSummary> done = scanner_.scan();
    if (!done) return refuse(done.error());
    schedule_.done(wall_clock());
    for (const std::string& note : done->notes) std::cerr << "gander: " << base::printable(note) << "\n";
    if (!arguments_.quiet) {
      std::cerr << "gander: " << done->files << " files scanned; watching by " << watch_.means() << "\n";
    }
    return 0;
  }

  // What the kernel has told, as far as it has come to rest.
  void changes() {
    if (failure_) return;
    watch_.read(Clock::now());
    const std::vector<integrity::Scanner::Dirty> dirty = watch_.take(Clock::now());
    for (const std::string& note : watch_.take_notes()) std::cerr << "gander: " << base::printable(note) << "\n";
    if (dirty.empty()) return;
    const Result<integrity::ScanSummary> done = live_.check(dirty);
    if (!done) failure_ = done.error();
  }

  void wait(int signals) {
    auto most = std::chrono::duration_cast<std::chrono::milliseconds>(schedule_.until_next(wall_clock()));
    if (const auto next = watch_.next()) {
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(*next - Clock::now());
      most = std::clamp(left + std::chrono::milliseconds(1), std::chrono::milliseconds(0), most);
    }
    struct pollfd fds[] = {{watch_.descriptor(), POLLIN, 0}, {signals, POLLIN, 0}};
    ::poll(fds, 2, static_cast<int>(most.count()));
    ended_ = (fds[1].revents & POLLIN) != 0;
  }

  const IntegrityArguments& arguments_;
  integrity::Watch& watch_;
  integrity::ContentStore contents_;
  Prefilters filters_;
  std::unique_ptr<Prefilters> live_filters_;
  Printer scan_printer_;
  Printer live_printer_;
  integrity::InlinePool inline_;
  integrity::Scanner scanner_;
  integrity::Scanner live_;
  integrity::ScanSchedule schedule_;
  std::string run_now_;
  std::optional<Error> failure_;
  bool ended_ = false;
};

}  // namespace

int watch_files(const IntegrityArguments& arguments) {
  const std::optional<IntegrityHome> home = open_integrity_home(arguments);
  if (!home) return 2;
  const integrity::WatchPlan plan = make_plan(*home, arguments.compat);
  if (plan.roots().empty()) {
    std::cerr << "gander: the configuration watches nothing: <syscheck> has no <directories>\n";
    return 2;
  }
  const base::Descriptor signals = end_signals();
  Result<integrity::Baseline> baseline = open_for_writing(*home);
  if (!baseline) return refuse(baseline.error());
  Result<integrity::Watch> watch = integrity::Watch::open(plan, {});
  if (!watch) return refuse(watch.error());
  integrity::ThreadPool pool(threads_of(arguments), base::give_way);
  return WatchLoop(arguments, *home, plan, *baseline, *watch, pool).run(signals.get());
}

}  // namespace gander::cli
