// DailyReports: after midnight the reports of the day that ended are made and put into the mail spool.
//
// Days that passed while nobody ran are reported too, the last kMostDays of them.
//
// Owns:    the list of what is to be made.
// Threads: one thread.
// Cost:    does not block but to write a mail; the maker may answer later.
// Fails:   cannot: what cannot be made is said in the log; what cannot be written is tried again.
// OSSEC:   as ossec-monitord (docs/compat.md).
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "notify/mail_spool.h"
#include "notify/retry.h"
#include "notify/settings.h"
#include "notify/state_file.h"

namespace gander::notify {

class DailyReports {
 public:
  static constexpr int64_t kMostDays = 7;

  DailyReports(const Settings& settings, MailSpool& spool, StateFile& state);

  std::optional<base::Instant> step(base::Instant now);
  bool idle() const { return jobs_.empty() && !busy_; }
  // Whether a mail was put into the spool since it was last asked.
  bool mailed() { return std::exchange(mailed_, false); }

 private:
  struct Job {
    size_t report;
    int64_t day;  // since 1970
  };
  void find_jobs(base::Instant now);
  void start();
  void made(Result<ReportText> text);
  bool mail_it(base::Instant now);
  void over();
  std::string title() const;

  const Settings& settings_;
  MailSpool& spool_;
  StateFile& state_;
  std::deque<Job> jobs_;
  bool mailed_ = false;
  bool busy_ = false;                // the maker has the first job
  std::optional<ReportText> ready_;  // of the first job, to be mailed
  Retry retry_{base::Seconds{5}, base::Seconds{60}};
  std::shared_ptr<DailyReports*> self_;  // the maker may answer when we are gone
};

}  // namespace gander::notify
