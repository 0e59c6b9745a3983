// Replay: lines from files through the engine on every core, alerts out in input order.
//
// N equal threads take turns: each reads the next block of lines, prepares it (the larger half of the work), waits for
// its turn to decide and then for its turn to write. Reading, deciding and writing are each done by one thread at a
// time and in input order, so the output does not depend on the number of threads or on how the input falls into
// blocks.
//
// Threads: run() starts and joins its own; with one thread it uses the caller's.
// Memory:  one block of lines and its events a thread.
// Fails:   an input that cannot be read to its end is told to `problem` and the next one goes on; the first failed
//          write ends the run and is returned.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "collect/log_reader.h"
#include "engine/engine.h"
#include "manager/input_clock.h"

namespace gander::manager {

struct ReplayOptions {
  int threads = 1;
  model::Compat compat = model::Compat::Mended;
  std::string location;  // shown in alerts; empty: the input's own name
  size_t block_bytes = size_t{64} * 1024;
};

// Told in input order, by one thread at a time.
struct ReplaySinks {
  // An alert; valid during the call. A failure ends the run.
  std::function<Result<void>(const model::Alert&)> alert;
  // A message for the program's log, with the event's time.
  std::function<void(base::Instant, const std::string&)> note;
  // An input that could not be opened or read to its end.
  std::function<void(const Error&)> problem;
  // Bytes done and bytes in all (0 = not known), now and then.
  std::function<void(uint64_t, uint64_t)> progress;
};

struct ReplaySummary {
  collect::ReadCounters input;
  uint64_t without_time = 0;    // --clock event: lines that carry no time
  uint64_t backward_steps = 0;  // --clock event: lines older than the line before
  uint64_t inputs_failed = 0;
  engine::EngineCounters engine;
};

struct Batch;

class Replay {
 public:
  Replay(engine::Engine& engine, InputClock& clock, ReplayOptions options, ReplaySinks sinks);

  Result<ReplaySummary> run(const std::vector<std::string>& inputs);

 private:
  void write(Batch& batch, size_t count, std::optional<Error>& failure);

  engine::Engine& engine_;
  InputClock& clock_;
  ReplayOptions options_;
  ReplaySinks sinks_;
};

}  // namespace gander::manager
