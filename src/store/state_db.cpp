#include "store/state_db.h"

#include <charconv>
#include <utility>

#include "base/file.h"
#include "store/posix_file.h"
#include "store/sqlite.h"

namespace gander::store {
namespace {

constexpr const char* kSchema = R"sql(
CREATE TABLE IF NOT EXISTS places(source TEXT PRIMARY KEY, place BLOB, flushed BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts(source TEXT, name TEXT, value INTEGER NOT NULL, flushed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(source, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS runs(name TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vals(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
PRAGMA user_version = 1;
)sql";

// Places and counts behind the last mark_flushed() keep what they were at it; `place` NULL is a source that was
// forgotten since, `flushed` NULL one that came since.
constexpr const char* kMarkFlushed = R"sql(
DELETE FROM places WHERE place IS NULL;
UPDATE places SET flushed = place WHERE flushed IS NOT place;
UPDATE counts SET flushed = value WHERE flushed <> value;
)sql";
constexpr const char* kReturn = R"sql(
DELETE FROM places WHERE flushed IS NULL;
UPDATE places SET place = flushed WHERE flushed IS NOT place;
UPDATE counts SET value = flushed WHERE flushed <> value;
)sql";

uint64_t number_of(std::string_view text) {
  uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

struct StateDb::Impl {
  Sqlite db;
  FaultSeam seam;
  std::string note;
  bool is_new = false;
  uint64_t batch = 0;
  Statement set_place;
  Statement forget_place;
  Statement add_count;
  Statement set_value;
  Statement get_value;

  Result<void> fault(std::string_view step) const {
    const int fault = seam ? seam(step) : 0;
    if (fault == 0) return {};
    return tl::unexpected(system_error("A203", "write", db.path(), fault == kTorn ? 28 : fault));
  }

  Result<void> open(const std::string& path, Access access) {
    Result<Sqlite> opened =
        Sqlite::open(path, access == Access::ReadOnly ? Sqlite::Mode::Read : Sqlite::Mode::Create, "A203");
    if (!opened) return tl::unexpected(opened.error());
    db = std::move(*opened);
    if (access == Access::ReadWrite) {
      for (const char* const sql :
           {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "PRAGMA wal_autocheckpoint = 250"}) {
        const Result<void> done = db.execute(sql);
        if (!done) return done;
      }
      Result<Statement> check = db.prepare("PRAGMA quick_check(1)");
      if (!check) return tl::unexpected(check.error());
      const Result<bool> row = check->step();
      if (!row) return tl::unexpected(row.error());
      if (*row && check->text(0) != "ok")
        return fail("A203", "'" + path + "' is damaged: " + std::string(check->text(0)));
      check->reset();
      const Result<void> made = db.execute(kSchema);
      if (!made) return made;
    }
    return prepare();
  }

  Result<void> prepare() {
    const std::pair<Statement*, const char*> wanted[] = {
        {&set_place,
         "INSERT INTO places(source, place) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET place = excluded.place"},
        {&forget_place, "UPDATE places SET place = NULL WHERE source = ?1"},
        {&add_count,
         "INSERT INTO counts(source, name, value) VALUES(?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = value + "
         "excluded.value"},
        {&set_value, "INSERT INTO vals(key, value) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value"},
        {&get_value, "SELECT value FROM vals WHERE key = ?1"}};
    for (const auto& [statement, sql] : wanted) {
      Result<Statement> prepared = db.prepare(sql);
      if (!prepared) return tl::unexpected(prepared.error());
      *statement = std::move(*prepared);
    }
    const Result<std::optional<std::string>> known = value("batch");
    if (!known) return tl::unexpected(known.error());
    is_new = !known->has_value();
    batch = number_of(known->value_or(""));
    return {};
  }

  Result<std::optional<std::string>> value(std::string_view key) {
    get_value.bind(1, key);
    const Result<bool> row = get_value.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::nullopt;
    std::string text(get_value.text(0));
    get_value.reset();
    return text;
  }

  Result<void> write(const Change& change) {
    for (const SourcePlace& p : change.places) {
      const Result<void> done = set_place.bind(1, p.source).bind_blob(2, p.place).run();
      if (!done) return done;
    }
    for (const std::string& source : change.forgotten) {
      const Result<void> done = forget_place.bind(1, source).run();
      if (!done) return done;
    }
    for (const SourceCount& c : change.counts) {
      const Result<void> done =
          add_count.bind(1, c.source).bind(2, c.name).bind(3, static_cast<int64_t>(c.value)).run();
      if (!done) return done;
    }
    for (const auto& [key, text] : change.values) {
      const Result<void> done = set_value.bind(1, key).bind_blob(2, text).run();
      if (!done) return done;
    }
    const std::string number = std::to_string(change.batch);
    return set_value.bind(1, std::string_view("batch")).bind_blob(2, number).run();
  }

  // `work` as one transaction; nothing of it stays when a step fails.
  template <class Work>
  Result<void> transaction(Work work) {
    Result<void> done = fault("state.begin");
    if (!done) return done;
    done = db.execute("BEGIN IMMEDIATE");
    if (!done) return done;
    done = work();
    if (done) done = fault("state.commit");
    if (done) done = db.execute("COMMIT");
    if (!done) {
      // After a full disk SQLite may have rolled back by itself.
      if (sqlite3_get_autocommit(db.handle()) == 0) sqlite3_exec(db.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
      return done;
    }
    return fault("state.committed");
  }

  Result<std::vector<SourcePlace>> list(const char* sql) {
    Result<Statement> statement = db.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    std::vector<SourcePlace> found;
    for (;;) {
      const Result<bool> row = statement->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) return found;
      found.push_back({std::string(statement->text(0)), std::string(statement->text(1))});
    }
  }
};

StateDb::StateDb(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StateDb::~StateDb() = default;
StateDb::StateDb(StateDb&&) noexcept = default;
StateDb& StateDb::operator=(StateDb&&) noexcept = default;

Result<StateDb> StateDb::open(const std::string& path, Access access, base::Instant now, FaultSeam seam) {
  auto impl = std::make_unique<Impl>();
  Result<void> opened = impl->open(path, access);
  if (!opened && access == Access::ReadWrite && base::exists(path) &&
      (impl->db.is_damaged() || opened.error().message.find("is damaged") != std::string::npos)) {
    const std::string why = opened.error().message;
    impl = std::make_unique<Impl>();
    const Result<std::string> aside = set_aside(path, aside_suffix(base::unix_seconds(now)));
    if (!aside) return tl::unexpected(Error{"A203", aside.error().message, {path}});
    opened = impl->open(path, access);
    impl->note = why + "; it is kept as '" + *aside + "' and a new one is begun";
  }
  if (!opened) return tl::unexpected(opened.error());
  impl->seam = std::move(seam);
  return StateDb(std::move(impl));
}

const std::string& StateDb::note() const {
  return impl_->note;
}

bool StateDb::is_new() const {
  return impl_->is_new;
}

uint64_t StateDb::batch() const {
  return impl_->batch;
}

Result<void> StateDb::apply(const Change& change) {
  // A commit that failed may have been done all the same; the number tells.
  const Result<void> done = impl_->transaction([&]() -> Result<void> {
    const Result<std::optional<std::string>> known = impl_->value("batch");
    if (!known) return tl::unexpected(known.error());
    if (*known && number_of(**known) == change.batch) return {};
    return impl_->write(change);
  });
  if (done) impl_->batch = change.batch;
  return done;
}

Result<std::vector<SourcePlace>> StateDb::places() {
  return impl_->list("SELECT source, place FROM places WHERE place IS NOT NULL ORDER BY source");
}

Result<std::vector<SourcePlace>> StateDb::flushed_places() {
  return impl_->list("SELECT source, flushed FROM places WHERE flushed IS NOT NULL ORDER BY source");
}

Result<void> StateDb::mark_flushed() {
  Result<void> done = impl_->db.execute("PRAGMA synchronous = FULL");
  if (!done) return done;
  done = impl_->transaction([&]() -> Result<void> {
    const Result<void> marked = impl_->db.execute(kMarkFlushed);
    if (!marked) return marked;
    // The commit flushes only when it has something to write.
    const std::string number = std::to_string(impl_->batch);
    return impl_->set_value.bind(1, std::string_view("flushed")).bind_blob(2, number).run();
  });
  const Result<void> back = impl_->db.execute("PRAGMA synchronous = NORMAL");
  return done ? back : done;
}

Result<void> StateDb::return_to_flushed() {
  return impl_->transaction([&] { return impl_->db.execute(kReturn); });
}

Result<std::vector<SourceCount>> StateDb::counts() {
  Result<Statement> statement = impl_->db.prepare("SELECT source, name, value FROM counts ORDER BY source, name");
  if (!statement) return tl::unexpected(statement.error());
  std::vector<SourceCount> found;
  for (;;) {
    const Result<bool> row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return found;
    found.push_back({std::string(statement->text(0)), std::string(statement->text(1)),
                     static_cast<uint64_t>(statement->number(2))});
  }
}

Result<void> StateDb::forget_counts(std::string_view source) {
  Result<Statement> statement = impl_->db.prepare("DELETE FROM counts WHERE source = ?1");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind(1, source).run();
}

Result<std::optional<base::Instant>> StateDb::last_run(std::string_view name) {
  Result<Statement> statement = impl_->db.prepare("SELECT at FROM runs WHERE name = ?1");
  if (!statement) return tl::unexpected(statement.error());
  const Result<bool> row = statement->bind(1, name).step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return std::nullopt;
  return base::Instant(std::chrono::microseconds(statement->number(0)));
}

Result<void> StateDb::set_last_run(std::string_view name, base::Instant at) {
  Result<Statement> statement =
      impl_->db.prepare("INSERT INTO runs(name, at) VALUES(?1, ?2) ON CONFLICT DO UPDATE SET at = excluded.at");
  if (!statement) return tl::unexpected(statement.error());
  return statement->bind(1, name).bind(2, at.time_since_epoch().count()).run();
}

Result<std::optional<std::string>> StateDb::value(std::string_view key) {
  return impl_->value(key);
}

Result<void> StateDb::set_value(std::string_view key, std::string_view value) {
  return impl_->set_value.bind(1, key).bind_blob(2, value).run();
}

}  // namespace gander::store
