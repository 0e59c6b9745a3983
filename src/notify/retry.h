// Retry: when to try again after a failure: twice as long each time, up to a longest wait.
//
// Threads: values.
// Fails:   cannot.
#pragma once

#include <algorithm>

#include "base/time.h"

namespace gander::notify {

class Retry {
 public:
  Retry(base::Seconds first, base::Seconds longest) : first_(first), longest_(longest) {}

  bool due(base::Instant now) const { return failures_ == 0 || now >= next_; }
  base::Instant next() const { return next_; }
  int failures() const { return failures_; }

  // `at_least`: what the other side asked for.
  void failed(base::Instant now, base::Seconds at_least = base::Seconds{0}) {
    const int doublings = std::min(failures_, 20);
    ++failures_;
    const base::Seconds wait = std::min(longest_, first_ * (int64_t{1} << doublings));
    next_ = now + std::max(wait, std::min(at_least, base::Seconds{3600}));
  }
  void succeeded() { failures_ = 0; }
  // A clock that was set back must not keep everyone waiting.
  void clock_moved(base::Instant now) {
    if (failures_ != 0 && next_ > now + std::max(longest_, base::Seconds{3600})) next_ = now;
  }

 private:
  base::Seconds first_;
  base::Seconds longest_;
  base::Instant next_{};
  int failures_ = 0;
};

}  // namespace gander::notify
