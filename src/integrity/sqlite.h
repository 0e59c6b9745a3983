// Database, Statement: SQLite with owners and Results; as little as the baseline needs.
//
// Threads: one thread.
// Fails:   I022 damaged, I023 anything else; the message names the file and SQLite's own words.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::integrity {

class Database {
 public:
  static Result<Database> open(const std::string& path, int flags);
  Result<void> run(const char* sql);
  Error error() const;
  sqlite3* handle() const { return db_.get(); }
  const std::string& path() const { return path_; }

 private:
  struct Close {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> db_;
};

class Statement {
 public:
  Statement() = default;
  static Result<Statement> prepare(Database& db, std::string_view sql, bool persistent = true);

  Statement& bind(int at, std::string_view bytes);
  Statement& bind_text(int at, std::string_view text);
  Statement& bind(int at, int64_t number);
  // True: a row is there.
  Result<bool> step(const Database& db);
  // step() without rows, then reset().
  Result<void> run(const Database& db);
  void reset();
  std::string_view bytes(int column) const;
  int64_t number(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace gander::integrity
