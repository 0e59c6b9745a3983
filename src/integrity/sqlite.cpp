#include "integrity/sqlite.h"

namespace gander::integrity {

Result<Database> Database::open(const std::string& path, int flags) {
  Database out;
  out.path_ = path;
  sqlite3* db = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &db, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  out.db_.reset(db);
  if (status != SQLITE_OK) return tl::unexpected(out.error());
  sqlite3_busy_timeout(db, 5000);
  sqlite3_extended_result_codes(db, 1);
  return out;
}

Error Database::error() const {
  const int status = db_ ? sqlite3_errcode(db_.get()) & 0xff : SQLITE_NOMEM;
  const bool damaged = status == SQLITE_CORRUPT || status == SQLITE_NOTADB || status == SQLITE_FORMAT;
  return {damaged ? "I022" : "I023", path_ + ": " + (db_ ? sqlite3_errmsg(db_.get()) : "out of memory"), {}};
}

Result<void> Database::run(const char* sql) {
  if (sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return tl::unexpected(error());
  return {};
}

Result<Statement> Statement::prepare(Database& db, std::string_view sql, bool persistent) {
  Statement out;
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                         persistent ? SQLITE_PREPARE_PERSISTENT : 0, &statement, nullptr) != SQLITE_OK) {
    return tl::unexpected(db.error());
  }
  out.statement_.reset(statement);
  return out;
}

Statement& Statement::bind(int at, std::string_view bytes) {
  // A null pointer would bind NULL.
  const char* data = bytes.empty() ? "" : bytes.data();
  sqlite3_bind_blob64(statement_.get(), at, data, bytes.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_text(int at, std::string_view text) {
  const char* data = text.empty() ? "" : text.data();
  sqlite3_bind_text64(statement_.get(), at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind(int at, int64_t number) {
  sqlite3_bind_int64(statement_.get(), at, number);
  return *this;
}

Result<bool> Statement::step(const Database& db) {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) return false;
  const Error error = db.error();
  sqlite3_reset(statement_.get());
  return tl::unexpected(error);
}

Result<void> Statement::run(const Database& db) {
  const Result<bool> stepped = step(db);
  reset();
  if (!stepped) return tl::unexpected(stepped.error());
  return {};
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
}

std::string_view Statement::bytes(int column) const {
  const void* data = sqlite3_column_blob(statement_.get(), column);
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return {static_cast<const char*>(data), data ? static_cast<size_t>(size) : 0};
}

int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

}  // namespace gander::integrity
