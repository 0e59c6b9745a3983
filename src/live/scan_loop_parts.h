// The parts of ScanLoop that live as long as one opened baseline, and those of one root check.
#pragma once

#include "integrity/thread_pool.h"
#include "live/scan_loop.h"

namespace gander::live {

// syscheck.sleep: a pause after so many files; syscheck.max_read_mb: no more than so many bytes a second.
class ScanLoop::Pace final : public integrity::Pace {
 public:
  explicit Pace(const ScanSetup& setup)
      : seconds_(setup.pause_seconds), files_(setup.pause_files), bytes_(setup.most_bytes) {}
  std::chrono::nanoseconds rest(uint64_t files, uint64_t bytes) override;

 private:
  int seconds_;
  int files_;
  uint64_t bytes_;  // a second; 0: no limit
  uint64_t seen_ = 0;
  Clock::time_point free_{};  // when what was read so far has had its time
};

struct ScanLoop::Files {
  Files(const ScanSetup& setup, integrity::WatchPlan p, integrity::Baseline b, ScanOutbox& outbox, ScanReport& report,
        integrity::ContentSource& prefilter, const std::atomic<bool>& stop);
  // `between`: real time, at places of a scan where nothing is half done, when `due` says that it has something.
  void prepare(std::function<bool()> due, std::function<void()> between);

  integrity::WatchPlan plan;
  integrity::Baseline baseline;
  integrity::ThreadPool pool;      // of scans
  integrity::InlinePool own_pool;  // of real time, which must not stand behind a scan's files
  integrity::ContentStore contents;
  OutboxSink scan_sink;
  OutboxSink live_sink;
  Pace pace;
  std::function<bool()> due;
  std::function<void()> between;
  integrity::Scanner scanner;
  integrity::Scanner live;
  integrity::ScanSchedule schedule;
  std::optional<integrity::Watch> watch;
  std::vector<integrity::Scanner::Dirty> failed;  // could not be told
  bool find_again = false;

 private:
  integrity::ScanOptions options(const ScanSetup& setup, integrity::ContentSource& prefilter,
                                 const std::atomic<bool>& stop);
  integrity::ScanOptions reading_on(integrity::ScanOptions o);
  integrity::ScanOptions with_pace(integrity::ScanOptions o, const ScanSetup& setup);
};

}  // namespace gander::live
