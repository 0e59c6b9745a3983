// FilterPrograms: runs of prefilter_cmd that the responder started for the scanner.
//
// Owns:    the processes; those that run for more than a minute are killed.
// Threads: one thread.
// Fails:   the answer says why a run could not be started.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "collect/record.h"
#include "live/link.h"

namespace gander::live {

class FilterPrograms {
 public:
  static constexpr size_t kMost = 16;  // at once
  static constexpr std::chrono::seconds kPatience{60};

  ~FilterPrograms();
  // `command` is this process's own reading of the configuration; answers over the link.
  void run(const std::string& command, std::string_view question, Link& scanner, collect::Moment now);
  void step(collect::Moment now);
  bool idle() const { return running_.empty(); }

 private:
  struct Run {
    pid_t pid = -1;
    collect::Steady begin{};
  };
  std::vector<Run> running_;
};

}  // namespace gander::live
