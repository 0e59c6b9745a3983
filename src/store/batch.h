// Batch: what became of a run of records, gathered until Journal::commit() makes it one act.
//
// Owns:    its bytes, kept for the next batch.
// Threads: one thread.
// Cost:    appends to large strings.
// Fails:   cannot.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/dated_log.h"
#include "store/places.h"

namespace gander::store {

class Batch {
 public:
  // From here on bytes of log files belong to the files of `day`. Call it when the day of events changes
  // (Journal::day_of says when OSSEC would); a Batch starts at the day of the one before it.
  void set_day(const Day& day);
  const Day& day() const { return day_; }

  // Append whole lines or alerts here. The reference is valid until the next call of set_day(), log() or append_to().
  std::string& log(LogKind kind);

  // One alert for those who read the spool: append one record to open_record(), then close_record().
  std::string& open_record();
  void close_record();
  uint64_t records() const { return records_; }

  // State files below the home, so that they change with the batch: bytes added to the end (queue/fts/fts-queue), or a
  // whole new content (queue/diff/HOST/RULE/last-entry). `path` is relative to the home.
  std::string& append_to(std::string_view path);
  void replace(std::string_view path, std::string content);
  // Bytes for a place in a file that stands or is to be made.
  void write_at(std::string_view path, uint64_t offset, std::string bytes);

  // The new place of a source; the last one counts.
  void place(std::string_view source, std::string_view place);
  void forget_source(std::string_view source);
  // Adds to a column of the ledger.
  void count(std::string_view source, std::string_view name, uint64_t more);
  // A request to run a response, as bytes of the role's own. Journal::responses() gives them back behind the commit.
  void response(std::string request);

  bool empty() const;
  // It holds more than alerts and places: files that somebody may read again.
  bool changes_state() const;
  // Bytes held; the role commits before its cap.
  size_t size() const;

 private:
  friend class Journal;

  struct Chunk {
    std::string path;  // relative to the home
    std::string bytes;
    bool replace = false;
    std::optional<uint64_t> at;  // write_at(); else behind the end
    int kind = -1;               // LogKind, or -1
  };

  size_t chunk(std::string_view path);
  void clear();

  Day day_;
  std::array<std::ptrdiff_t, kLogKinds> open_{-1, -1, -1, -1, -1};  // index of the chunk of each kind
  std::vector<Chunk> chunks_;
  std::vector<std::string> spare_;  // strings with room, for the next chunks
  std::string spool_;               // framed records
  size_t open_record_ = 0;
  uint64_t records_ = 0;
  std::map<std::string, std::string, std::less<>> places_;
  std::vector<std::string> forgotten_;
  std::map<std::string, std::map<std::string, uint64_t, std::less<>>, std::less<>> counts_;
  std::vector<std::string> responses_;
};

}  // namespace gander::store
