// Records, batches and the sink that takes them: what every live source (files, journal, commands) hands on.
//
// A *place* is a byte string that only the source itself reads: it says what was consumed, is complete in itself and is
// given back to the source at its next start. Whoever takes a batch writes its place together with what became of its
// records (docs/decisions/0002-live-host.md); a place that was not written leads to the same records again.
//
// Owns:    nothing; all views live until Sink::take() returns.
// Threads: values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"

namespace gander::collect {

// Time comes in twice: `wall` names files and dates records, `steady` drives time-outs and never jumps.
using Steady = std::chrono::microseconds;  // since any fixed point, e.g. std::chrono::steady_clock's
struct Moment {
  base::Instant wall{};
  Steady steady{};
};

struct Record {
  // Where a record that the source makes up (a notice such as "File rotated") stands in its origin.
  static constexpr uint64_t kNotice = UINT64_MAX;

  char queue = '1';           // OSSEC's: 1 log, a MySQL and djb, b PostgreSQL, 3 nmap
  std::string_view location;  // path, `journald`, a command's name, `ossec-logcollector`
  std::string_view text;
  // Where in Batch::origin the record begins. (source, origin, at, index among equal ones) names a record for ever.
  uint64_t at = 0;
  std::string_view who = {};  // of a changed file: model::Actor::json(), or nothing
};

struct Counts {
  uint64_t lines = 0;      // as they were written; a journal entry is one
  uint64_t records = 0;    // handed on
  uint64_t bytes = 0;      // consumed
  uint64_t truncated = 0;  // lines and records that were cut at the limit
  uint64_t refused = 0;    // lines that the format does not allow, and so are no records
  uint64_t lost = 0;       // files whose rest was gone before it could be read

  Counts& operator+=(const Counts& other);
  bool operator==(const Counts&) const = default;
};

// Written before the source was opened in this life (or while it waited for long): to be judged at its own time stamp.
enum class Age { Fresh, Backlog };

struct Batch {
  uint64_t number = 0;              // 1, 2, … over all sources of one object; for acknowledge()
  std::string_view source;          // stable id; the key of its place
  std::string_view origin;          // which file (device, inode, generation) or journal the records are from
  std::span<const Record> records;  // may be empty: then only the place is to be kept
  std::string_view place;           // behind the last record
  Age age = Age::Fresh;
  Counts counts;  // what this batch adds to the ledger of its source
};

enum class NoticeLevel { Debug, Info, Warning, Error };

// A line for the program's log. `text` is OSSEC's own line without its time where it has one
// ("ossec-logcollector(1950): INFO: Analyzing file: '/x'."), else of the same form.
struct Notice {
  NoticeLevel level = NoticeLevel::Info;
  std::string_view text;
};

class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Batch& batch) = 0;
  virtual void say(const Notice& notice) = 0;
};

struct KeptPlace {
  std::string source;
  std::string place;
};

enum class SourceState {
  Following,   // open or known, read when it grows
  Missing,     // no such file yet; tried for ever
  Unreadable,  // there, but may not be read (permission, a directory, an error); tried for ever
  GivenUp,     // Ossec43 only: OSSEC would not try again
};

struct SourceStatus {
  std::string source;
  std::string name;  // path, journal or command as people know it
  SourceState state = SourceState::Following;
  std::string trouble;         // why it is not followed, or how it is followed if not as usual ("polled: …")
  Counts counts;               // since this object was made
  uint64_t waiting_bytes = 0;  // known to be there and not handed on yet
  bool running = false;        // commands: right now
  uint64_t runs = 0;           // commands: finished runs
  uint64_t failed_runs = 0;    // commands: timed out, ended by a signal, not started
};

}  // namespace gander::collect
