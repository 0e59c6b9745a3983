// Scanner: compares the watched files with their baseline, tells what changed, and brings the baseline up to date.
//
// A scan walks the tree below each root through open directories (a directory that is swapped for a link is not
// followed), has the entries of each directory examined on the pool, a batch at a time, and merges what comes back with
// the rows of the baseline, in order. Changes are delivered before the rows that know of them are committed: killed at
// any moment, the next scan finds what was not delivered, and nothing twice but the last batch.
//
// Owns:    one Examiner a worker, batches in flight (about 8192 entries).
// Threads: one thread; entries are examined on the pool.
// Cost:    memory does not grow with the tree, but with its depth and its largest directory (about 30 bytes a name).
// Fails:   of the baseline or the sink: what was not committed is found again. Files and directories that cannot be
// read
//          are counted and named in the summary.
// OSSEC:   which files, and what of them, as there; what a 4.3 scan misses is mended unless compat asks for it.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "integrity/baseline.h"
#include "integrity/change.h"
#include "integrity/content_store.h"
#include "integrity/examiner.h"
#include "integrity/sensitive_files.h"
#include "integrity/watch_plan.h"
#include "integrity/work_pool.h"

namespace gander::integrity {

// How fast a scan may go.
class Pace {
 public:
  virtual ~Pace() = default;
  // Told of files that are looked at next, and of bytes that were read; how long to rest now.
  virtual std::chrono::nanoseconds rest(uint64_t files, uint64_t bytes) = 0;
};

struct ScanOptions {
  Content content = Content::WhenMetadataDiffer;
  enum class FirstSight { Tell, Keep } baseline_files = FirstSight::Tell;   // deliver Baseline changes or not
  enum class Differences { Tell, Accept } differences = Differences::Tell;  // Accept: into the baseline, untold
  // Why a change is as it should be ("package libc6 2.36-9"): it is accepted, untold. Empty function: none is.
  std::function<std::optional<std::string>(const Change&)> explain;
  std::function<base::Instant()> now;
  const std::atomic<bool>* stop = nullptr;
  Pace* pace = nullptr;
  ContentStore* contents = nullptr;                     // for report_changes; null: no differences
  SensitiveFiles* sensitive = nullptr;                  // looks through files whose content is new; null: nobody does
  std::function<ContentSource*(size_t worker)> source;  // prefilter_cmd; empty: none
  // Real time goes on during a scan: `due` is asked every few milliseconds, and when it says yes, between() is called
  // where nothing is half done; another Scanner, with a pool of its own, may check() on the same baseline there.
  std::function<bool()> due;
  std::function<void()> between;
};

struct ScanSummary {
  uint64_t files = 0;
  uint64_t directories = 0;
  uint64_t read_files = 0;
  uint64_t read_bytes = 0;
  uint64_t added = 0;
  uint64_t changed = 0;
  uint64_t deleted = 0;
  uint64_t explained = 0;
  uint64_t unwatched = 0;  // rows of files that the configuration no longer names
  uint64_t unreadable = 0;
  uint64_t unsteady = 0;           // kept changing while they were read
  bool first = false;              // made the baseline
  bool whole = true;               // went to its end
  std::vector<std::string> notes;  // at most a hundred
  uint64_t notes_left_out = 0;
};

class Scanner {
 public:
  Scanner(const WatchPlan& plan, Baseline& baseline, WorkPool& pool, ChangeSink& sink, ScanOptions options);
  ~Scanner();
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  // Everything.
  Result<ScanSummary> scan();

  struct Dirty {
    std::string path;
    enum class Reach { Entry, Directory, Tree } reach = Reach::Entry;  // Directory: its entries; Tree: all below
    std::optional<Actor> actor;
  };
  // What an event named, in this order. An entry that is a new directory is read with all below it.
  Result<ScanSummary> check(std::span<const Dirty> dirty);

  // Told of each directory that is read, with its path, before its entries are: real time watches it then.
  void on_directory(std::function<void(const std::string& path, const WatchRoot& root)> see);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::integrity
