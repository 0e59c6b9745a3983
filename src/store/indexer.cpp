#include "store/indexer.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <utility>

#include "base/file.h"
#include "model/alert_record.h"
#include "store/journal.h"
#include "store/posix_file.h"
#include "store/spool.h"
#include "store/spool_files.h"

namespace gander::store {
namespace {

constexpr const char* kReader = "index";
// Holds the spool for a file that was made again, until the indexer has taken it over.
constexpr const char* kHolder = "reindex";

// What the index asks for and the text logs do not say in so many words.
model::StoredAlert completed(const model::StoredAlert& from) {
  model::StoredAlert alert = from;
  int64_t seconds = 0;
  std::from_chars(alert.id.data(), alert.id.data() + alert.id.size(), seconds);
  if (alert.time == base::Instant{}) alert.time = base::from_unix(seconds);
  if (!alert.host.empty()) return alert;
  const std::string& place = alert.location;
  if (place.starts_with('(')) {
    alert.host = place.substr(1, place.find(')') - 1);
  } else {
    alert.host = place.substr(0, place.find("->"));
  }
  return alert;
}

// Where logs and spool stood together, as the journal said with its last commit.
StoreEnds ends_of(const std::string& home) {
  Result<StateDb> state = StateDb::open(base::join(home, "queue/gander.db"), StateDb::Access::ReadOnly, {});
  if (state) {
    const Result<std::optional<std::string>> text = state->value("ends");
    const std::optional<StoreEnds> ends = text && *text ? StoreEnds::from_text(**text) : std::nullopt;
    if (ends) return *ends;
  }
  StoreEnds ends;
  ends.alerts = ends.json = std::numeric_limits<uint64_t>::max();
  const Result<SpoolExtent> extent = spool_extent(home);
  if (extent) ends.spool = extent->end;
  return ends;
}

Result<uint64_t> fill_from_log(IndexFile& file, const Day& day, uint64_t most_bytes, const LogOfDay& log) {
  uint64_t count = 0;
  std::string record;
  Result<void> done = file.begin();
  const Result<void> read = log(day, most_bytes, [&](const model::StoredAlert& alert) {
    if (!done) return;
    record.clear();
    model::append_record(record, completed(alert));
    done = file.add(record);
    if (done && ++count % 20'000 == 0) {
      done = file.commit();
      if (done) done = file.begin();
    }
  });
  if (done) done = read;
  if (done) done = file.commit();
  if (!done) return tl::unexpected(done.error());
  return count;
}

void remove_database(const std::string& path) {
  for (const char* const tail : {"", "-wal", "-shm", "-journal"}) ::unlink((path + tail).c_str());
}

}  // namespace

Result<uint64_t> rebuild_index(const std::string& home, const Day& day, const LogOfDay& log) {
  const std::string path = base::join(home, index_name(day));
  const std::string fresh = path + ".new";
  remove_database(fresh);
  const StoreEnds ends = ends_of(home);
  {
    Result<SpoolReader> holder = SpoolReader::open(home, kHolder, SpoolReader::Start::Oldest);
    if (!holder) return tl::unexpected(holder.error());
    Result<void> held = holder->seek(ends.spool);
    if (held) held = holder->publish();
    if (!held) return tl::unexpected(held.error());
  }
  uint64_t count = 0;
  {
    Result<IndexFile> file = IndexFile::open(fresh, IndexFile::Access::Write);
    if (!file) return tl::unexpected(file.error());
    const uint64_t most = day == ends.day ? ends.alerts : std::numeric_limits<uint64_t>::max();
    const Result<uint64_t> filled = fill_from_log(*file, day, most, log);
    if (!filled) return filled;
    count = *filled;
    Result<void> done = file->begin();
    if (done) done = file->set_place(ends.spool);
    if (done) done = file->commit();
    if (done) done = file->db().execute("INSERT INTO words(words) VALUES('optimize')");
    if (done) done = file->db().execute("PRAGMA wal_checkpoint(TRUNCATE)");
    if (!done) return tl::unexpected(done.error());
  }
  // The write-ahead log of the old file must not be taken for one of the new.
  for (const char* const tail : {"-wal", "-shm"}) ::unlink((path + tail).c_str());
  if (::rename(fresh.c_str(), path.c_str()) != 0) return tl::unexpected(system_error("A207", "replace", path, errno));
  remove_database(fresh);
  return count;
}

struct Indexer::Impl {
  IndexerOptions options;
  std::optional<SpoolReader> reader;
  std::optional<IndexFile> file;
  Day day;
  FileId id;
  SpoolPlace place;     // of `file`
  std::string pending;  // a record that belongs to the next day
  bool has_pending = false;
  SpoolPlace behind_pending;
  SpoolPlace consumed;  // behind the last record that is in
  std::vector<std::string> notes;

  std::string path() const { return base::join(options.home, index_name(day)); }

  Day day_of(std::string_view record) const {
    model::RecordView view;
    if (!view.parse(record)) return day;
    const base::Instant stored = view.head().stored_time;
    return Day::of(options.zone.civil(stored == base::Instant{} ? view.head().time : stored));
  }

  Result<void> set_aside_and_rebuild() {
    file.reset();
    const Result<std::string> aside = set_aside(path(), aside_suffix(base::unix_seconds(options.now)));
    if (!aside) return tl::unexpected(aside.error());
    notes.push_back("the index '" + path() + "' is damaged; it is kept as '" + *aside + "'" +
                    (options.rebuild ? " and made again from the logs" : " and begun anew"));
    if (!options.rebuild) return {};
    const Result<uint64_t> rebuilt = rebuild_index(options.home, day, options.rebuild);
    if (!rebuilt) return tl::unexpected(rebuilt.error());
    return {};
  }

  Result<void> open_day(const Day& wanted) {
    file.reset();
    day = wanted;
    Result<IndexFile> opened = IndexFile::open(path(), IndexFile::Access::Write);
    if (!opened && IndexFile::is_damaged(path())) {
      const Result<void> mended = set_aside_and_rebuild();
      if (!mended) return mended;
      opened = IndexFile::open(path(), IndexFile::Access::Write);
    }
    if (!opened) return tl::unexpected(opened.error());
    const Result<SpoolPlace> known = opened->place();
    if (!known) return tl::unexpected(known.error());
    file.emplace(std::move(*opened));
    place = *known;
    file_id_at(path(), id);
    return {};
  }

  // Another process made the file of this day again: its place is behind ours.
  bool was_replaced() const {
    FileId now;
    return file && (!file_id_at(path(), now) || !(now == id));
  }

  Result<void> start_over() {
    file.reset();
    has_pending = false;
    const Result<SpoolReader> holder = SpoolReader::open(options.home, kHolder, SpoolReader::Start::Newest);
    if (!holder) return tl::unexpected(holder.error());
    const SpoolPlace from = std::min(holder->place(), reader->place());
    const Result<void> sought = reader->seek(from);
    if (!sought) return sought;
    consumed = from;
    const Result<void> published = reader->publish();
    if (!published) return published;
    return SpoolReader::forget(options.home, kHolder);
  }

  // Records of one day into its file, up to kBatch.
  Result<size_t> take_in() {
    size_t taken = 0;
    SpoolPlace behind = reader->place();
    for (size_t n = 0; n < kBatch; ++n) {
      if (!has_pending) {
        const Result<std::optional<std::string_view>> next = reader->next();
        if (!next) return tl::unexpected(next.error());
        if (!*next) break;
        model::RecordView view;
        if (!view.parse(**next)) {
          notes.push_back("a record of the spool cannot be read and is left out of the index");
          continue;
        }
        pending = **next;
        behind_pending = reader->place();
        has_pending = true;
      }
      const Day wanted = day_of(pending);
      if (!file || wanted != day) {
        if (taken > 0) break;
        const Result<void> opened = open_day(wanted);
        if (!opened) return tl::unexpected(opened.error());
      }
      if (taken == 0) {
        const Result<void> begun = file->begin();
        if (!begun) return tl::unexpected(begun.error());
      }
      ++taken;
      // What this day's file has seen is not put in twice.
      if (behind_pending > place) {
        const Result<void> added = file->add(pending);
        if (!added) return tl::unexpected(added.error());
      }
      has_pending = false;
      behind = behind_pending;
    }
    if (taken == 0) return 0;
    return finish(behind, taken);
  }

  Result<size_t> finish(const SpoolPlace& behind, size_t taken) {
    Result<void> done;
    if (behind > place) done = file->set_place(behind);
    const int fault = options.seam ? options.seam("index.commit") : 0;
    if (done && fault > 0) done = tl::unexpected(system_error("A207", "write", path(), fault));
    if (done) done = file->commit();
    if (!done) return tl::unexpected(done.error());
    place = std::max(place, behind);
    consumed = behind;
    if (options.seam) options.seam("index.committed");
    if (!was_replaced()) done = write_place(behind);
    if (!done) return tl::unexpected(done.error());
    return taken;
  }

  // The reader may stand behind a record that waits for its day.
  Result<void> write_place(const SpoolPlace& behind) {
    if (behind == reader->place()) return reader->publish();
    return write_place_file(reader_file(options.home, kReader), behind);
  }
};

Indexer::Indexer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Indexer::~Indexer() = default;

Result<std::unique_ptr<Indexer>> Indexer::open(IndexerOptions options) {
  auto impl = std::make_unique<Impl>();
  impl->options = std::move(options);
  Result<SpoolReader> reader = SpoolReader::open(impl->options.home, kReader, SpoolReader::Start::Oldest);
  if (!reader) return tl::unexpected(reader.error());
  impl->reader.emplace(std::move(*reader));
  impl->consumed = impl->reader->place();
  if (base::exists(reader_file(impl->options.home, kHolder))) {
    const Result<void> over = impl->start_over();
    if (!over) return tl::unexpected(over.error());
  }
  return std::unique_ptr<Indexer>(new Indexer(std::move(impl)));
}

Result<size_t> Indexer::step() {
  Impl& s = *impl_;
  if (s.was_replaced()) {
    const Result<void> over = s.start_over();
    if (!over) return tl::unexpected(over.error());
  }
  const Result<size_t> taken = s.take_in();
  if (taken) return taken;
  const bool damaged = s.file && s.file->is_damaged();
  if (s.file) s.file->roll_back();
  s.has_pending = false;
  const Result<void> back = s.reader->seek(s.consumed);
  if (!back) return tl::unexpected(back.error());
  if (damaged) {
    const Result<void> mended = s.set_aside_and_rebuild();
    if (mended) return step();
  }
  return taken;
}

int Indexer::descriptor() const {
  return impl_->reader->descriptor();
}

void Indexer::drain() {
  impl_->reader->drain();
}

std::vector<std::string> Indexer::take_notes() {
  return std::exchange(impl_->notes, {});
}

}  // namespace gander::store
