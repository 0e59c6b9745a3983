#include "live/scan_loop_parts.h"

#include <algorithm>

#include "base/file.h"
#include "base/priority.h"

namespace gander::live {
namespace {

base::Instant wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

}  // namespace

std::chrono::nanoseconds ScanLoop::Pace::rest(uint64_t files, uint64_t bytes) {
  std::chrono::nanoseconds most{};
  if (seconds_ > 0) {
    seen_ += files;
    most = std::chrono::seconds(seen_ / static_cast<uint64_t>(files_) * static_cast<uint64_t>(seconds_));
    seen_ %= static_cast<uint64_t>(files_);
  }
  if (bytes_ > 0) {
    const Clock::time_point now = Clock::now();
    const std::chrono::duration<double> price(static_cast<double>(bytes) / static_cast<double>(bytes_));
    free_ = std::max(free_, now) + std::chrono::duration_cast<Clock::duration>(price);
    most = std::max<std::chrono::nanoseconds>(most, free_ - now);
  }
  return most;
}

ScanLoop::Files::Files(const ScanSetup& setup, integrity::WatchPlan p, integrity::Baseline b, ScanOutbox& outbox,
                       ScanReport& report, integrity::ContentSource& prefilter, const std::atomic<bool>& stop)
    : plan(std::move(p)),
      baseline(std::move(b)),
      pool(setup.threads > 0 ? setup.threads : integrity::ThreadPool::allowed_processors(), base::give_way),
      contents(base::join(setup.settings.home, "queue/diff/local"), setup.settings.compat),
      scan_sink(outbox, report, setup.settings.compat, integrity::Origin::Scan, stop),
      live_sink(outbox, report, setup.settings.compat, integrity::Origin::RealTime, stop),
      pace(setup),
      scanner(plan, baseline, pool, scan_sink, with_pace(options(setup, prefilter, stop), setup)),
      live(plan, baseline, own_pool, live_sink, reading_on(options(setup, prefilter, stop))),
      schedule(setup.syscheck, setup.settings.zone, wall_now()) {}

void ScanLoop::Files::prepare(std::function<bool()> has_come, std::function<void()> real_time) {
  due = std::move(has_come);
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

// While changes are looked at, the kernel's queue must not run over: what it holds is taken, to be looked at later.
integrity::ScanOptions ScanLoop::Files::reading_on(integrity::ScanOptions o) {
  o.due = [this] {
    if (due) static_cast<void>(due());
    return false;
  };
  o.between = [] {};
  return o;
}

integrity::ScanOptions ScanLoop::Files::with_pace(integrity::ScanOptions o, const ScanSetup& setup) {
  if (setup.pause_seconds > 0 || setup.most_bytes > 0) o.pace = &pace;
  o.due = [this] { return due && due(); };
  o.between = [this] {
    if (between) between();
  };
  return o;
}

}  // namespace gander::live
