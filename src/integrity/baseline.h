// Baseline: how every watched file was when it was last looked at, and what changed of it before, in SQLite.
//
// `queue/integrity.db` (WAL) beside `queue/integrity.key`. Each row carries a keyed tag; the sum of all tags, the
// number of rows and the head of the history's chain are sealed at each commit, and the key file remembers the last
// seal: an edited, added or removed row, a cut history and an older copy of the file are all found by verify().
//
// Owns:    the database. Between begin() and commit() nobody else can write to it.
// Threads: one thread.
// Cost:    a few microseconds a row; memory is bounded by SQLite's cache (4 MiB).
// Fails:   I020 cannot be opened, I021 the key, I022 damaged, I023 cannot be written (a full disk); what was not
//          committed is as if it had not been. A damaged file or one of another version is set aside by open_fresh().
// Source:  docs/formats/integrity-db.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "integrity/row_seal.h"

namespace gander::integrity {

struct BaselineRow {
  std::string name;
  std::string state;  // pack()ed
  Tag tag{};
};

struct HistoryEntry {
  int64_t time = 0;  // seconds since 1970
  std::string kind;  // new, changed, deleted, accepted, unwatched
  std::string path;
  std::string before;  // pack()ed states, empty = none
  std::string after;
  std::string who;   // JSON of the process, or empty
  std::string note;  // difference, package …
};

struct Verdict {
  uint64_t rows = 0;
  uint64_t history = 0;
  std::vector<std::string> findings;  // at most a hundred, then a count; empty: as it was left
};

enum class OpenMode { ReadWrite, ReadOnly };

class Baseline {
 public:
  // Fails when the file is damaged or of another version.
  static Result<Baseline> open(const std::string& queue, OpenMode mode);
  // As open() for writing, but such a file is renamed (its new name and the reason go to `notes`) and a new one begun.
  static Result<Baseline> open_fresh(const std::string& queue, std::vector<std::string>& notes);
  Baseline(Baseline&&) noexcept;
  Baseline& operator=(Baseline&&) noexcept;
  ~Baseline();

  const SealKey& key() const;

  enum class Missing { Create, Leave };
  // The number of a directory; 0 = not there.
  Result<int64_t> directory(std::string_view path, Missing missing);
  // Rows of a directory with names behind `after` and up to `last` (nothing: to the end), in byte order.
  Result<void> rows(int64_t directory, std::string_view after, std::optional<std::string_view> last,
                    std::vector<BaselineRow>& out);
  Result<std::optional<BaselineRow>> row(int64_t directory, std::string_view name);
  // Numbers and paths of all directories that have rows, in order of number.
  Result<void> each_directory(const std::function<void(int64_t, std::string_view)>& see);
  // The same for `path` and what lies below it; all at once in memory.
  Result<std::vector<std::pair<int64_t, std::string>>> directories_below(std::string_view path);
  // Of a directory without rows.
  Result<void> forget_directory(int64_t directory);

  // `tag` is that of path and state; `old` the tag that the row had.
  Result<void> put(int64_t directory, std::string_view name, std::string_view state, const Tag& tag,
                   const std::optional<Tag>& old);
  Result<void> remove(int64_t directory, const BaselineRow& row);
  Result<void> record(const HistoryEntry& entry);
  Result<void> each_history(std::string_view path, const std::function<void(const HistoryEntry&)>& see);

  Result<std::optional<std::string>> meta(std::string_view name);
  Result<void> set_meta(std::string_view name, std::string_view value);

  Result<void> begin();
  Result<void> commit();
  void rollback();
  Result<uint64_t> row_count();

  Verdict verify();

  // The tag of a row, by any thread's RowSeal.
  static Tag tag_of(RowSeal& seal, std::string_view directory, std::string_view name, std::string_view state);

 private:
  struct Impl;
  explicit Baseline(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::integrity
