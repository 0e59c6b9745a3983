// IndexFile: the alerts of one day in an SQLite file that answers questions: logs/index/YYYY-MM-DD.db.
//
// Owns:    a connection.
// Threads: one thread a connection; one writer, any number of readers.
// Fails:   A207; damaged() tells a file that must be set aside.
// Source:  docs/formats/index.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/stored_alert.h"
#include "store/dated_log.h"
#include "store/places.h"
#include "store/sqlite.h"

namespace gander::store {

// "logs/index/2024-03-05.db", relative to the home.
std::string index_name(const Day& day);
// Days that have an index, oldest first.
std::vector<Day> indexed_days(const std::string& home);

class IndexFile {
 public:
  enum class Access { Write, Read };
  // `path` is the whole name. Write makes the file.
  static Result<IndexFile> open(const std::string& path, Access access);
  // What open() failed with was damage.
  static bool is_damaged(const std::string& path);
  ~IndexFile();
  IndexFile(IndexFile&&) noexcept;
  IndexFile& operator=(IndexFile&&) noexcept;

  Result<void> begin();
  // A record of the spool. An alert whose stable id is there already is a repeat and left out.
  Result<void> add(std::string_view record);
  // Records of this day before this place are in. Belongs into the transaction that put them there.
  Result<void> set_place(const SpoolPlace& place);
  Result<SpoolPlace> place();
  Result<void> commit();
  void roll_back();
  // What failed last was damage.
  bool is_damaged() const;
  Sqlite& db();

 private:
  struct Impl;
  explicit IndexFile(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Removes the oldest days that are older than `most_days` or beyond `most_bytes` altogether, never `today`. Returns
// what was removed.
struct Retention {
  int most_days = 90;
  uint64_t most_bytes = uint64_t{4} << 30;
};
std::vector<std::string> remove_old_indexes(const std::string& home, const Retention& retention, const Day& today);

}  // namespace gander::store
