// ScanLoop: the body of the scanner's thread (scan_work.h).
#pragma once

#include <deque>
#include <memory>

#include "integrity/content_store.h"
#include "integrity/scan_messages.h"
#include "integrity/scan_schedule.h"
#include "integrity/scanner.h"
#include "integrity/watch.h"
#include "live/scan_report.h"

namespace gander::live {

// Changes to the analysis; settle() returns when it has kept them.
class OutboxSink final : public integrity::ChangeSink {
 public:
  OutboxSink(ScanOutbox& outbox, ScanReport& report, model::Compat compat, integrity::Origin origin,
             const std::atomic<bool>& stop)
      : outbox_(outbox), report_(report), compat_(compat), origin_(origin), stop_(stop) {}
  // Hands over and goes on, as long as not too many wait.
  Result<void> deliver(std::span<const integrity::Change> changes) override;
  Result<void> settle() override;

 private:
  struct Sent {
    uint64_t ticket = 0;
    size_t lines = 0;
  };
  Result<void> wait_for_oldest();

  ScanOutbox& outbox_;
  ScanReport& report_;
  model::Compat compat_;
  integrity::Origin origin_;
  const std::atomic<bool>& stop_;
  std::deque<Sent> sent_;  // not known to be kept
};

class ScanLoop {
 public:
  ScanLoop(ScanSetup setup, ScanOutbox& outbox, integrity::ContentSource& prefilter, const std::atomic<bool>& stop);
  ~ScanLoop();

  void run();
  void wake() const;  // any thread: run() looks at `stop`
  ScanReport& report() { return report_; }
  const ScanReport& report() const { return report_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Files;  // what a configuration that watches files needs
  class Pace;
  class RootSink;

  bool open_files();
  void open_watch();
  void work();
  bool asked_to_run() const;
  void scan();
  void find_again();
  bool changes_due();
  void changes();
  void root_checks();
  void wait(Clock::duration most);
  Clock::duration until_next() const;
  void send(char queue, std::string text);
  bool watches_files() const { return !setup_.syscheck.disabled && !setup_.syscheck.directories.empty(); }
  bool checks_roots() const { return setup_.rootcheck.asked_for && !setup_.rootcheck.disabled; }
  bool root_due() const;

  ScanSetup setup_;
  ScanOutbox& outbox_;
  integrity::ContentSource& prefilter_;
  const std::atomic<bool>& stop_;
  ScanReport report_;
  base::Descriptor wake_;
  std::unique_ptr<Files> files_;
  std::optional<Clock::time_point> try_again_;
  bool first_ = true;          // nothing was scanned yet
  bool root_pending_ = false;  // the first root check waits for the first scan
  base::Instant root_end_{};
};

}  // namespace gander::live
