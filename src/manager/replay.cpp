#include "manager/replay.h"

#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/mutex.h"

namespace gander::manager {
namespace {

// One block on its way: lines, their times, and what the parallel half made of them.
struct Batch {
  uint64_t number = 0;  // place in the input
  collect::Block block;
  std::vector<base::Instant> times;
  std::string location;
  std::vector<engine::Prepared> prepared;
  std::vector<Error> problems;  // of inputs that ended before this block
  uint64_t position = 0;
  uint64_t total = 0;
};

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

// What the threads share: whose turn it is to read and to decide.
class Turns {
 public:
  explicit Turns(Source& source) : source_(source) {}

  enum class Got { Lines, LastProblems, Nothing };

  // The next batch, in input order. At the end one caller gets the batch that carries the problems of the last inputs.
  Got read(Batch& batch) {
    const base::MutexLock lock(reading_);
    if (ended_) return Got::Nothing;
    if (source_.next(batch)) return Got::Lines;
    ended_ = true;
    return Got::LastProblems;
  }

  // Runs `decide` when all batches before `number` have been decided.
  template <class Decide>
  void in_turn(uint64_t number, const Decide& decide) {
    wait_for(number);
    decide();  // only the thread whose turn it is gets here
    {
      const base::MutexLock lock(deciding_);
      ++next_;
    }
    turn_.notify_all();
  }

  void stop() {
    const base::MutexLock lock(reading_);
    ended_ = true;
  }

 private:
  void wait_for(uint64_t number) {
    const base::MutexLock lock(deciding_);
    while (next_ != number) turn_.wait(deciding_);
  }

  base::Mutex reading_;
  Source& source_ GANDER_GUARDED_BY(reading_);
  bool ended_ GANDER_GUARDED_BY(reading_) = false;
  base::Mutex deciding_;
  base::CondVar turn_;
  uint64_t next_ GANDER_GUARDED_BY(deciding_) = 0;
};

}  // namespace

Replay::Replay(engine::Engine& engine, InputClock& clock, ReplayOptions options, ReplaySinks sinks)
    : engine_(engine), clock_(clock), options_(std::move(options)), sinks_(std::move(sinks)) {}

void Replay::decide(engine::Prepared& prepared, std::optional<Error>& failure) {
  const engine::Decision& decision = engine_.decide(prepared);
  for (const std::string& note : prepared.event.notes) sinks_.note(prepared.event.time, note);
  if (!decision.alert || failure) return;
  const Result<void> written = sinks_.alert(decision.alert_data);
  if (!written) failure = written.error();
}

Result<ReplaySummary> Replay::run(const std::vector<std::string>& inputs) {
  Source source(inputs, clock_, options_);
  Turns turns(source);
  std::optional<Error> failure;  // touched in turn only
  std::atomic<uint64_t> limit_hits = 0;

  const auto work = [&] {
    engine::Worker worker(options_.compat);
    Batch batch;
    for (;;) {
      const Turns::Got got = turns.read(batch);
      if (got == Turns::Got::Nothing) break;
      const size_t count = got == Turns::Got::Lines ? batch.block.size() : 0;
      if (batch.prepared.size() < count) batch.prepared.resize(count);
      for (size_t i = 0; i < count; ++i) {
        engine_.prepare(batch.block.line(i), batch.location, batch.times[i], worker, batch.prepared[i]);
      }
      turns.in_turn(batch.number, [&] {
        for (const Error& problem : batch.problems) sinks_.problem(problem);
        for (size_t i = 0; i < count && !failure; ++i) decide(batch.prepared[i], failure);
        if (failure) turns.stop();
        if (count > 0) sinks_.progress(batch.position, batch.total);
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
