// The parts of ScanLoop that live as long as one opened baseline, and those of one root check.
#pragma once

#include "live/scan_loop.h"

namespace gander::live {

// syscheck.sleep: a pause after so many files.
class ScanLoop::Pace final : public integrity::Pace {
 public:
  Pace(int seconds, int files, const std::atomic<bool>& stop, int wake)
      : seconds_(seconds), files_(files), stop_(stop), wake_(wake) {}
  void before(uint64_t files, uint64_t bytes) override;

 private:
  int seconds_;
  int files_;
  const std::atomic<bool>& stop_;
  int wake_;
  uint64_t seen_ = 0;
};

struct ScanLoop::Files {
  Files(const ScanSetup& setup, integrity::WatchPlan p, integrity::Baseline b, ScanOutbox& outbox, ScanReport& report,
        integrity::ContentSource& prefilter, const std::atomic<bool>& stop, int wake);
  // `between`: real time, at places of a scan where nothing is half done.
  void prepare(std::function<void()> between);

  integrity::WatchPlan plan;
  integrity::Baseline baseline;
  integrity::InlinePool pool;
  integrity::ContentStore contents;
  OutboxSink scan_sink;
  OutboxSink live_sink;
  Pace pace;
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
  integrity::ScanOptions with_pace(integrity::ScanOptions o, const ScanSetup& setup);
};

}  // namespace gander::live
