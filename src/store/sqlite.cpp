#include "store/sqlite.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

#include "store/posix_file.h"

namespace gander::store {
namespace {

// A path inside a file: URI.
std::string escaped(const std::string& path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    if (c != '%' && c != '?' && c != '#') {
      out += c;
    } else {
      out += {'%', kHex[static_cast<unsigned char>(c) >> 4], kHex[c & 15]};
    }
  }
  return out;
}

}  // namespace

Statement& Statement::bind(int place, int64_t value) {
  sqlite3_bind_int64(handle_.get(), place, value);
  return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
  // A null pointer would bind NULL.
  sqlite3_bind_text64(handle_.get(), place, text.data() == nullptr ? "" : text.data(), text.size(), SQLITE_STATIC,
                      SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int place, std::string_view bytes) {
  sqlite3_bind_blob64(handle_.get(), place, bytes.data() == nullptr ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_null(int place) {
  sqlite3_bind_null(handle_.get(), place);
  return *this;
}

Result<bool> Statement::step() {
  const int status = sqlite3_step(handle_.get());
  if (status == SQLITE_ROW) return true;
  if (status == SQLITE_DONE) {
    sqlite3_reset(handle_.get());
    return false;
  }
  const Error why = db_->error("use");
  sqlite3_reset(handle_.get());
  return tl::unexpected(why);
}

Result<void> Statement::run() {
  const Result<bool> stepped = step();
  if (!stepped) return tl::unexpected(stepped.error());
  if (*stepped) reset();
  return {};
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
}

int64_t Statement::number(int column) const {
  return sqlite3_column_int64(handle_.get(), column);
}

std::string_view Statement::text(int column) const {
  const void* const bytes = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  if (bytes == nullptr || size <= 0) return "";
  return {static_cast<const char*>(bytes), static_cast<size_t>(size)};
}

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

Result<Sqlite> Sqlite::open(const std::string& path, Mode mode, ErrorCode code) {
  if (mode == Mode::Create) {
    const Result<void> folders = make_folders_of(path);
    if (!folders) return tl::unexpected(Error{code, folders.error().message, {path}});
  }
  constexpr int kFlags[] = {SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, SQLITE_OPEN_READWRITE, SQLITE_OPEN_READONLY};
  Sqlite db;
  db.path_ = path;
  db.code_ = code;
  Result<void> opened = db.connect(path, kFlags[static_cast<int>(mode)]);
  if (opened && mode == Mode::Read && !db.execute("SELECT count(*) FROM sqlite_schema") && !db.is_damaged() &&
      ::access((path + "-wal").c_str(), F_OK) != 0) {
    // A folder that cannot be written has no room for the files beside a database; without a log it can do without.
    db.close();
    opened = db.connect("file:" + escaped(path) + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  }
  if (!opened) return tl::unexpected(opened.error());
  return db;
}

Result<void> Sqlite::connect(const std::string& name, int flags) {
  const int status = sqlite3_open_v2(name.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (status != SQLITE_OK) return tl::unexpected(error("open"));
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, 10'000);
  // A file is data, not a program: nothing in its schema may act.
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return {};
}

Sqlite::Sqlite(Sqlite&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)), path_(std::move(other.path_)), code_(other.code_) {}

Sqlite& Sqlite::operator=(Sqlite&& other) noexcept {
  if (this == &other) return *this;
  close();
  handle_ = std::exchange(other.handle_, nullptr);
  path_ = std::move(other.path_);
  code_ = other.code_;
  return *this;
}

Sqlite::~Sqlite() {
  close();
}

void Sqlite::close() {
  // Statements that are still alive keep the handle until they are gone.
  if (handle_ != nullptr) sqlite3_close_v2(handle_);
  handle_ = nullptr;
}

Result<void> Sqlite::execute(const char* sql) const {
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) return tl::unexpected(error("use"));
  return {};
}

Result<Statement> Sqlite::prepare(std::string_view sql) const {
  Statement statement;
  sqlite3_stmt* handle = nullptr;
  const int status = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                        &handle, nullptr);
  if (status != SQLITE_OK) return tl::unexpected(error("use"));
  statement.handle_.reset(handle);
  statement.db_ = this;
  return statement;
}

Result<int64_t> Sqlite::number(std::string_view sql) const {
  Result<Statement> statement = prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  const Result<bool> row = statement->step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement->number(0) : 0;
}

Error Sqlite::error(std::string_view what) const {
  const std::string why = handle_ == nullptr ? "no memory" : sqlite3_errmsg(handle_);
  return {code_, "cannot " + std::string(what) + " '" + path_ + "': " + why, {path_}};
}

bool Sqlite::is_damaged() const {
  return handle_ != nullptr && is_damage(sqlite3_errcode(handle_));
}

bool is_damage(int status) {
  const int primary = status & 0xff;
  return primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB;
}

Result<std::string> set_aside(const std::string& path, const std::string& suffix) {
  std::string aside = path + ".damaged-" + suffix;
  for (int n = 2; ::access(aside.c_str(), F_OK) == 0; ++n) {
    aside = path + ".damaged-" + suffix + "-" + std::to_string(n);
  }
  if (::rename(path.c_str(), aside.c_str()) != 0 && errno != ENOENT) {
    return tl::unexpected(system_error("A201", "set aside", path, errno));
  }
  for (const char* const tail : {"-wal", "-shm"}) ::rename((path + tail).c_str(), (aside + tail).c_str());
  return aside;
}

}  // namespace gander::store
