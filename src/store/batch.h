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
#include "store/stable_id_maker.h"

namespace gander::store {

class Batch {
 public:
  // From here on bytes of log files belong to the files of `day`. Call it when the day of events changes
  // (Journal::day_of says when OSSEC would); a Batch starts at the day of the one before it.
  void set_day(const Day& day);
  const Day& day() const { return day_; }

  // Append whole lines or alerts here. The reference is valid until the next call of set_day(), log() or append_to().
  std::string& log(LogKind kind);

  // One alert for those who read the spool: append its record here. It ends with the next one, or with the batch.
  std::string& open_record();
  // Of what the stable id of the open record is made with the commit (Journal::set_ruleset()): that hash takes as long
  // as much else that is done for an alert. Without it the record keeps the id that it was written with.
  void identify_record(std::string_view source, std::string_view place, model::RuleId rule);
  uint64_t records() const { return records_at_.size(); }

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

  // What the stable id of a record is to be made of; texts follow each other in id_texts_.
  struct PendingId {
    size_t record = 0;  // index in records_at_
    size_t source_size = 0;
    size_t place_size = 0;
    model::RuleId rule{};
  };

  size_t chunk(std::string_view path);
  // Ids and frames of the records; doing it again changes nothing.
  void finish_records(StableIdMaker& ids);
  void clear();

  Day day_;
  std::array<std::ptrdiff_t, kLogKinds> open_{-1, -1, -1, -1, -1};  // index of the chunk of each kind
  std::vector<Chunk> chunks_;
  std::vector<std::string> spare_;  // strings with room, for the next chunks
  std::string spool_;               // records with room for their frames
  std::vector<size_t> records_at_;  // where the frame of each begins
  std::vector<PendingId> pending_ids_;
  std::string id_texts_;
  std::map<std::string, std::string, std::less<>> places_;
  std::vector<std::string> forgotten_;
  std::map<std::string, std::map<std::string, uint64_t, std::less<>>, std::less<>> counts_;
  std::vector<std::string> responses_;
};

}  // namespace gander::store
