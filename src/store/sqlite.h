// Sqlite, Statement: SQLite's C interface with owners and Results.
//
// Owns:    a connection; a prepared statement.
// Threads: one thread a connection.
// Fails:   with the code that the connection was opened with, and SQLite's words; status() tells damaged files apart.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::store {

class Sqlite;

class Statement {
 public:
  Statement() = default;

  // Texts and blobs are not copied: they must live until the next step() or run().
  Statement& bind(int place, int64_t value);
  Statement& bind(int place, std::string_view text);
  Statement& bind_blob(int place, std::string_view bytes);
  Statement& bind_null(int place);
  // True: there is a row. The statement is reset by itself behind the last row and on failure.
  Result<bool> step();
  // For statements without rows.
  Result<void> run();
  void reset();

  int64_t number(int column) const;
  std::string_view text(int column) const;  // also blobs; valid until the next step()
  bool is_null(int column) const;

 private:
  friend class Sqlite;
  struct Finalize {
    void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  const Sqlite* db_ = nullptr;
};

class Sqlite {
 public:
  enum class Mode { Create, Write, Read };

  Sqlite() = default;
  static Result<Sqlite> open(const std::string& path, Mode mode, ErrorCode code);
  Sqlite(Sqlite&& other) noexcept;
  Sqlite& operator=(Sqlite&& other) noexcept;
  ~Sqlite();

  bool is_open() const { return handle_ != nullptr; }
  void close();
  Result<void> execute(const char* sql) const;
  Result<Statement> prepare(std::string_view sql) const;
  // The first column of the first row.
  Result<int64_t> number(std::string_view sql) const;
  int64_t last_row() const { return sqlite3_last_insert_rowid(handle_); }
  sqlite3* handle() const { return handle_; }
  const std::string& path() const { return path_; }

  Error error(std::string_view what) const;
  // What the last failure means.
  bool is_damaged() const;

 private:
  Result<void> connect(const std::string& name, int flags);

  sqlite3* handle_ = nullptr;
  std::string path_;
  ErrorCode code_;
};

// A result code of a file that is no database or a broken one.
bool is_damage(int status);
// Moves PATH, PATH-wal and PATH-shm aside as PATH.damaged-SUFFIX; the new name.
Result<std::string> set_aside(const std::string& path, const std::string& suffix);

}  // namespace gander::store
