// ScanWork: the scanner's thread, and those that read files for its scans: scans when they are due, changes as they
// happen, root checks.
//
// A change is told, and kept by the analysis, before the baseline knows of it: killed at any moment, the next start
// finds it again. While a scan or a root check goes on, changes of watched files are looked at in between.
//
// Owns:    the thread, baseline, watch and contents.
// Threads: made, asked and destroyed by one thread; what it has to say comes through the outbox and take_log().
// Cost:    all allowed processors during a scan, giving way to all others; a root check takes at most kRootShare of one
//          processor.
// Fails:   what fails is said; a baseline that cannot be opened is tried again every minute.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.h"
#include "base/mutex.h"
#include "config/sections.h"
#include "live/host_config.h"
#include "live/prefilter_door.h"
#include "live/scan_outbox.h"

namespace gander::live {

struct ScanSetup {
  config::Syscheck syscheck;
  config::Rootcheck rootcheck;
  HostSettings settings;
  int pause_seconds = 0;  // syscheck.sleep, after every pause_files; 0: none
  int pause_files = 15;
  size_t threads = 0;         // syscheck.threads of a scan; 0: one a processor that may be used
  uint64_t most_bytes = 0;    // syscheck.max_read_mb, bytes a second; 0: no limit
  base::Descriptor group;     // of fanotify, from the responder; empty: there is none
  std::string group_trouble;  // why
};

struct ScanLog {
  Severity severity = Severity::Note;
  std::string text;
};

struct ScanStatus {
  std::string doing;      // "waiting", "scanning", "root checks"
  std::string watch;      // "fanotify", "inotify", or empty
  std::string no_watch;   // why not, or why not by fanotify
  int64_t last_scan = 0;  // seconds since 1970
  uint64_t files = 0;     // of it
  uint64_t changes = 0;   // told since the start
  uint64_t overflows = 0;
  int64_t last_rootcheck = 0;
  uint64_t findings = 0;  // of it
  std::string trouble;
};

class ScanWork {
 public:
  static constexpr double kRootShare = 0.05;

  ScanWork(ScanSetup setup, ScanOutbox& outbox);
  ~ScanWork();
  ScanWork(const ScanWork&) = delete;
  ScanWork& operator=(const ScanWork&) = delete;

  void ask_to_stop();
  bool ended() const;
  PrefilterDoor& prefilter();
  std::vector<ScanLog> take_log();
  ScanStatus status() const;

 private:
  struct Shared;
  std::unique_ptr<Shared> shared_;
  std::thread thread_;
};

}  // namespace gander::live
