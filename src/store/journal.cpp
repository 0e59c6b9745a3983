#include "store/journal.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/file.h"
#include "store/journal_impl.h"
#include "store/spool_files.h"

namespace gander::store {
namespace {

// The journal of a large batch is cut to this again.
constexpr uint64_t kKeepJournal = uint64_t{16} * 1024 * 1024;
constexpr LogKind kKinds[] = {LogKind::Archives, LogKind::ArchivesJson, LogKind::Alerts, LogKind::AlertsJson,
                              LogKind::Firewall};

}  // namespace

std::string StoreEnds::text() const {
  return fmt::format("{} {} {} {} {}", day.iso(), spool.segment, spool.offset, alerts, json);
}

std::optional<StoreEnds> StoreEnds::from_text(std::string_view text) {
  StoreEnds ends;
  const std::optional<Day> day = Day::from_iso(text.substr(0, 10));
  if (!day) return std::nullopt;
  ends.day = *day;
  text.remove_prefix(10);
  for (uint64_t* const number : {&ends.spool.segment, &ends.spool.offset, &ends.alerts, &ends.json}) {
    if (!text.starts_with(' ')) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), *number);
    if (error != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<size_t>(end - text.data()));
  }
  return ends;
}

bool Journal::Impl::is_kept(LogKind kind) const {
  if (kind == LogKind::AlertsJson) return options.json;
  if (kind == LogKind::ArchivesJson) return options.json_archives;
  return true;
}

Result<void> Journal::Impl::link_logs() {
  for (const LogKind kind : kKinds) {
    if (!is_kept(kind)) continue;
    const Result<void> linked = targets.link(dated_name(kind, day), fixed_name(kind));
    if (!linked) return linked;
  }
  return {};
}

// Files of the day before that are still empty go.
Result<void> Journal::Impl::enter_day(const Day& to) {
  if (has_day && to == day) return {};
  const Day before = day;
  const bool had_day = has_day;
  day = to;
  const Result<void> linked = link_logs();
  if (!linked) {
    day = before;
    return linked;
  }
  has_day = true;
  if (!had_day) return {};
  for (const LogKind kind : kKinds) {
    const std::string path = dated_name(kind, before);
    targets.remove_if_empty(path);
    targets.leave(path);
    targets.leave(chain_name(path));
  }
  return {};
}

Result<void> Journal::Impl::add_logs() {
  for (const Batch::Chunk& c : sealed.chunks_) {
    if (c.bytes.empty() && !c.replace) continue;
    JournalWrite w;
    w.path = c.path;
    w.bytes = c.bytes;
    if (c.replace) {
      w.how = JournalWrite::How::Replace;
    } else if (c.at) {
      w.offset = *c.at;
    } else {
      const Result<uint64_t> end = targets.end_of(c.path);
      if (!end) return tl::unexpected(end.error());
      w.offset = *end;
    }
    content.writes.push_back(std::move(w));
    const bool chained = chain && c.kind >= 0 && ChainKeeper::has_chain(static_cast<LogKind>(c.kind));
    if (!chained) continue;
    std::string records;
    const Result<void> added =
        chain->add(static_cast<LogKind>(c.kind), c.path, content.writes.back().offset, c.bytes, records);
    if (!added) return added;
    const Result<uint64_t> end = targets.end_of(chain_name(c.path));
    if (!end) return tl::unexpected(end.error());
    chain_bytes.push_back(std::move(records));
    JournalWrite link;
    link.path = chain_name(c.path);
    link.offset = *end;
    content.writes.push_back(std::move(link));
  }
  // The strings stand still from here on.
  size_t next = 0;
  for (JournalWrite& w : content.writes) {
    if (w.bytes.data() == nullptr) w.bytes = chain_bytes[next++];
  }
  return {};
}

Result<void> Journal::Impl::add_spool() {
  if (sealed.spool_.empty()) return {};
  sealed.finish_records(ids);
  Result<SpoolPlace> place = spool.place_for(sealed.spool_.size());
  if (!place) return tl::unexpected(place.error());
  Result<uint64_t> end = targets.end_of(segment_name(place->segment));
  if (end && *end != place->offset) {
    // Not ours to the byte: what stands behind a strange byte would not be read.
    spool.leave_segment();
    place = spool.place_for(sealed.spool_.size());
    if (!place) return tl::unexpected(place.error());
    end = targets.end_of(segment_name(place->segment));
  }
  if (!end) return tl::unexpected(end.error());
  JournalWrite w;
  w.path = segment_name(place->segment);
  w.offset = *end;
  w.bytes = sealed.spool_;
  content.writes.push_back(std::move(w));
  return {};
}

void Journal::Impl::add_state() {
  StateDb::Change& change = content.change;
  change.batch = state->batch() + 1;
  for (const auto& [source, place] : sealed.places_) change.places.push_back({source, place});
  change.forgotten = sealed.forgotten_;
  for (const auto& [source, columns] : sealed.counts_) {
    for (const auto& [name, more] : columns) change.counts.push_back({source, name, more});
  }
  if (chain) chain->values(change.values);
  change.values.emplace_back("asked", std::to_string(asked));
  change.values.emplace_back("ends", ends());
  content.responses = sealed.responses_;
}

// Where spool and alerts end behind this batch, for those who make the index again meanwhile.
std::string Journal::Impl::ends() {
  StoreEnds ends;
  ends.day = day;
  ends.spool = spool.end();
  for (const JournalWrite& w : content.writes) {
    const uint64_t end = w.offset + w.bytes.size();
    if (w.bytes.data() == sealed.spool_.data()) ends.spool.offset = end;
  }
  for (const LogKind kind : {LogKind::Alerts, LogKind::AlertsJson}) {
    if (!is_kept(kind)) continue;
    const std::string path = dated_name(kind, day);
    uint64_t& end = kind == LogKind::Alerts ? ends.alerts : ends.json;
    const Result<uint64_t> known = targets.end_of(path);
    if (known) end = *known;
    for (const JournalWrite& w : content.writes) {
      if (w.path == path) end = w.offset + w.bytes.size();
    }
  }
  return ends.text();
}

Result<void> Journal::Impl::prepare() {
  content = {};
  chain_bytes.clear();
  if (chain) chain->drop();
  Result<void> done = enter_day(sealed.day());
  if (done) done = link_logs();
  if (done) done = add_logs();
  if (done) done = add_spool();
  if (chain) {
    for (std::string& text : chain->take_notes()) note(std::move(text));
  }
  for (std::string& text : targets.take_notes()) note(std::move(text));
  if (!done) return done;
  add_state();
  return {};
}

Result<void> Journal::Impl::write_targets() {
  for (; targets_done < content.writes.size(); ++targets_done) {
    const JournalWrite& w = content.writes[targets_done];
    const Result<void> done = w.how == JournalWrite::How::Replace ? targets.replace(w.path, w.bytes)
                                                                  : targets.write(w.path, w.offset, w.bytes);
    if (!done) return done;
  }
  return {};
}

// The batch is done; what remembers it moves on.
Result<void> Journal::Impl::finish() {
  if (chain) chain->committed();
  if (!sealed.spool_.empty()) spool.written(sealed.spool_.size());
  for (const auto& [source, place] : sealed.places_) {
    const auto known = std::lower_bound(places.begin(), places.end(), source,
                                        [](const SourcePlace& p, const std::string& s) { return p.source < s; });
    if (known != places.end() && known->source == source) {
      known->place = place;
    } else {
      places.insert(known, {source, place});
    }
  }
  for (const std::string& source : sealed.forgotten_) {
    std::erase_if(places, [&](const SourcePlace& p) { return p.source == source; });
  }
  responses = std::move(sealed.responses_);
  sealed.clear();
  is_sealed = false;
  step = Step::Gathering;
  unflushed = true;
  targets.close_unused();
  if (file_size <= 2 * kKeepJournal) return {};
  const Result<void> shortened = file.truncate(kKeepJournal);
  if (shortened) file_size = kKeepJournal;
  return {};
}

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Journal::~Journal() {
  if (impl_ && impl_->state && !pending()) static_cast<void>(close());
}

const std::vector<SourcePlace>& Journal::places() const {
  return impl_->places;
}

StateDb& Journal::state() {
  return *impl_->state;
}

Day Journal::day_of(base::Instant time) {
  Impl& s = *impl_;
  const base::Civil c = s.options.zone.civil(time);
  if (c.hour == s.hour) return s.last_day;
  s.hour = c.hour;
  const Day day = Day::of(c);
  if (day == s.last_day) return day;
  const bool closed = base::exists(base::join(s.options.home, dated_name(LogKind::Alerts, day) + ".sum"));
  if (!closed) s.last_day = day;
  return s.last_day;
}

void Journal::set_ruleset(std::string_view digest) {
  impl_->ids = StableIdMaker(digest);
}

Batch& Journal::batch() {
  return impl_->batch;
}

bool Journal::pending() const {
  return impl_->is_sealed || !impl_->batch.empty();
}

bool Journal::sealed() const {
  return impl_->is_sealed;
}

size_t Journal::sealed_bytes() const {
  return impl_->sealed.size();
}

uint64_t Journal::sequence() const {
  return impl_->state->batch();
}

const std::vector<std::string>& Journal::responses() const {
  return impl_->responses;
}

void Journal::responses_asked() {
  impl_->responses.clear();
  impl_->asked = impl_->state->batch();
}

void Journal::seal() {
  Impl& s = *impl_;
  std::swap(s.batch, s.sealed);
  s.batch.set_day(s.sealed.day());
  s.is_sealed = !s.sealed.empty();
}

Result<void> Journal::commit() {
  Impl& s = *impl_;
  if (!s.is_sealed) seal();
  return commit_sealed();
}

Result<void> Journal::commit_sealed() {
  Impl& s = *impl_;
  if (!s.is_sealed) {
    s.responses.clear();
    return {};
  }
  if (s.step == Impl::Step::Gathering) {
    // Room that others made (or the readers of the spool) must not be held by descriptors.
    s.targets.close_removed();
    Result<void> done = s.prepare();
    if (!done) return done;
    const Result<uint64_t> written = write_journal(s.file, s.content, s.options.seam);
    if (!written) return tl::unexpected(written.error());
    s.file_size = std::max(s.file_size, *written);
    s.targets_done = 0;
    s.step = Impl::Step::Journaled;
  }
  if (s.step == Impl::Step::Journaled) {
    const Result<void> done = s.write_targets();
    if (!done) return done;
    s.step = Impl::Step::Stored;
  }
  const Result<void> applied = s.state->apply(s.content.change);
  return applied ? s.finish() : applied;
}

Result<void> Journal::sync() {
  Impl& s = *impl_;
  if (s.step != Impl::Step::Gathering || (!s.unflushed && !s.targets.dirty())) return {};
  Result<void> done = s.targets.flush();
  if (done) done = s.state->mark_flushed();
  if (done) done = s.save_places();
  if (done) s.unflushed = false;
  return done;
}

Result<void> Journal::start_day(const Day& day) {
  Impl& s = *impl_;
  s.last_day = day;
  s.batch.set_day(day);
  return s.enter_day(day);
}

size_t Journal::remove_passed_segments() {
  const size_t removed = impl_->spool.remove_passed();
  impl_->targets.close_removed();
  return removed;
}

Result<void> Journal::close() {
  Impl& s = *impl_;
  if (s.is_sealed) return fail("A201", "a batch of alerts waits to be written", {s.options.home});
  Result<void> done = sync();
  if (done) done = s.state->set_value("asked", std::to_string(s.asked));
  if (done) done = s.state->set_value("clean", "1");
  return done;
}

std::vector<std::string> Journal::take_notes() {
  return std::exchange(impl_->notes, {});
}

}  // namespace gander::store
