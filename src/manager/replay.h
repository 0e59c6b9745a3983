// Replay: lines from files through the engine on every core, alerts out in input order.
//
// N equal threads take turns: each reads the next batch of lines, prepares it (the larger half of the work) and waits
// for its turn to decide and write it. Reading and deciding are each done by one thread at a time and in input order,
// so the output does not depend on the number of threads or on how the input falls into batches.
//
// Threads: run() starts and joins its own.
// Fails:   an input that cannot be read to its end is told to `problem` and the next one goes on; a failed write ends the run.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "collect/log_reader.h"
#include "engine/engine.h"
#include "output/alert_writer.h"
#include "output/output_stream.h"

namespace gander::manager {

struct ReplaySummary {
  uint64_t lines = 0;
  uint64_t bytes = 0;
  uint64_t skipped = 0;         // empty lines and lines of one byte
  uint64_t truncated = 0;       // lines cut at the longest allowed length
  uint64_t without_time = 0;    // --clock event: lines that carry no time
  uint64_t backward_steps = 0;  // --clock event: lines older than the line before
  engine::EngineCounters engine;
  uint64_t inputs_failed = 0;
};

}  // namespace gander::manager
