#include "live/scan_loop_parts.h"

#include <poll.h>

#include "base/file.h"

namespace gander::live {
namespace {

base::Instant wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

void ScanLoop::Pace::before(uint64_t files, uint64_t) {
  if (seconds_ == 0 || stop_) return;
  seen_ += files;
  const uint64_t pauses = seen_ / static_cast<uint64_t>(files_);
  seen_ %= static_cast<uint64_t>(files_);
  pollfd wake{wake_, POLLIN, 0};
  if (pauses > 0) ::poll(&wake, 1, static_cast<int>(pauses) * seconds_ * 1000);
}

ScanLoop::Files::Files(const ScanSetup& setup, integrity::WatchPlan p, integrity::Baseline b, ScanOutbox& outbox,
                       ScanReport& report, integrity::ContentSource& prefilter, const std::atomic<bool>& stop, int wake)
    : plan(std::move(p)),
      baseline(std::move(b)),
      contents(base::join(setup.settings.home, "queue/diff/local"), setup.settings.compat),
      scan_sink(outbox, report, setup.settings.compat, integrity::Origin::Scan, stop),
      live_sink(outbox, report, setup.settings.compat, integrity::Origin::RealTime, stop),
      pace(setup.pause_seconds, setup.pause_files, stop, wake),
      scanner(plan, baseline, pool, scan_sink, with_pace(options(setup, prefilter, stop), setup)),
      live(plan, baseline, pool, live_sink, options(setup, prefilter, stop)),
      schedule(setup.syscheck, setup.settings.zone, wall_now()) {}

void ScanLoop::Files::prepare(std::function<void()> real_time) {
  between = std::move(real_time);
  const auto see = [this](const std::string& path, const integrity::WatchRoot&) {
    if (watch) watch->watch_directory(path);
  };
  scanner.on_directory(see);
  live.on_directory(see);
}

integrity::ScanOptions ScanLoop::Files::options(const ScanSetup& setup, integrity::ContentSource& prefilter,
                                                const std::atomic<bool>& stop) {
  integrity::ScanOptions o;
  o.now = wall_now;
  o.stop = &stop;
  o.contents = &contents;
  if (!setup.syscheck.prefilter_cmd.empty()) {
    o.source = [&prefilter](size_t) { return &prefilter; };
  }
  return o;
}

integrity::ScanOptions ScanLoop::Files::with_pace(integrity::ScanOptions o, const ScanSetup& setup) {
  if (setup.pause_seconds > 0) o.pace = &pace;
  o.between = [this] {
    if (between) between();
  };
  return o;
}

}  // namespace gander::live
