#include "integrity/baseline.h"

#include <sys/stat.h>

#include <array>
#include <cstdio>
#include <cstring>

#include "base/file.h"
#include "integrity/seal_record.h"
#include "integrity/sqlite.h"

namespace gander::integrity {
namespace {

constexpr int kApplication = 0x47414e49;  // "GANI"
constexpr int kVersion = 1;

constexpr const char* kSchema = R"(
CREATE TABLE directories(id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE);
CREATE TABLE files(directory INTEGER NOT NULL, name BLOB NOT NULL, state BLOB NOT NULL, tag BLOB NOT NULL,
  PRIMARY KEY(directory, name)) WITHOUT ROWID;
CREATE TABLE history(number INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind TEXT NOT NULL, path BLOB NOT NULL,
  before BLOB NOT NULL, after BLOB NOT NULL, who TEXT NOT NULL, note BLOB NOT NULL, tag BLOB NOT NULL);
CREATE INDEX history_path ON history(path);
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
)";

// A file that was cut is told before SQLite meets the missing page in the middle of a scan.
bool is_cut(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || info.st_size == 0) return false;
  if (struct stat wal{}; ::stat((path + "-wal").c_str(), &wal) == 0 && wal.st_size > 0) return false;
  std::array<unsigned char, 32> head{};
  std::FILE* file = std::fopen(path.c_str(), "re");
  if (!file) return false;
  const size_t got = std::fread(head.data(), 1, head.size(), file);
  std::fclose(file);
  if (got != head.size() || std::memcmp(head.data(), "SQLite format 3", 16) != 0) return true;
  const uint64_t page = head[16] == 0 && head[17] == 1 ? 65536 : head[16] * 256U + head[17];
  const uint64_t pages = (static_cast<uint64_t>(head[28]) << 24) | (head[29] << 16U) | (head[30] << 8U) | head[31];
  return static_cast<uint64_t>(info.st_size) < page * pages;
}

}  // namespace

struct Baseline::Impl {
  Database db;
  std::string key_path;
  SealAnchor anchor;
  std::unique_ptr<RowSeal> seal;
  Seal state;
  Seal committed;
  OpenMode mode = OpenMode::ReadWrite;
  bool in_transaction = false;

  Statement find_directory, add_directory, rows_after, rows_range, one_row, put_row, drop_row, add_history, get_meta,
      set_meta;

  Result<void> prepare() {
    const struct {
      Statement* statement;
      const char* sql;
    } all[] = {
        {&find_directory, "SELECT id FROM directories WHERE path=?"},
        {&add_directory, "INSERT INTO directories(path) VALUES(?)"},
        {&rows_after, "SELECT name,state,tag FROM files WHERE directory=? AND name>? ORDER BY name"},
        {&rows_range, "SELECT name,state,tag FROM files WHERE directory=? AND name>? AND name<=? ORDER BY name"},
        {&one_row, "SELECT name,state,tag FROM files WHERE directory=? AND name=?"},
        {&put_row,
         "INSERT INTO files(directory,name,state,tag) VALUES(?1,?2,?3,?4) ON CONFLICT(directory,name) DO UPDATE SET "
         "state=?3,tag=?4"},
        {&drop_row, "DELETE FROM files WHERE directory=? AND name=?"},
        {&add_history,
         "INSERT INTO history(number,time,kind,path,before,after,who,note,tag) VALUES(?,?,?,?,?,?,?,?,?)"},
        {&get_meta, "SELECT value FROM meta WHERE name=?"},
        {&set_meta, "INSERT INTO meta(name,value) VALUES(?1,?2) ON CONFLICT(name) DO UPDATE SET value=?2"},
    };
    for (const auto& one : all) {
      Result<Statement> made = Statement::prepare(db, one.sql);
      if (!made) return tl::unexpected(made.error());
      *one.statement = std::move(*made);
    }
    return {};
  }

  Result<int64_t> pragma(const char* sql) {
    Result<Statement> s = Statement::prepare(db, sql, false);
    if (!s) return tl::unexpected(s.error());
    const Result<bool> row = s->step(db);
    if (!row) return tl::unexpected(row.error());
    return *row ? s->number(0) : 0;
  }

  Result<void> check_version() {
    const Result<int64_t> application = pragma("PRAGMA application_id");
    if (!application) return tl::unexpected(application.error());
    const Result<int64_t> version = pragma("PRAGMA user_version");
    if (!version) return tl::unexpected(version.error());
    const Result<int64_t> tables = pragma("SELECT count(*) FROM sqlite_schema");
    if (!tables) return tl::unexpected(tables.error());
    if (*tables == 0 && *version == 0) {
      if (mode == OpenMode::ReadOnly) return fail("I020", db.path() + " holds no baseline yet");
      const std::string sql = "BEGIN;" + std::string(kSchema) +
                              "PRAGMA application_id=" + std::to_string(kApplication) +
                              ";PRAGMA user_version=" + std::to_string(kVersion) + ";COMMIT;";
      return db.run(sql.c_str());
    }
    if (*application != kApplication) return fail("I022", db.path() + " is no baseline");
    if (*version != kVersion) {
      return fail("I022", db.path() + " is a baseline of version " + std::to_string(*version) +
                              "; this program reads " + std::to_string(kVersion));
    }
    return {};
  }

  Result<void> load_seal() {
    seal = std::make_unique<RowSeal>(anchor.key);
    const Result<bool> row = get_meta.bind_text(1, "seal").step(db);
    if (!row) return tl::unexpected(row.error());
    if (*row) read_seal(get_meta.bytes(0), state);
    get_meta.reset();
    committed = state;
    return {};
  }
};

Baseline::Baseline(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Baseline::Baseline(Baseline&&) noexcept = default;
Baseline& Baseline::operator=(Baseline&&) noexcept = default;
Baseline::~Baseline() {
  if (impl_) rollback();
}

Result<Baseline> Baseline::open(const std::string& queue, OpenMode mode) {
  const std::string path = queue + "/integrity.db";
  if (mode == OpenMode::ReadOnly && !base::exists(path)) {
    return fail("I020", path + " does not exist: no scan has been made here");
  }
  if (is_cut(path)) return fail("I022", path + " is cut short");
  auto impl = std::make_unique<Impl>();
  impl->mode = mode;
  const int flags = mode == OpenMode::ReadOnly ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const mode_t old = ::umask(0077);
  Result<Database> db = Database::open(path, flags);
  ::umask(old);
  if (!db) return fail(db.error().code == "I022" ? "I022" : "I020", db.error().message);
  impl->db = std::move(*db);
  if (const auto done = impl->db.run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-4096; "
                                     "PRAGMA temp_store=MEMORY; PRAGMA trusted_schema=OFF; "
                                     "PRAGMA wal_autocheckpoint=4000; PRAGMA journal_size_limit=67108864");
      !done) {
    return tl::unexpected(done.error());
  }
  if (const auto done = impl->check_version(); !done) return tl::unexpected(done.error());
  impl->key_path = queue + "/integrity.key";
  if (const auto key = read_or_make_key(impl->key_path, impl->anchor); !key) return tl::unexpected(key.error());
  if (const auto done = impl->prepare(); !done) return tl::unexpected(done.error());
  if (const auto done = impl->load_seal(); !done) return tl::unexpected(done.error());
  return Baseline(std::move(impl));
}

Result<Baseline> Baseline::open_fresh(const std::string& queue, std::vector<std::string>& notes) {
  Result<Baseline> first = open(queue, OpenMode::ReadWrite);
  if (first || first.error().code != "I022") return first;
  const std::string path = queue + "/integrity.db";
  std::string aside;
  for (int n = 1; aside.empty() || base::exists(aside); ++n) aside = path + ".aside-" + std::to_string(n);
  if (std::rename(path.c_str(), aside.c_str()) != 0) return first;
  std::rename((path + "-wal").c_str(), (aside + "-wal").c_str());
  std::rename((path + "-shm").c_str(), (aside + "-shm").c_str());
  notes.push_back(first.error().message + "; set aside as " + aside + ", a new baseline is begun");
  Result<Baseline> second = open(queue, OpenMode::ReadWrite);
  if (!second) return second;
  // What the key remembers belongs to the file that was set aside.
  second->impl_->state.sequence = second->impl_->anchor.sequence;
  second->impl_->committed = second->impl_->state;
  return second;
}

const SealKey& Baseline::key() const {
  return impl_->anchor.key;
}

Tag Baseline::tag_of(RowSeal& seal, std::string_view directory, std::string_view name, std::string_view state) {
  return seal.tag('F', {directory, name, state});
}

Result<int64_t> Baseline::directory(std::string_view path, Missing missing) {
  const Result<bool> row = impl_->find_directory.bind(1, path).step(impl_->db);
  if (!row) return tl::unexpected(row.error());
  const int64_t id = *row ? impl_->find_directory.number(0) : 0;
  impl_->find_directory.reset();
  if (*row || missing == Missing::Leave) return id;
  if (const auto done = impl_->add_directory.bind(1, path).run(impl_->db); !done) return tl::unexpected(done.error());
  return sqlite3_last_insert_rowid(impl_->db.handle());
}

Result<void> Baseline::rows(int64_t directory, std::string_view after, std::optional<std::string_view> last,
                            std::vector<BaselineRow>& out) {
  Statement& s = last ? impl_->rows_range : impl_->rows_after;
  s.bind(1, directory).bind(2, after);
  if (last) s.bind(3, *last);
  for (;;) {
    const Result<bool> row = s.step(impl_->db);
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    out.push_back({std::string(s.bytes(0)), std::string(s.bytes(1)), to_tag(s.bytes(2))});
  }
  s.reset();
  return {};
}

Result<std::optional<BaselineRow>> Baseline::row(int64_t directory, std::string_view name) {
  Statement& s = impl_->one_row;
  const Result<bool> found = s.bind(1, directory).bind(2, name).step(impl_->db);
  if (!found) return tl::unexpected(found.error());
  std::optional<BaselineRow> out;
  if (*found) out = BaselineRow{std::string(s.bytes(0)), std::string(s.bytes(1)), to_tag(s.bytes(2))};
  s.reset();
  return out;
}

Result<void> Baseline::each_directory(const std::function<void(int64_t, std::string_view)>& see) {
  // Read before `see` is called: it may change what is being read.
  Result<Statement> s =
      Statement::prepare(impl_->db, "SELECT id,path FROM directories WHERE id>? ORDER BY id LIMIT 512");
  if (!s) return tl::unexpected(s.error());
  std::vector<std::pair<int64_t, std::string>> some;
  int64_t last = 0;
  do {
    some.clear();
    s->bind(1, last);
    for (;;) {
      const Result<bool> row = s->step(impl_->db);
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      some.emplace_back(s->number(0), s->bytes(1));
    }
    s->reset();
    for (const auto& [id, path] : some) see(id, path);
    if (!some.empty()) last = some.back().first;
  } while (!some.empty());
  return {};
}

Result<std::vector<std::pair<int64_t, std::string>>> Baseline::directories_below(std::string_view path) {
  Result<Statement> s = Statement::prepare(
      impl_->db, "SELECT id,path FROM directories WHERE path=?1 OR (path>?2 AND path<?3) ORDER BY id", false);
  if (!s) return tl::unexpected(s.error());
  const std::string base = path == "/" ? "" : std::string(path);
  const std::string from = base + "/";
  const std::string to = base + "0";  // the byte behind the slash
  s->bind(1, path).bind(2, from).bind(3, to);
  std::vector<std::pair<int64_t, std::string>> out;
  for (;;) {
    const Result<bool> row = s->step(impl_->db);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return out;
    out.emplace_back(s->number(0), s->bytes(1));
  }
}

Result<void> Baseline::forget_directory(int64_t directory) {
  Result<Statement> s = Statement::prepare(
      impl_->db, "DELETE FROM directories WHERE id=?1 AND NOT EXISTS (SELECT 1 FROM files WHERE directory=?1)", false);
  if (!s) return tl::unexpected(s.error());
  return s->bind(1, directory).run(impl_->db);
}

Result<void> Baseline::put(int64_t directory, std::string_view name, std::string_view state, const Tag& tag,
                           const std::optional<Tag>& old) {
  if (old) impl_->state.rows.subtract(*old);
  impl_->state.rows.add(tag);
  return impl_->put_row.bind(1, directory).bind(2, name).bind(3, state).bind(4, view_of(tag)).run(impl_->db);
}

Result<void> Baseline::remove(int64_t directory, const BaselineRow& row) {
  impl_->state.rows.subtract(row.tag);
  return impl_->drop_row.bind(1, directory).bind(2, row.name).run(impl_->db);
}

namespace {

Tag history_tag(RowSeal& seal, const Tag& previous, uint64_t number, const HistoryEntry& e) {
  return seal.tag('H', {view_of(previous), raw(number), raw(e.time), e.kind, e.path, e.before, e.after, e.who, e.note});
}

}  // namespace

Result<void> Baseline::record(const HistoryEntry& e) {
  Seal& s = impl_->state;
  s.head = history_tag(*impl_->seal, s.head, ++s.history, e);
  return impl_->add_history.bind(1, static_cast<int64_t>(s.history))
      .bind(2, e.time)
      .bind_text(3, e.kind)
      .bind(4, e.path)
      .bind(5, e.before)
      .bind(6, e.after)
      .bind_text(7, e.who)
      .bind(8, e.note)
      .bind(9, view_of(s.head))
      .run(impl_->db);
}

Result<void> Baseline::each_history(std::string_view path, const std::function<void(const HistoryEntry&)>& see) {
  Result<Statement> s = Statement::prepare(
      impl_->db, "SELECT time,kind,path,before,after,who,note FROM history WHERE ?1=x'' OR path=?1 ORDER BY number",
      false);
  if (!s) return tl::unexpected(s.error());
  s->bind(1, path);
  for (;;) {
    const Result<bool> row = s->step(impl_->db);
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    see({s->number(0), std::string(s->bytes(1)), std::string(s->bytes(2)), std::string(s->bytes(3)),
         std::string(s->bytes(4)), std::string(s->bytes(5)), std::string(s->bytes(6))});
  }
}

Result<std::optional<std::string>> Baseline::meta(std::string_view name) {
  const Result<bool> row = impl_->get_meta.bind_text(1, name).step(impl_->db);
  if (!row) return tl::unexpected(row.error());
  std::optional<std::string> out;
  if (*row) out = impl_->get_meta.bytes(0);
  impl_->get_meta.reset();
  return out;
}

Result<void> Baseline::set_meta(std::string_view name, std::string_view value) {
  const Result<std::optional<std::string>> old = meta(name);
  if (!old) return tl::unexpected(old.error());
  if (*old) impl_->state.metas.subtract(impl_->seal->tag('M', {name, **old}));
  impl_->state.metas.add(impl_->seal->tag('M', {name, value}));
  return impl_->set_meta.bind_text(1, name).bind(2, value).run(impl_->db);
}

Result<void> Baseline::begin() {
  if (impl_->in_transaction) return {};
  const Result<void> done = impl_->db.run("BEGIN IMMEDIATE");
  impl_->in_transaction = done.has_value();
  return done;
}

Result<void> Baseline::commit() {
  if (!impl_->in_transaction) return {};
  Seal& s = impl_->state;
  ++s.sequence;
  s.tag = tag_of_seal(*impl_->seal, s);
  const std::string bytes = write_seal(s);
  Result<void> done = impl_->set_meta.bind_text(1, "seal").bind(2, bytes).run(impl_->db);
  if (done) done = impl_->db.run("COMMIT");
  if (!done) {
    rollback();
    return done;
  }
  impl_->in_transaction = false;
  impl_->committed = s;
  impl_->anchor.sequence = s.sequence;
  impl_->anchor.seal = s.tag;
  // Behind the commit: killed between the two, the baseline is one ahead of its key, which verify() allows.
  return write_key(impl_->key_path, impl_->anchor);
}

void Baseline::rollback() {
  if (!impl_->in_transaction) return;
  static_cast<void>(impl_->db.run("ROLLBACK"));
  impl_->in_transaction = false;
  impl_->state = impl_->committed;
}

Result<uint64_t> Baseline::row_count() {
  const Result<int64_t> count = impl_->pragma("SELECT count(*) FROM files");
  if (!count) return tl::unexpected(count.error());
  return static_cast<uint64_t>(*count);
}

namespace {

class Findings {
 public:
  explicit Findings(std::vector<std::string>& out) : out_(out) {}
  ~Findings() {
    if (more_ != 0) out_.push_back("and " + std::to_string(more_) + " more");
  }
  void add(std::string text) {
    if (out_.size() < 100) {
      out_.push_back(std::move(text));
    } else {
      ++more_;
    }
  }

 private:
  std::vector<std::string>& out_;
  uint64_t more_ = 0;
};

}  // namespace

Verdict Baseline::verify() {
  Verdict out;
  Findings findings(out.findings);
  Impl& i = *impl_;
  const auto each = [&](const char* sql, const auto& see) {
    Result<Statement> s = Statement::prepare(i.db, sql, false);
    if (!s) return findings.add(s.error().message);
    for (;;) {
      const Result<bool> row = s->step(i.db);
      if (!row) return findings.add(row.error().message);
      if (!*row) return;
      see(*s);
    }
  };
  each("PRAGMA integrity_check(20)", [&](const Statement& s) {
    if (s.bytes(0) != "ok") findings.add("the database is damaged: " + std::string(s.bytes(0)));
  });
  Seal found;
  each("SELECT coalesce(path,x''),name,state,tag FROM files LEFT JOIN directories ON id=directory",
       [&](const Statement& s) {
         ++out.rows;
         const Tag tag = to_tag(s.bytes(3));
         found.rows.add(tag);
         if (tag_of(*i.seal, s.bytes(0), s.bytes(1), s.bytes(2)) != tag) {
           findings.add("edited: " + std::string(s.bytes(0)) + "/" + std::string(s.bytes(1)));
         }
       });
  Tag head{};
  each("SELECT number,time,kind,path,before,after,who,note,tag FROM history ORDER BY number", [&](const Statement& s) {
    ++out.history;
    const HistoryEntry e{s.number(1),
                         std::string(s.bytes(2)),
                         std::string(s.bytes(3)),
                         std::string(s.bytes(4)),
                         std::string(s.bytes(5)),
                         std::string(s.bytes(6)),
                         std::string(s.bytes(7))};
    const Tag tag = to_tag(s.bytes(8));
    const auto number = static_cast<uint64_t>(s.number(0));
    if (number != out.history || history_tag(*i.seal, head, number, e) != tag) {
      findings.add("history entry " + std::to_string(number) + " (" + e.path +
                   ") was edited, or one before it removed");
    }
    head = tag;
  });
  each("SELECT name,value FROM meta WHERE name<>'seal'", [&](const Statement& s) {
    found.metas.add(i.seal->tag('M', {s.bytes(0), s.bytes(1)}));
  });
  const Seal& s = i.committed;
  if (s.tag != tag_of_seal(*i.seal, s) && s.sequence != 0)
    findings.add("the seal was edited, or the key is another one");
  if (found.rows != s.rows) findings.add("rows were added, removed or replaced by older ones");
  if (found.metas != s.metas) findings.add("a setting of the baseline was edited");
  if (out.history != s.history || head != s.head) findings.add("the end of the history is missing");
  if (s.sequence < i.anchor.sequence || (s.sequence == i.anchor.sequence && s.tag != i.anchor.seal)) {
    findings.add("an older copy: seal " + std::to_string(s.sequence) + ", but the key remembers " +
                 std::to_string(i.anchor.sequence));
  }
  return out;
}

}  // namespace gander::integrity
