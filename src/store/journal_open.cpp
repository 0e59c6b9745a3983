// The start of a journal: the lock, the state, what a kill or a power cut left behind.

#include <sys/file.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/file.h"
#include "store/journal_impl.h"
#include "store/spool_files.h"

namespace gander::store {
namespace {

constexpr std::string_view kPlacesMagic = "GNDRPLC1";

std::string read_boot_id() {
  Result<std::string> text = base::read_file("/proc/sys/kernel/random/boot_id");
  if (!text) return "unknown";
  while (text->ends_with('\n')) text->pop_back();
  return *text;
}

}  // namespace

std::string places_file(const std::string& home) {
  return base::join(home, "queue/alerts/places");
}

Result<void> Journal::Impl::lock() {
  Result<PosixFile> opened = PosixFile::open_write(base::join(options.home, "queue/alerts/lock"));
  if (!opened) return tl::unexpected(opened.error());
  lock_file = std::move(*opened);
  if (::flock(lock_file.descriptor(), LOCK_EX | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return tl::unexpected(system_error("A201", "lock", lock_file.path(), errno));
  return fail("A205", "another Gander writes the alerts of '" + options.home + "'", {lock_file.path()});
}

Result<void> Journal::Impl::open_state() {
  Result<StateDb> opened =
      StateDb::open(base::join(options.home, "queue/gander.db"), StateDb::Access::ReadWrite, options.now, options.seam);
  if (!opened) return tl::unexpected(opened.error());
  state.emplace(std::move(*opened));
  if (!state->note().empty()) note(state->note());
  return state->is_new() ? restore_places() : Result<void>{};
}

// gander.db is new: it was never there, or it is lost. Then the places of a moment ago stand in their copy.
Result<void> Journal::Impl::restore_places() {
  const Result<std::string> bytes = base::read_file(places_file(options.home));
  if (!bytes || bytes->size() < 16 || !bytes->starts_with(kPlacesMagic)) return {};
  const std::string_view body = std::string_view(*bytes).substr(16);
  uint64_t sum = 0;
  std::memcpy(&sum, bytes->data() + 8, sizeof sum);
  if (XXH3_64bits(body.data(), body.size()) != sum) return {};
  Unpacker in(body);
  StateDb::Change change;
  unpack_change(in, change);
  if (!in.good()) return {};
  note("'queue/gander.db' was lost; the places of " + std::to_string(change.places.size()) +
       " sources come from their copy, so that what was judged since may be judged again");
  const Result<void> applied = state->apply(change);
  return applied ? state->mark_flushed() : applied;
}

Result<void> Journal::Impl::save_places() {
  StateDb::Change change;
  change.batch = state->batch();
  Result<std::vector<SourcePlace>> known = state->places();
  if (!known) return tl::unexpected(known.error());
  change.places = std::move(*known);
  Result<std::vector<SourceCount>> counts = state->counts();
  if (!counts) return tl::unexpected(counts.error());
  change.counts = std::move(*counts);
  for (const char* const key : {"boot", "clean", "asked"}) {
    const Result<std::optional<std::string>> value = state->value(key);
    if (value && *value) change.values.emplace_back(key, **value);
  }
  Packer packer;
  pack_change(packer, change);
  const uint64_t sum = XXH3_64bits(packer.bytes().data(), packer.bytes().size());
  std::string bytes(kPlacesMagic);
  bytes.append(reinterpret_cast<const char*>(&sum), sizeof sum).append(packer.bytes());
  const Result<void> written = base::write_file_atomically(places_file(options.home), bytes);
  if (!written) return tl::unexpected(Error{"A201", written.error().message, written.error().at});
  return {};
}

// The machine has started anew since the last run, and that run was not closed.
bool Journal::Impl::was_power_cut() {
  const Result<std::optional<std::string>> boot = state->value("boot");
  const Result<std::optional<std::string>> clean = state->value("clean");
  return boot && *boot && **boot != options.boot_id && !(clean && *clean && **clean == "1");
}

Result<void> Journal::Impl::redo(const JournalContent& found) {
  std::string bytes;
  for (const JournalWrite& w : found.writes) {
    if (w.how == JournalWrite::How::Replace) {
      const Result<void> read = file.read_at(w.stored_at, static_cast<size_t>(w.length), bytes);
      if (!read) return read;
      const Result<void> done = targets.replace(w.path, bytes);
      if (!done) return done;
      continue;
    }
    const Result<uint64_t> end = targets.end_of(w.path);
    if (!end) return tl::unexpected(end.error());
    // Never a hole: in a file that others have shortened the bytes stand at its end.
    uint64_t offset = std::min(w.offset, *end);
    for (uint64_t at = 0; at < w.length; at += bytes.size()) {
      const Result<void> read = file.read_at(
          w.stored_at + at, static_cast<size_t>(std::min<uint64_t>(w.length - at, uint64_t{1} << 20)), bytes);
      if (!read) return read;
      if (bytes.empty()) return fail("A204", "'" + file.path() + "' ends early", {file.path()});
      const Result<void> written = targets.write(w.path, offset + at, bytes);
      if (!written) return written;
    }
  }
  return state->apply(found.change);
}

Result<void> Journal::Impl::recover() {
  Result<PosixFile> opened = PosixFile::open_write(base::join(options.home, "queue/alerts/journal"));
  if (!opened) return tl::unexpected(opened.error());
  file = std::move(*opened);
  const Result<uint64_t> size = file.size();
  if (!size) return tl::unexpected(size.error());
  file_size = *size;
  const bool power_cut = was_power_cut();
  if (power_cut) {
    note("the machine stopped without a shutdown; what was judged in its last moments is judged again");
    const Result<void> back = state->return_to_flushed();
    if (!back) return back;
    // Its bytes may be newer than what the files have; the sources send these records again.
    const Result<void> emptied = file.truncate(0);
    if (!emptied) return emptied;
    file_size = 0;
  }
  Result<std::optional<JournalContent>> found = read_journal(file);
  if (!found) return tl::unexpected(found.error());
  if (*found && (*found)->change.batch > state->batch()) {
    const Result<void> done = redo(**found);
    if (!done) return done;
    note("the last batch of alerts was finished from the journal");
  }
  const Result<std::optional<std::string>> text = state->value("asked");
  if (!text) return tl::unexpected(text.error());
  const std::string digits = text->value_or("0");
  std::from_chars(digits.data(), digits.data() + digits.size(), asked);
  if (*found && (*found)->change.batch == state->batch() && asked < state->batch()) {
    responses = std::move((*found)->responses);
  }
  // Readers that hold nothing only watch it: it must be there before the first alert.
  const Result<void> folder = make_folders_of(spool_folder(options.home) + "/readers/");
  if (!folder) return folder;
  const Result<void> loaded = spool.load(power_cut ? SpoolWriter::Tail::Doubtful : SpoolWriter::Tail::Sound);
  if (!loaded) return loaded;
  Result<std::vector<SourcePlace>> known = state->places();
  if (!known) return tl::unexpected(known.error());
  places = std::move(*known);
  unflushed = true;
  return {};
}

Result<void> Journal::Impl::load_chain() {
  if (!options.chain) return {};
  bool made = false;
  Result<ChainKey> key = ChainKey::load(base::join(options.home, "etc/alerts.key"), ChainKey::Missing::Make, &made);
  if (!key) {
    note(key.error().message + "; alerts are written without their hash chain until that is mended");
    return {};
  }
  if (made) note("a key for the hash chain of the alerts was made: etc/alerts.key; keep a copy elsewhere");
  chain.emplace(options.home, std::move(*key), aside_suffix(base::unix_seconds(options.now)));
  return chain->load(*state);
}

Result<void> Journal::Impl::start() {
  if (options.boot_id.empty()) options.boot_id = read_boot_id();
  for (Result<void> (Impl::*const stage)() : {&Impl::lock, &Impl::open_state, &Impl::recover, &Impl::load_chain}) {
    const Result<void> done = (this->*stage)();
    if (!done) return done;
  }
  for (const auto& [key, value] : {std::pair{"boot", options.boot_id}, std::pair{"clean", std::string("0")}}) {
    const Result<void> done = state->set_value(key, value);
    if (!done) return done;
  }
  const base::Civil now = options.zone.civil(options.now);
  hour = now.hour;
  last_day = Day::of(now);
  batch.set_day(last_day);
  return enter_day(last_day);
}

Result<std::unique_ptr<Journal>> Journal::open(JournalOptions options) {
  auto impl = std::make_unique<Impl>(std::move(options));
  const Result<void> started = impl->start();
  if (!started) return tl::unexpected(started.error());
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

}  // namespace gander::store
