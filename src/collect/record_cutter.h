// RecordCutter: the lines of one file become records, as its log_format says.
//
// A cutter knows nothing of files: it is given whole lines (without their LF) with the offset where each begins, and
// adds records to a CutList. It may keep an open record; open_at() says where that begins, and a place must stand
// there.
//
// Owns:    the open record (at most `longest` bytes and one line).
// Threads: one thread.
// Cost:    one pass over a line; formats of one line a record copy nothing.
// Fails:   cannot; total over all byte strings. A line that the format does not allow is counted as refused.
// OSSEC:   under Compat::Ossec43 with its limits and its end-of-pass behaviour (end_pass()).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/time.h"
#include "config/sections.h"
#include "model/compat.h"

namespace gander::collect {

// Records cut out of one read. Views live until clear(), or in the caller's own lines.
struct CutList {
  struct Cut {
    std::string_view text;
    uint64_t at = 0;
  };
  std::vector<Cut> records;
  base::Arena arena;
  uint64_t refused = 0;
  uint64_t truncated = 0;
  std::string_view complaint;  // of the last refused line, in OSSEC's words; a literal

  void add(std::string_view text, uint64_t at) { records.push_back({text, at}); }
  void add_copy(std::string_view text, uint64_t at) { records.push_back({arena.copy(text), at}); }
  void refuse(std::string_view words = {}) {
    ++refused;
    if (!words.empty()) complaint = words;
  }
  void clear() {
    records.clear();
    arena.reset();
    refused = 0;
    truncated = 0;
    complaint = {};
  }
};

class RecordCutter {
 public:
  // When a record whose end does not show is sent.
  enum class Unfinished { WhenIdle, AtRotation };

  virtual ~RecordCutter() = default;

  // Adds what `line` finishes. The line begins at `at`; its view must live as long as the records of `out`.
  virtual void line(std::string_view line, uint64_t at, CutList& out) = 0;
  // Sends the open record as it is.
  virtual void finish(CutList& /*out*/) {}
  // Where the open record begins; nothing: there is none.
  virtual std::optional<uint64_t> open_at() const { return std::nullopt; }
  virtual Unfinished unfinished() const { return Unfinished::WhenIdle; }
  // Forgets the open record: reading begins again elsewhere.
  virtual void forget() {}
  // What earlier lines left behind for later ones, for the place.
  virtual std::string memory() const { return {}; }
  virtual void recall(std::string_view /*memory*/) {}

  // Ossec43: a read reached the end of the file.
  virtual void end_pass(CutList& out) { finish(out); }
  // Ossec43: at most one record a pass.
  virtual bool one_a_pass() const { return false; }
  // Ossec43: a line without end is a record at once.
  virtual bool sends_pieces() const { return false; }
  // Ossec43: an error of the format ends the pass.
  virtual bool stops_at_refused() const { return false; }
};

// What the formats need to know besides the lines.
struct CutterOptions {
  model::Compat compat = model::Compat::Mended;
  size_t longest = size_t{1} << 20;
  int lines = 0;            // of multi-line:N
  std::string djb_program;  // djb-multilog
  std::string short_host;   // djb-multilog
  base::TimeZone zone = base::TimeZone::utc();
  const base::Instant* now = nullptr;        // djb-multilog: the time of reading; kept up to date by the owner
  std::string* shared_mysql_time = nullptr;  // Ossec43: one for all files
};

std::unique_ptr<RecordCutter> make_cutter(std::string_view log_format, const CutterOptions& options);
// OSSEC's queue prefix of a format.
char queue_of(std::string_view log_format);
// The <program> of ".../<program>/current"; nothing when the path is not of this form.
std::optional<std::string> djb_program_of(std::string_view path);

// Of make_cutter(), by what they cut.
std::unique_ptr<RecordCutter> make_line_cutter(std::string_view log_format, const CutterOptions& options);
std::unique_ptr<RecordCutter> make_group_cutter(std::string_view log_format, const CutterOptions& options);
std::unique_ptr<RecordCutter> make_audit_cutter(std::string_view log_format, const CutterOptions& options);
std::unique_ptr<RecordCutter> make_alert_cutter(std::string_view log_format, const CutterOptions& options);

}  // namespace gander::collect
