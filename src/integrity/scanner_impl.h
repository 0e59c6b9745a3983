// What scanner.cpp (results into the baseline), scanner_walk.cpp (the tree into batches) and scanner_batches.cpp (these
// through the pool) share.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/mutex.h"
#include "integrity/directory_list.h"
#include "integrity/row_seal.h"
#include "integrity/scanner.h"

namespace gander::integrity {

constexpr size_t kBatchEntries = 128;
constexpr size_t kGroupsInFlight = 64;  // of about kBatchEntries
constexpr size_t kMostBatches = 192;    // in flight; each holds its directory open
constexpr size_t kMostNotes = 100;
constexpr size_t kDeliverAt = 512;
constexpr size_t kCommitAt = 16384;
constexpr size_t kMostDepth = 2048;                // names of a path of PATH_MAX
constexpr std::chrono::milliseconds kAskEach{10};  // whether real time has something
constexpr size_t kOpenFrames = 64;                 // directories kept open on the way down

struct BatchEntry {
  std::string name;
  std::optional<BaselineRow> row;
  std::optional<FileState> before;
  enum class Task { Examine, DropRow, Nothing } task = Task::Examine;
  Examined result;
  std::string path;    // for a ContentSource
  std::string packed;  // of result.state
  Tag tag{};
};

// Entries of one directory, examined together.
struct Batch {
  std::shared_ptr<const base::Descriptor> directory;
  std::string path;
  int64_t id = 0;  // 0: not in the baseline yet
  const WatchRoot* root = nullptr;
  std::vector<BatchEntry> entries;
  std::optional<Actor> actor;
  uint64_t turn = 0;  // Impl::turn when its rows were read
  bool done = false;  // guarded by Impl::mutex
};

struct Scanner::Impl {
  Impl(const WatchPlan& p, Baseline& b, WorkPool& w, ChangeSink& s, ScanOptions o)
      : plan(p), baseline(b), pool(w), sink(s), options(std::move(o)), seal(b.key()) {}

  const WatchPlan& plan;
  Baseline& baseline;
  WorkPool& pool;
  ChangeSink& sink;
  ScanOptions options;
  RowSeal seal;
  text::MatchContext context;
  std::function<void(const std::string&, const WatchRoot&)> see_directory;

  struct Worker {
    Worker(const std::atomic<bool>* stop, ContentSource* source, DigestCache* cache, const SealKey& key)
        : examiner(stop, source, cache), seal(key) {}
    Examiner examiner;
    RowSeal seal;
    std::vector<Request> requests;
    std::vector<Examined*> results;
  };
  std::unique_ptr<DigestCache> cache;  // of this scan; none with a prefilter
  std::vector<std::unique_ptr<Worker>> workers;

  base::Mutex mutex;
  base::CondVar batch_done;
  std::deque<std::unique_ptr<Batch>> in_flight;
  size_t entries_in_flight = 0;
  std::vector<Batch*> group;  // the last of them, not handed to the pool yet
  size_t group_entries = 0;

  ScanSummary summary;
  std::vector<Change> pending;
  size_t writes = 0;
  std::optional<Error> failure;
  bool making_baseline = false;
  std::chrono::steady_clock::time_point last_asked{};
  uint64_t turn = 0;                // calls of between()
  bool full_scan = false;           // deletions are not told by a scan of 4.3
  std::vector<bool> seen;           // numbers of directories that were read
  std::vector<std::string> unread;  // directories below which nothing is known now

  bool exact() const { return plan.compat() == model::Compat::Ossec43; }
  bool stopped() const { return options.stop && options.stop->load(std::memory_order_relaxed); }
  bool goes_on() const { return !failure && !stopped(); }
  void note(std::string text);
  void keep(const Result<void>& result) {
    if (!result && !failure) failure = result.error();
  }

  // scanner_batches.cpp
  void make_workers();
  void submit(std::unique_ptr<Batch> batch);
  void submit_group();
  void examine(const std::vector<Batch*>& batches, size_t worker);
  void rest(uint64_t files, uint64_t bytes);
  bool is_done(const Batch& batch);
  void finish_oldest();
  void finish_all();

  // scanner_walk.cpp
  void walk_root(const WatchRoot& root);
  void walk_tree(const WatchRoot& root, base::Descriptor top, const std::string& path, bool recurse,
                 const std::optional<Actor>& actor);
  void read_file_root(const WatchRoot& root);
  std::shared_ptr<const base::Descriptor> list_directory(const WatchRoot& root,
                                                         std::shared_ptr<const base::Descriptor> fd,
                                                         const std::string& path, DirectoryList& names,
                                                         const std::optional<Actor>& actor);
  int64_t number_of(const std::string& path);
  void fill_batch(Batch& batch, const DirectoryList& names, size_t from, size_t to);
  bool earlier_root_takes(const WatchRoot& root, const std::string& path);
  void check_one(const Dirty& dirty);
  void check_gone_below(const std::string& path);
  void check_entry(const WatchRoot& root, const std::string& path, const std::optional<Actor>& actor);
  std::shared_ptr<const base::Descriptor> open_below(const WatchRoot& root, std::string_view path, int& error);

  // scanner.cpp
  void apply(Batch& batch);
  void deliver();
  bool is_stale(Batch& batch, const BatchEntry& entry);
  void pause();
  void apply_read(Batch& batch, BatchEntry& entry);
  void gone(const std::string& directory, int64_t id, const BaselineRow& row, const std::optional<FileState>& before,
            const std::optional<Actor>& actor);
  void put(Batch& batch, BatchEntry& entry);
  void tell(Change change);
  void count(ChangeKind kind);
  void remember(const Change& change, std::string_view kind, const std::string& note_text);
  void flush();
  void sweep(const std::vector<std::pair<int64_t, std::string>>& directories);
  void sweep_all();
  std::unique_ptr<Batch> batch_of_unseen(const std::string& path, int64_t id);
  void see(int64_t directory) {
    const auto at = static_cast<size_t>(directory);
    if (seen.size() <= at) seen.resize(at * 2 + 64);
    seen[at] = true;
  }
  bool below_unread(std::string_view path) const;
  void look_for_sensitive(const Batch& batch, const BatchEntry& entry, Change& change);
  std::string difference_of(const Batch& batch, const BatchEntry& entry, const std::string& path);
};

}  // namespace gander::integrity
