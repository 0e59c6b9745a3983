// LineCutter: from bytes to lines, the way OSSEC 4.3's test tool cuts them or whole.
//
// A line ends at LF; a CR before it stays (header recognition deletes control characters). Lines of fewer than 2 bytes
// are no events, but they count in line numbers.
//   Mended:  a line is whole up to `longest` bytes; what is beyond is dropped and counted. NUL bytes stay.
//   Ossec43: pieces of at most 6135 bytes, LF included, each cut at its first NUL byte.
//
// Threads: one thread.
// Cost:    memchr, and one entry a line.
// Fails:   cannot.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "collect/block.h"
#include "model/compat.h"

namespace gander::collect {

struct ReadCounters {
  uint64_t lines = 0;      // as the input has them
  uint64_t events = 0;     // lines (or pieces of lines) delivered
  uint64_t skipped = 0;    // lines of fewer than 2 bytes
  uint64_t truncated = 0;  // lines that were cut: too long, or (Ossec43) at a NUL byte
  uint64_t bytes = 0;      // read, after decompression

  ReadCounters& operator+=(const ReadCounters& other);
  bool operator==(const ReadCounters&) const = default;
};

enum class MoreToCome { Yes, No };

class LineCutter {
 public:
  static constexpr size_t kOssecPiece = 6135;

  LineCutter(model::Compat compat, size_t longest) : compat_(compat), longest_(longest) {}

  // Adds the lines of `bytes` to `lines` (positions count from `bytes`) and returns how many bytes are done with;
  // the others must come again in front of what is read next. More than longest + 1 bytes never remain.
  size_t cut(std::string_view bytes, MoreToCome more, std::vector<Line>& lines);

  const ReadCounters& counters() const { return counters_; }

 private:
  size_t cut_unfinished(std::string_view bytes, size_t begin, MoreToCome more, std::vector<Line>& lines);
  void whole(size_t begin, size_t size, std::vector<Line>& lines);
  void piece(std::string_view bytes, size_t begin, size_t size, std::vector<Line>& lines);
  void begin_line();
  void end_line();
  void mark_truncated();
  void deliver(size_t begin, size_t size, std::vector<Line>& lines);

  enum class Within { NoLine, Line, DroppedRest };
  model::Compat compat_;
  size_t longest_;
  Within within_ = Within::NoLine;
  bool truncated_ = false;  // the current line
  bool has_nul_ = true;     // the bytes in hand
  ReadCounters counters_;
};

}  // namespace gander::collect
