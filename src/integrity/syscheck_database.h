// SyscheckDatabase: one file of queue/syscheck, OSSEC's record of what each file of one location was and became.
//
// A line is three flags, the sum, ` !EPOCH ` and the path; it is superseded by `#` over its first byte and a new line
// at the end. Changes wait in memory until flush(), or until the caller takes them as writes to make himself (with a
// journal).
//
// Owns:    an index of the file (about 60 bytes a path) and the changes not written yet.
// Threads: one thread.
// Cost:    one look-up and one read of a line a question; loading reads the file once.
// Fails:   I001/I002 of the file; lines that are none are left alone. A last line without its end is not counted.
// OSSEC:   same bytes as 4.3. Changes by other programs (syscheck_control) are seen: the file is read again (4.3 does
// not).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace gander::integrity {

// Bytes for a place in a file that may not be there yet.
struct FileWrite {
  std::string file;
  uint64_t offset = 0;
  std::string bytes;
};

struct SyscheckEntry {
  std::string flags;  // "+++", "!++" …
  std::string sum;
  int64_t time = 0;
  uint64_t offset = 0;
};

class SyscheckDatabase {
 public:
  explicit SyscheckDatabase(std::string file) : file_(std::move(file)) {}

  // Looks whether another program changed the file, and reads it (again) then. Call before a batch of questions.
  Result<void> refresh();
  Result<std::optional<SyscheckEntry>> find(std::string_view path);
  // The new current line of `path`; `old` is what find() gave.
  void set(std::string_view path, const std::optional<SyscheckEntry>& old, std::string_view flags, std::string_view sum,
           int64_t time);

  // One line of such a file, superseded or not; `path` is a view into it. Nothing: it is none.
  static std::optional<SyscheckEntry> parse_line(std::string_view line, std::string_view& path);

  Result<void> flush();
  // What flush() would write; the caller writes it, then says so with written().
  std::vector<FileWrite> take_writes();
  void written();

 private:
  struct Stamp {
    uint64_t inode = 0;
    uint64_t size = 0;
    int64_t modified_ns = 0;
    bool operator==(const Stamp&) const = default;
  };
  static std::optional<SyscheckEntry> parse(std::string_view line, std::string_view& path);
  Stamp stamp() const;
  Result<void> load();
  Result<std::string> line_at(uint64_t offset) const;

  std::string file_;
  bool loaded_ = false;
  Stamp stamp_;
  uint64_t written_size_ = 0;  // of the file
  std::string tail_;           // appended, not written
  std::vector<uint64_t> superseded_;
  std::unordered_multimap<uint64_t, uint64_t> index_;  // hash of path, offset of its current line
};

}  // namespace gander::integrity
