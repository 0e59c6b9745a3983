#include "store/index_file.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "model/alert_record.h"
#include "store/alert_words.h"

namespace gander::store {
namespace {

// What alerts of a rule have in common is a row of `kinds`; what is asked for stands in `alerts`, narrow enough to be
// scanned; `records` holds the whole alert; `words` the places of words, without the text.
constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS kinds(id INTEGER PRIMARY KEY, rule INTEGER, level INTEGER, groups TEXT, UNIQUE(rule, level, groups));
CREATE TABLE IF NOT EXISTS alerts(id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL, src_ip TEXT,
  dst_ip TEXT, user TEXT, src_user TEXT, host TEXT, stable BLOB);
CREATE TABLE IF NOT EXISTS records(id INTEGER PRIMARY KEY, record BLOB NOT NULL);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, content='', columnsize=0, prefix='2 3', tokenize='gander');
CREATE INDEX IF NOT EXISTS by_kind ON alerts(kind, time);
CREATE INDEX IF NOT EXISTS by_time ON alerts(time);
CREATE INDEX IF NOT EXISTS by_src_ip ON alerts(src_ip, time) WHERE src_ip IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_dst_ip ON alerts(dst_ip, time) WHERE dst_ip IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_user ON alerts(user, time) WHERE user IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_src_user ON alerts(src_user, time) WHERE src_user IS NOT NULL;
CREATE INDEX IF NOT EXISTS by_host ON alerts(host, time) WHERE host IS NOT NULL;
CREATE UNIQUE INDEX IF NOT EXISTS by_stable ON alerts(stable) WHERE stable IS NOT NULL;
CREATE TABLE IF NOT EXISTS place(one INTEGER PRIMARY KEY CHECK(one = 1), segment INTEGER, at INTEGER);
PRAGMA user_version = 1;
)sql";

constexpr model::RecordField kSearched[] = {model::RecordField::Log,         model::RecordField::Location,
                                            model::RecordField::Description, model::RecordField::User,
                                            model::RecordField::SrcUser,     model::RecordField::Url,
                                            model::RecordField::Filename};

bool is_searched(model::RecordField field) {
  return std::find(std::begin(kSearched), std::end(kSearched), field) != std::end(kSearched);
}

}  // namespace

struct IndexFile::Impl {
  Sqlite db;
  Statement find_kind;
  Statement add_kind;
  Statement add_alert;
  Statement add_record;
  Statement add_words;
  Statement set_place;
  std::string text;

  Result<void> open(const std::string& path, Access access) {
    Result<Sqlite> opened =
        Sqlite::open(path, access == Access::Write ? Sqlite::Mode::Create : Sqlite::Mode::Read, "A207");
    if (!opened) return tl::unexpected(opened.error());
    db = std::move(*opened);
    Result<void> done = add_tokenizer(db);
    if (access == Access::Write) {
      for (const char* const sql :
           {"PRAGMA page_size = 8192", "PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL",
            "PRAGMA cache_size = -16384", "PRAGMA wal_autocheckpoint = 4000", kSchema}) {
        if (done) done = db.execute(sql);
      }
    } else {
      if (done) done = db.execute("PRAGMA mmap_size = 1073741824");
    }
    // Also reads the schema of a file that is only read.
    const Result<int64_t> tables =
        done ? db.number("SELECT count(*) FROM sqlite_schema") : tl::unexpected(done.error());
    if (!tables) return tl::unexpected(tables.error());
    return access == Access::Write ? prepare() : done;
  }

  Result<void> prepare() {
    const std::pair<Statement*, const char*> wanted[] = {
        {&find_kind, "SELECT id FROM kinds WHERE rule = ?1 AND level = ?2 AND groups = ?3"},
        {&add_kind, "INSERT INTO kinds(rule, level, groups) VALUES(?1, ?2, ?3)"},
        {&add_alert,
         "INSERT OR IGNORE INTO alerts(time, kind, src_ip, dst_ip, user, src_user, host, stable) "
         "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"},
        {&add_record, "INSERT INTO records(id, record) VALUES(?1, ?2)"},
        {&add_words, "INSERT INTO words(rowid, text) VALUES(?1, ?2)"},
        {&set_place, "INSERT OR REPLACE INTO place(one, segment, at) VALUES(1, ?1, ?2)"}};
    for (const auto& [statement, sql] : wanted) {
      Result<Statement> prepared = db.prepare(sql);
      if (!prepared) return tl::unexpected(prepared.error());
      *statement = std::move(*prepared);
    }
    return {};
  }

  Result<int64_t> kind_of(const model::RecordView& view) {
    std::string_view groups = view.field(model::RecordField::Group);
    if (groups.starts_with(' ')) groups.remove_prefix(1);
    find_kind.bind(1, int64_t{view.head().rule}).bind(2, int64_t{view.head().level}).bind(3, groups);
    const Result<bool> row = find_kind.step();
    if (!row) return tl::unexpected(row.error());
    if (*row) {
      const int64_t id = find_kind.number(0);
      find_kind.reset();
      return id;
    }
    add_kind.bind(1, int64_t{view.head().rule}).bind(2, int64_t{view.head().level}).bind(3, groups);
    const Result<void> added = add_kind.run();
    if (!added) return tl::unexpected(added.error());
    return db.last_row();
  }

  Result<void> add(std::string_view record) {
    model::RecordView view;
    if (!view.parse(record)) return fail("A207", "a record of the spool is none", {db.path()});
    const Result<int64_t> kind = kind_of(view);
    if (!kind) return tl::unexpected(kind.error());
    add_alert.bind(1, view.head().time.time_since_epoch().count()).bind(2, *kind);
    const std::pair<int, model::RecordField> texts[] = {{3, model::RecordField::SrcIp},
                                                        {4, model::RecordField::DstIp},
                                                        {5, model::RecordField::User},
                                                        {6, model::RecordField::SrcUser},
                                                        {7, model::RecordField::Host}};
    for (const auto& [place, field] : texts) {
      const std::string_view value = view.field(field);
      if (value.empty()) {
        add_alert.bind_null(place);
      } else {
        add_alert.bind(place, value);
      }
    }
    const auto& id = view.head().id;
    if (id.is_set()) {
      add_alert.bind_blob(8, {reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size()});
    } else {
      add_alert.bind_null(8);
    }
    Result<void> done = add_alert.run();
    if (!done || sqlite3_changes(db.handle()) == 0) return done;
    const int64_t row = db.last_row();
    done = add_record.bind(1, row).bind_blob(2, record).run();
    if (!done) return done;
    text.clear();
    view.each([&](model::RecordField field, std::string_view value) {
      if (is_searched(field)) text.append(value).push_back('\n');
    });
    return add_words.bind(1, row).bind(2, std::string_view(text)).run();
  }
};

std::string index_name(const Day& day) {
  return "logs/index/" + day.iso() + ".db";
}

std::vector<Day> indexed_days(const std::string& home) {
  std::vector<Day> days;
  std::error_code error;
  for (std::filesystem::directory_iterator at(base::join(home, "logs/index"), error);
       !error && at != std::filesystem::directory_iterator(); at.increment(error)) {
    const std::string name = at->path().filename();
    const std::optional<Day> day =
        name.size() == 13 && name.ends_with(".db") ? Day::from_iso(name.substr(0, 10)) : std::nullopt;
    if (day) days.push_back(*day);
  }
  std::sort(days.begin(), days.end());
  return days;
}

IndexFile::IndexFile(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
IndexFile::~IndexFile() = default;
IndexFile::IndexFile(IndexFile&&) noexcept = default;
IndexFile& IndexFile::operator=(IndexFile&&) noexcept = default;

Result<IndexFile> IndexFile::open(const std::string& path, Access access) {
  auto impl = std::make_unique<Impl>();
  const Result<void> opened = impl->open(path, access);
  if (!opened) return tl::unexpected(opened.error());
  return IndexFile(std::move(impl));
}

bool IndexFile::is_damaged(const std::string& path) {
  if (!base::exists(path)) return false;
  Impl impl;
  if (impl.open(path, Access::Write)) return false;
  return impl.db.is_damaged();
}

Result<void> IndexFile::begin() {
  return impl_->db.execute("BEGIN IMMEDIATE");
}

Result<void> IndexFile::add(std::string_view record) {
  return impl_->add(record);
}

Result<void> IndexFile::set_place(const SpoolPlace& place) {
  return impl_->set_place.bind(1, static_cast<int64_t>(place.segment))
      .bind(2, static_cast<int64_t>(place.offset))
      .run();
}

Result<SpoolPlace> IndexFile::place() {
  Result<Statement> statement = impl_->db.prepare("SELECT segment, at FROM place");
  if (!statement) return tl::unexpected(statement.error());
  const Result<bool> row = statement->step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return SpoolPlace{};
  return SpoolPlace{static_cast<uint64_t>(statement->number(0)), static_cast<uint64_t>(statement->number(1))};
}

Result<void> IndexFile::commit() {
  return impl_->db.execute("COMMIT");
}

void IndexFile::roll_back() {
  if (sqlite3_get_autocommit(impl_->db.handle()) == 0) static_cast<void>(impl_->db.execute("ROLLBACK"));
}

bool IndexFile::is_damaged() const {
  return impl_->db.is_damaged();
}

Sqlite& IndexFile::db() {
  return impl_->db;
}

std::vector<std::string> remove_old_indexes(const std::string& home, const Retention& retention, const Day& today) {
  struct File {
    Day day;
    uint64_t bytes = 0;
  };
  std::vector<File> files;
  uint64_t total = 0;
  for (const Day& day : indexed_days(home)) {
    File file{day, 0};
    for (const char* const tail : {"", "-wal"}) {
      std::error_code error;
      const auto size = std::filesystem::file_size(base::join(home, index_name(day)) + tail, error);
      if (!error) file.bytes += size;
    }
    total += file.bytes;
    files.push_back(file);
  }
  const int64_t now = base::days_from_civil(today.year, today.month, today.day);
  std::vector<std::string> removed;
  for (const File& file : files) {
    const int64_t age = now - base::days_from_civil(file.day.year, file.day.month, file.day.day);
    if (age <= 0 || (age <= retention.most_days && total <= retention.most_bytes)) continue;
    const std::string path = base::join(home, index_name(file.day));
    if (::unlink(path.c_str()) != 0) continue;
    for (const char* const tail : {"-wal", "-shm"}) ::unlink((path + tail).c_str());
    total -= file.bytes;
    removed.push_back(index_name(file.day));
  }
  return removed;
}

}  // namespace gander::store
