// Batches on their way through the pool.
#include <algorithm>
#include <thread>
#include <utility>

#include "integrity/scanner_impl.h"

namespace gander::integrity {

void Scanner::Impl::make_workers() {
  if (!cache && full_scan && !options.source) cache = std::make_unique<DigestCache>();
  while (workers.size() < pool.workers()) {
    ContentSource* source = options.source ? options.source(workers.size()) : nullptr;
    workers.push_back(std::make_unique<Worker>(options.stop, source, cache.get(), baseline.key()));
  }
}

void Scanner::Impl::examine(const std::vector<Batch*>& batches, size_t worker) {
  Worker& w = *workers[worker];
  w.requests.clear();
  w.results.clear();
  Request request;
  request.content = options.content;
  request.attributes = !exact();
  request.now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(options.now().time_since_epoch()).count();
  for (Batch* batch : batches) {
    request.directory = batch->directory->get();
    request.checks = batch->root->checks;
    request.skip_directory_links = !batch->root->recurses();
    for (BatchEntry& entry : batch->entries) {
      if (entry.task != BatchEntry::Task::Examine) continue;
      if (entry.row) entry.before = unpack(entry.row->state);
      request.name = entry.name.c_str();
      if (options.source) entry.path = child_path(batch->path, entry.name);
      request.path = entry.path;
      request.before = entry.before ? &*entry.before : nullptr;
      w.requests.push_back(request);
      w.results.push_back(&entry.result);
    }
  }
  w.examiner.examine(w.requests, w.results);
  for (Batch* batch : batches) {
    for (BatchEntry& entry : batch->entries) {
      if (entry.result.outcome != Outcome::Read) continue;
      entry.packed = pack(entry.result.state);
      entry.tag = Baseline::tag_of(w.seal, batch->path, entry.name, entry.packed);
    }
  }
  {
    const base::MutexLock lock(mutex);
    for (Batch* batch : batches) batch->done = true;
  }
  batch_done.notify_one();
}

void Scanner::Impl::submit(std::unique_ptr<Batch> batch) {
  if (batch->entries.empty()) return;
  batch->turn = turn;
  const size_t entries = batch->entries.size();
  rest(entries, 0);
  // A pool of one is no faster with more, and real time waits for what is under way.
  const size_t most = kBatchEntries * (options.between && pool.workers() == 1 ? 2 : kGroupsInFlight);
  while (entries_in_flight >= most || in_flight.size() >= kMostBatches) finish_oldest();
  Batch* raw = batch.get();
  entries_in_flight += entries;
  in_flight.push_back(std::move(batch));
  group.push_back(raw);
  group_entries += entries;
  if (group_entries >= kBatchEntries) submit_group();
}

// Small directories together: what it costs to hand them over is paid once.
void Scanner::Impl::submit_group() {
  if (group.empty()) return;
  group_entries = 0;
  pool.submit([this, batches = std::exchange(group, {})](size_t worker) { examine(batches, worker); });
}

// As long as the pace says; real time goes on.
void Scanner::Impl::rest(uint64_t files, uint64_t bytes) {
  if (!options.pace) return;
  const auto until = std::chrono::steady_clock::now() + options.pace->rest(files, bytes);
  for (auto now = until; goes_on() && (now = std::chrono::steady_clock::now()) < until;) {
    std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(until - now, kAskEach));
    pause();
  }
}

// Waits for it; with real time only so long that pause() can be asked again.
bool Scanner::Impl::is_done(const Batch& batch) {
  const base::MutexLock lock(mutex);
  while (!batch.done) {
    if (!options.between) {
      batch_done.wait(mutex);
    } else if (batch_done.wait_for(mutex, kAskEach) == std::cv_status::timeout) {
      break;
    }
  }
  return batch.done;
}

void Scanner::Impl::finish_oldest() {
  Batch& oldest = *in_flight.front();
  if (!group.empty() && group.front() == &oldest) submit_group();
  while (!is_done(oldest)) pause();
  if (!failure) {
    apply(oldest);
    pause();
    uint64_t bytes = 0;
    for (const BatchEntry& entry : oldest.entries) bytes += entry.result.read_bytes;
    rest(0, bytes);
  }
  entries_in_flight -= oldest.entries.size();
  in_flight.pop_front();
}

void Scanner::Impl::finish_all() {
  while (!in_flight.empty()) finish_oldest();
}

}  // namespace gander::integrity
