#include "manager/replay.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <thread>
#include <utility>

#include "base/mutex.h"

namespace gander::manager {

// An alert between being decided and being written.
struct PendingAlert {
  model::Alert alert;      // without its previous lines
  size_t lines_begin = 0;  // these, in Batch::lines
  size_t lines_end = 0;
};

// One block on its way: lines, their times, and what the parallel half made of them.
struct Batch {
  uint64_t number = 0;  // place in the input
  collect::Block block;
  std::vector<base::Instant> times;
  std::string location;
  std::vector<engine::Prepared> prepared;
  std::vector<PendingAlert> alerts;
  std::vector<std::string_view> lines;
  base::Arena line_bytes;
  std::vector<Error> problems;  // of inputs that ended before this block
  uint64_t position = 0;
  uint64_t total = 0;
};

namespace {

// The inputs as one stream of batches; used by one thread at a time.
class Source {
 public:
  Source(const std::vector<std::string>& inputs, InputClock& clock, const ReplayOptions& options)
      : inputs_(inputs), clock_(clock), options_(options) {}

  // False at the end; `batch` may then still carry problems.
  bool next(Batch& batch) {
    batch.number = number_++;
    batch.problems.clear();
    for (;;) {
      if (!reader_ && !open_next(batch)) return false;
      const Result<bool> more = reader_->next(batch.block);
      if (more && *more) break;
      if (!more) fail(batch, more.error());
      close();
    }
    batch.location = location_;
    batch.times.clear();
    for (size_t i = 0; i < batch.block.size(); ++i) {
      batch.times.push_back(clock_.at(lines_before_ + batch.block.number(i), batch.block.line(i)));
    }
    batch.position = reader_->position();
    batch.total = reader_->size();
    return true;
  }

  const collect::ReadCounters& counters() const { return counters_; }
  uint64_t failed() const { return failed_; }

 private:
  bool open_next(Batch& batch) {
    while (next_input_ < inputs_.size()) {
      const std::string& path = inputs_[next_input_++];
      collect::ReadOptions options;
      options.compat = options_.compat;
      options.block_bytes = options_.block_bytes;
      Result<collect::LogReader> reader = collect::LogReader::open(path, options);
      if (!reader) {
        fail(batch, reader.error());
        continue;
      }
      reader_.emplace(std::move(*reader));
      clock_.begin_input(reader_->changed());
      location_ = !options_.location.empty() ? options_.location : path == "-" ? "stdin" : path;
      return true;
    }
    return false;
  }

  void close() {
    const collect::ReadCounters& c = reader_->counters();
    counters_ += c;
    lines_before_ += c.lines;
    reader_.reset();
  }

  void fail(Batch& batch, const Error& error) {
    ++failed_;
    batch.problems.push_back(error);
  }

  const std::vector<std::string>& inputs_;
  InputClock& clock_;
  const ReplayOptions& options_;
  size_t next_input_ = 0;
  uint64_t number_ = 0;
  uint64_t lines_before_ = 0;
  std::optional<collect::LogReader> reader_;
  std::string location_;
  collect::ReadCounters counters_;
  uint64_t failed_ = 0;
};

// One of the things that are done in input order: whoever holds the turn does it, the others wait for theirs.
class Turn {
 public:
  template <class Work>
  void take(uint64_t number, const Work& work) {
    wait_for(number);
    work();  // only the thread whose turn it is gets here
    {
      const base::MutexLock lock(mutex_);
      next_.store(number + 1, std::memory_order_release);
    }
    passed_.notify_all();
  }

 private:
  // The turn comes in a fraction of the time that a thread needs to wake up: it is looked for a while before sleeping.
  static constexpr int kLooks = 2000;

  void wait_for(uint64_t number) {
    for (int i = 0; i < kLooks; ++i) {
      if (next_.load(std::memory_order_acquire) == number) return;
      relax();
    }
    const base::MutexLock lock(mutex_);
    while (next_.load(std::memory_order_acquire) != number) passed_.wait(mutex_);
  }
  static void relax() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
  }

  base::Mutex mutex_;
  base::CondVar passed_;
  std::atomic<uint64_t> next_ = 0;  // changed under the lock only, so that no waker is missed
};

// The source behind a lock.
class SharedSource {
 public:
  explicit SharedSource(Source& source) : source_(source) {}

  enum class Got { Lines, LastProblems, Nothing };

  // The next batch, in input order. At the end one caller gets the batch that carries the problems of the last inputs.
  Got read(Batch& batch) {
    const base::MutexLock lock(mutex_);
    if (ended_) return Got::Nothing;
    if (source_.next(batch)) return Got::Lines;
    ended_ = true;
    return Got::LastProblems;
  }

  void stop() {
    const base::MutexLock lock(mutex_);
    ended_ = true;
  }

 private:
  base::Mutex mutex_;
  Source& source_ GANDER_GUARDED_BY(mutex_);
  bool ended_ GANDER_GUARDED_BY(mutex_) = false;
};

void prepare(const engine::Engine& engine, engine::Worker& worker, Batch& batch, size_t count) {
  if (batch.prepared.size() < count) batch.prepared.resize(count);
  for (size_t i = 0; i < count; ++i) {
    engine.prepare(batch.block.line(i), batch.location, batch.times[i], worker, batch.prepared[i]);
  }
}

constexpr size_t kForeseen = 16;  // events

// What an alert shows of the engine's memory is copied: the next decision may forget it.
void decide(engine::Engine& engine, Batch& batch, size_t count) {
  batch.alerts.clear();
  batch.lines.clear();
  batch.line_bytes.reset();
  const std::span<const engine::Prepared> prepared = std::span(batch.prepared).first(count);
  for (size_t i = 0; i < count; ++i) {
    if (i % kForeseen == 0) engine.foresee(prepared.subspan(i, std::min(kForeseen, count - i)));
    const engine::Decision& decision = engine.decide(batch.prepared[i]);
    if (!decision.alert) continue;
    PendingAlert& pending = batch.alerts.emplace_back();
    pending.alert = decision.alert_data;
    pending.lines_begin = batch.lines.size();
    for (const std::string_view line : decision.alert_data.previous) {
      batch.lines.push_back(batch.line_bytes.copy(line));
    }
    pending.lines_end = batch.lines.size();
  }
}

}  // namespace

Replay::Replay(engine::Engine& engine, InputClock& clock, ReplayOptions options, ReplaySinks sinks)
    : engine_(engine), clock_(clock), options_(std::move(options)), sinks_(std::move(sinks)) {}

void Replay::write(Batch& batch, size_t count, std::optional<Error>& failure) {
  for (const Error& problem : batch.problems) sinks_.problem(problem);
  for (size_t i = 0; i < count; ++i) {
    const model::Event& event = batch.prepared[i].event;
    for (const std::string& note : event.notes) sinks_.note(event.time, note);
  }
  for (PendingAlert& pending : batch.alerts) {
    pending.alert.previous =
        std::span(batch.lines).subspan(pending.lines_begin, pending.lines_end - pending.lines_begin);
    const Result<void> written = sinks_.alert(pending.alert);
    if (!written) {
      failure = written.error();
      return;
    }
  }
  if (count > 0) sinks_.progress(batch.position, batch.total);
}

Result<ReplaySummary> Replay::run(const std::vector<std::string>& inputs) {
  Source source(inputs, clock_, options_);
  SharedSource shared(source);
  Turn deciding;
  Turn writing;
  std::optional<Error> failure;  // touched in the turn to write only
  std::atomic<uint64_t> limit_hits = 0;

  const auto work = [&] {
    engine::Worker worker(options_.compat, decode::LineBytes::Borrowed);  // batches outlive their events
    Batch batch;
    for (;;) {
      const SharedSource::Got got = shared.read(batch);
      if (got == SharedSource::Got::Nothing) break;
      const size_t count = got == SharedSource::Got::Lines ? batch.block.size() : 0;
      prepare(engine_, worker, batch, count);
      deciding.take(batch.number, [&] { decide(engine_, batch, count); });
      writing.take(batch.number, [&] {
        if (failure) return;
        write(batch, count, failure);
        if (failure) shared.stop();
      });
    }
    limit_hits += worker.decode.context.limit_hits() + worker.match.context.limit_hits();
  };

  {
    std::vector<std::jthread> threads;
    for (int i = 1; i < options_.threads; ++i) threads.emplace_back(work);
    work();
  }
  if (failure) return tl::unexpected(*failure);
  ReplaySummary summary;
  summary.input = source.counters();
  summary.inputs_failed = source.failed();
  summary.without_time = clock_.without_time();
  summary.backward_steps = clock_.backward_steps();
  summary.engine = engine_.counters();
  summary.engine.limit_hits += limit_hits;
  return summary;
}

}  // namespace gander::manager
