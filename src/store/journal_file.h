// JournalFile: one batch as bytes in queue/alerts/journal, and back.
//
// Threads: functions of their arguments.
// Cost:    bytes are hashed once and written from where they are.
// Fails:   A201 writing, A204 reading; a journal that is not whole is no journal.
// Source:  docs/formats/journal.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/fault_seam.h"
#include "store/posix_file.h"
#include "store/state_db.h"

namespace gander::store {

struct JournalWrite {
  enum class How : uint8_t { At = 0, Replace = 1 };
  How how = How::At;
  std::string path;  // relative to the home
  uint64_t offset = 0;
  std::string_view bytes;  // writing
  uint64_t length = 0;     // reading: of the bytes
  uint64_t stored_at = 0;  // reading: where in the journal they stand
};

struct JournalContent {
  StateDb::Change change;  // its `batch` is the journal's number
  std::vector<JournalWrite> writes;
  std::vector<std::string> responses;
};

// The bytes that were written; the file may be longer.
Result<uint64_t> write_journal(const PosixFile& file, const JournalContent& content, const FaultSeam& seam);
// Nothing: there is no whole batch in it.
Result<std::optional<JournalContent>> read_journal(const PosixFile& file);

// Length-prefixed texts and numbers, for the journal and its like.
class Packer {
 public:
  void number(uint64_t value);
  void text(std::string_view text);
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};
class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  uint64_t number();
  std::string_view text();
  // A count of things that take at least a byte each, so that a hostile file cannot ask for much.
  uint64_t count();
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

void pack_change(Packer& packer, const StateDb::Change& change);
void unpack_change(Unpacker& unpacker, StateDb::Change& change);

}  // namespace gander::store
