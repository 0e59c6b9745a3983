// LogReader: an old log as blocks of lines. Plain, .gz and .zst are told apart by their first bytes.
//
// Owns:    the open file. Blocks are the caller's; they are filled in place and keep their memory.
// Threads: one at a time (callers that take turns may be different threads).
// Cost:    large reads, memchr, no allocation a line; memory is one block and one unfinished line.
// Fails:   open() and next() with I010-I015 and the path (see byte_source.h). Lines before a fault are delivered
//          first; after a fault or the end, next() says that there is no more.
// OSSEC:   cuts lines as its test tool does under Compat::Ossec43; see line_cutter.h and docs/compat.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "collect/block.h"
#include "collect/byte_source.h"
#include "collect/line_cutter.h"
#include "model/compat.h"

namespace gander::collect {

struct ReadOptions {
  model::Compat compat = model::Compat::Mended;
  size_t block_bytes = 1 << 20;   // aimed at; one long line makes a block larger
  size_t longest_line = 1 << 20;  // Mended: longer lines are cut there
  size_t input = 0;               // Block::input() of its blocks
  uint64_t read_seed = 0;         // tests: not 0 makes reads of pseudo-random, small sizes
};

class LogReader {
 public:
  // `path`, or "-" for standard input.
  static Result<LogReader> open(const std::string& path, const ReadOptions& options = {});
  // Takes over an open descriptor; `name` stands for it in errors.
  static Result<LogReader> adopt(int descriptor, std::string name, const ReadOptions& options = {});

  // Fills `block` with at least one line; false (and an empty block) at the end. What is no regular file (terminal,
  // pipe) gives each line as soon as it is there.
  Result<bool> next(Block& block);

  const std::string& name() const { return file_->name(); }
  const ReadCounters& counters() const { return counters_; }
  // For a progress bar, in bytes as stored (compressed, if they are). size() is 0 when it is not known.
  uint64_t size() const { return file_->size(); }
  uint64_t position() const { return file_->position(); }
  // The file's last change; absent for pipes and terminals.
  std::optional<base::Instant> changed() const { return file_->changed(); }

 private:
  LogReader(std::unique_ptr<InputFile> file, const ReadOptions& options);
  static Result<LogReader> start(Result<InputFile> file, const ReadOptions& options);
  size_t fill(Block& block, size_t used);
  size_t most_of(size_t room);

  ReadOptions options_;
  std::unique_ptr<InputFile> file_;
  std::unique_ptr<ByteSource> source_;
  LineCutter cutter_;
  ReadCounters counters_;
  std::string carry_;  // the unfinished line at the end of the last block
  bool ended_ = false;
  std::optional<Error> fault_;  // to be told once the lines before it are delivered
  uint64_t random_;
};

}  // namespace gander::collect
