// ScanReport: what the scanner's thread wants known: its state and lines for the log.
//
// Threads: any.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "live/scan_work.h"

namespace gander::live {

class ScanReport {
 public:
  explicit ScanReport(std::function<void()> ring) : ring_(std::move(ring)) {}

  void log(Severity severity, std::string text) {
    {
      const base::MutexLock lock(mutex_);
      log_.push_back({severity, std::move(text)});
    }
    ring_();
  }
  template <class Change>
  void change(Change change) {
    const base::MutexLock lock(mutex_);
    change(status_);
  }
  std::vector<ScanLog> take_log() {
    const base::MutexLock lock(mutex_);
    return std::exchange(log_, {});
  }
  ScanStatus status() const {
    const base::MutexLock lock(mutex_);
    return status_;
  }

 private:
  std::function<void()> ring_;
  mutable base::Mutex mutex_;
  std::vector<ScanLog> log_ GANDER_GUARDED_BY(mutex_);
  ScanStatus status_ GANDER_GUARDED_BY(mutex_);
};

}  // namespace gander::live
