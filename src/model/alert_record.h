// AlertRecord format: an alert as bytes, as the spool and the index keep it. output::RecordWriter makes records from a
// decision, append_record() from a StoredAlert; read_record() gives the StoredAlert back.
//
// Threads: functions of their arguments.
// Cost:    one pass.
// Fails:   reading says no to anything that is not a whole record; fields of an unknown tag are skipped.
// Source:  docs/formats/spool.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/stable_id.h"
#include "model/stored_alert.h"

namespace gander::model {

constexpr uint8_t kRecordVersion = 1;
// Longest record that is written or read; longer texts are cut and say so (docs/formats/spool.md).
constexpr size_t kMaxRecord = size_t{48} * 1024 * 1024;

// What stands at the front of each record, in fixed places.
struct RecordHead {
  bool mail = false;
  bool cut = false;  // texts were left out for kMaxRecord
  int level = 0;
  int rule = 0;
  base::Instant time{};
  base::Instant stored_time{};
  uint64_t number = 0;  // N of the id TIME.N, TIME being the second of `time`
  StableId id;
};

// Tags of the fields behind the head. Numbers never change their meaning.
enum class RecordField : uint8_t {
  AlertId = 1,  // only when it is not TIME.N
  Group,        // with its leading blank
  Date,
  Location,
  Description,
  SrcIp,
  SrcPort,
  DstIp,
  DstPort,
  User,
  Filename,
  OldMd5,
  NewMd5,
  OldSha1,
  NewSha1,
  SizeChange,
  OwnerChange,
  GroupChange,
  PermissionsChange,
  Log,  // once a line
  SrcUser,
  Url,
  Action,
  Status,
  Host,
  Program,
  Decoder,
  Actor = 29,  // Actor::json(); 28 was once in use
  kCount,
};

// For those who write records.
void append_record_head(std::string& out, const RecordHead& head);
void append_record_field(std::string& out, RecordField field, std::string_view text);
// Puts the stable id into the record that begins at `record`, which has none yet.
void set_record_id(std::string& out, size_t record, const StableId& id);

void append_record(std::string& out, const StoredAlert& alert);

// Walks over a record without copying.
class RecordView {
 public:
  // False: not a record of a version that is known.
  bool parse(std::string_view record);
  const RecordHead& head() const { return head_; }
  // The first field of this tag; an unset view when there is none.
  std::string_view field(RecordField field) const;
  // Calls take(tag, text) for each field, in order. Tags may be unknown.
  template <class Take>
  void each(Take take) const {
    std::string_view rest = fields_;
    RecordField tag{};
    std::string_view text;
    while (next(rest, tag, text)) take(tag, text);
  }

 private:
  static bool next(std::string_view& rest, RecordField& tag, std::string_view& text);

  RecordHead head_;
  std::string_view fields_;
};

// `alert` is overwritten. False: `record` is not whole or not a record; `alert` is then not to be used.
bool read_record(std::string_view record, StoredAlert& alert);

}  // namespace gander::model
