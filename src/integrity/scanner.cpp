#include "integrity/scanner.h"

#include <algorithm>
#include <utility>

#include "integrity/attributes.h"
#include "integrity/scanner_impl.h"

namespace gander::integrity {

Scanner::Scanner(const WatchPlan& plan, Baseline& baseline, WorkPool& pool, ChangeSink& sink, ScanOptions options)
    : impl_(std::make_unique<Impl>(plan, baseline, pool, sink, std::move(options))) {}

Scanner::~Scanner() = default;

void Scanner::on_directory(std::function<void(const std::string&, const WatchRoot&)> see) {
  impl_->see_directory = std::move(see);
}

Result<ScanSummary> Scanner::scan() {
  Impl& i = *impl_;
  i.summary = {};
  i.failure.reset();
  i.seen.clear();
  i.unread.clear();
  i.full_scan = true;
  i.workers.clear();
  i.cache.reset();
  i.make_workers();
  const Result<std::optional<std::string>> complete = i.baseline.meta("complete");
  if (!complete) return tl::unexpected(complete.error());
  i.making_baseline = !*complete;
  i.summary.first = i.making_baseline;
  for (const WatchRoot& root : i.plan.roots()) {
    if (i.goes_on()) i.walk_root(root);
  }
  i.finish_all();
  if (i.goes_on()) i.sweep_all();
  i.summary.whole = i.goes_on();
  if (i.summary.whole && i.making_baseline) {
    i.keep(i.baseline.begin());
    i.keep(i.baseline.set_meta("complete", "1"));
  }
  i.flush();
  i.full_scan = false;
  i.workers.clear();
  i.cache.reset();
  if (i.failure) return tl::unexpected(*i.failure);
  return std::move(i.summary);
}

Result<ScanSummary> Scanner::check(std::span<const Dirty> dirty) {
  Impl& i = *impl_;
  i.summary = {};
  i.failure.reset();
  i.making_baseline = false;
  i.full_scan = false;
  i.make_workers();
  for (const Dirty& one : dirty) {
    if (i.goes_on()) i.check_one(one);
  }
  i.finish_all();
  i.summary.whole = i.goes_on();
  i.flush();
  if (i.failure) return tl::unexpected(*i.failure);
  return std::move(i.summary);
}

void Scanner::Impl::note(std::string text) {
  if (summary.notes.size() < kMostNotes) {
    summary.notes.push_back(std::move(text));
  } else {
    ++summary.notes_left_out;
  }
}

void Scanner::Impl::count(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::Baseline:
      break;
    case ChangeKind::New:
      ++summary.added;
      break;
    case ChangeKind::Changed:
    case ChangeKind::Attributes:
      ++summary.changed;
      break;
    case ChangeKind::Deleted:
      ++summary.deleted;
      break;
  }
}

void Scanner::Impl::remember(const Change& change, std::string_view kind, const std::string& note_text) {
  HistoryEntry entry;
  entry.time = base::unix_seconds(options.now());
  entry.kind = kind;
  entry.path = change.path;
  if (change.kind != ChangeKind::New) entry.before = pack(change.before);
  if (change.kind != ChangeKind::Deleted) entry.after = pack(change.after);
  if (change.actor) entry.who = change.actor->json();
  entry.note = note_text;
  keep(baseline.record(entry));
}

void Scanner::Impl::tell(Change change) {
  if (change.kind == ChangeKind::Baseline) {
    // What a file holds is news also where the file itself is not.
    const bool told = (options.baseline_files == ScanOptions::FirstSight::Tell || !change.sensitive.empty()) &&
                      options.differences == ScanOptions::Differences::Tell;
    if (told) pending.push_back(std::move(change));
    return;
  }
  if (options.explain) {
    if (const std::optional<std::string> why = options.explain(change)) {
      ++summary.explained;
      return remember(change, "accepted", *why);
    }
  }
  count(change.kind);
  if (options.differences == ScanOptions::Differences::Accept) return remember(change, "accepted", change.difference);
  remember(change,
           change.kind == ChangeKind::New       ? "new"
           : change.kind == ChangeKind::Deleted ? "deleted"
                                                : "changed",
           change.difference);
  pending.push_back(std::move(change));
}

void Scanner::Impl::deliver() {
  if (!failure && !pending.empty()) keep(sink.deliver(pending));
  pending.clear();
}

// Told first, committed second, copies settled third: see the header.
void Scanner::Impl::flush() {
  deliver();
  writes = 0;
  if (!failure) keep(sink.settle());
  if (!failure) keep(baseline.commit());
  if (failure) {
    baseline.rollback();
    if (options.contents) options.contents->drop();
  } else if (options.contents) {
    options.contents->settle();
  }
}

void Scanner::Impl::put(Batch& batch, BatchEntry& entry) {
  keep(baseline.begin());
  if (batch.id == 0) {
    const Result<int64_t> id = baseline.directory(batch.path, Baseline::Missing::Create);
    if (!id) return keep(tl::unexpected(id.error()));
    batch.id = *id;
    see(*id);
  }
  std::optional<Tag> old;
  if (entry.row) old = entry.row->tag;
  keep(baseline.put(batch.id, entry.name, entry.packed, entry.tag, old));
  ++writes;
}

void Scanner::Impl::gone(const std::string& directory, int64_t id, const BaselineRow& row,
                         const std::optional<FileState>& before, const std::optional<Actor>& actor) {
  // Oddity of 4.3: a scan walks what exists and never says what has gone.
  if (exact() && full_scan) return;
  if (before && before->has(FileState::Gone)) return;
  keep(baseline.begin());
  Change change;
  change.kind = ChangeKind::Deleted;
  change.path = child_path(directory, row.name);
  if (before) change.before = *before;
  change.actor = actor;
  if (options.contents && !exact()) options.contents->forget(change.path);
  tell(std::move(change));
  if (exact() && before) {
    // Oddity of 4.3: the entry survives, so the same content coming back is nothing new.
    FileState state = *before;
    state.flags |= FileState::Gone;
    const std::string packed = pack(state);
    keep(baseline.put(id, row.name, packed, Baseline::tag_of(seal, directory, row.name, packed), row.tag));
  } else {
    keep(baseline.remove(id, row));
  }
  ++writes;
}

std::string Scanner::Impl::difference_of(const Batch& batch, const BatchEntry& entry, const std::string& path) {
  if (!options.contents || (batch.root->checks & config::WatchedPaths::ReportChanges) == 0) return {};
  const bool same =
      entry.before && entry.before->digests.present != 0 && entry.before->digests == entry.result.state.digests;
  if (same) return {};
  const Secrecy secrecy = plan.hides_content(path, context) ? Secrecy::Hide : Secrecy::Show;
  return options.contents->update(batch.directory->get(), entry.name.c_str(), path, secrecy);
}

void Scanner::Impl::look_for_sensitive(const Batch& batch, const BatchEntry& entry, Change& change) {
  if (!options.sensitive) return;
  if (!change.difference.empty()) change.difference = options.sensitive->masked(change.difference);
  const Digests& now = entry.result.state.digests;
  const bool same = entry.before && now.present != 0 && entry.before->digests == now;
  if (same) return;
  change.sensitive = options.sensitive->look(batch.directory->get(), entry.name.c_str(), change.path);
}

void Scanner::Impl::apply_read(Batch& batch, BatchEntry& entry) {
  ++summary.read_files;
  summary.read_bytes += entry.result.read_bytes;
  const FileState& after = entry.result.state;
  if (after.has(FileState::Unstable)) ++summary.unsteady;
  const std::string path = child_path(batch.path, entry.name);
  Change change;
  change.path = path;
  change.after = after;
  change.actor = batch.actor;
  if (!entry.before) {
    change.kind = making_baseline ? ChangeKind::Baseline : ChangeKind::New;
    put(batch, entry);
    static_cast<void>(difference_of(batch, entry, path));
    look_for_sensitive(batch, entry, change);
    return tell(std::move(change));
  }
  change.before = *entry.before;
  if (differs(*entry.before, after)) {
    change.kind = ChangeKind::Changed;
    put(batch, entry);
    change.difference = difference_of(batch, entry, path);
    look_for_sensitive(batch, entry, change);
    return tell(std::move(change));
  }
  const unsigned both = entry.before->checks & after.checks;
  if (!exact() && (both & Check::Perm) && entry.before->attributes != after.attributes) {
    change.kind = ChangeKind::Attributes;
    for (const std::string& line : attribute_changes(entry.before->attributes, after.attributes)) {
      change.difference += "Attribute " + line + "\n";
    }
    put(batch, entry);
    return tell(std::move(change));
  }
  if (entry.row && entry.row->state != entry.packed) put(batch, entry);
}

// Another Scanner may have looked at the file since this batch was made: it knows better.
bool Scanner::Impl::is_stale(Batch& batch, const BatchEntry& entry) {
  if (batch.turn == turn || entry.result.outcome == Outcome::Unchanged) return false;
  const Result<int64_t> id = baseline.directory(batch.path, Baseline::Missing::Leave);
  if (!id) keep(tl::unexpected(id.error()));
  if (!id || *id == 0) return entry.row.has_value();
  batch.id = *id;
  const Result<std::optional<BaselineRow>> row = baseline.row(*id, entry.name);
  if (!row) keep(tl::unexpected(row.error()));
  if (!row) return true;
  return row->has_value() != entry.row.has_value() || (entry.row && (*row)->tag != entry.row->tag);
}

void Scanner::Impl::pause() {
  if (!options.between || failure) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_asked < kAskEach) return;
  last_asked = now;
  if (options.due && !options.due()) return;
  flush();
  if (failure) return;
  ++turn;
  options.between();
}

void Scanner::Impl::apply(Batch& batch) {
  for (BatchEntry& entry : batch.entries) {
    if (failure) return;
    if (entry.task != BatchEntry::Task::Nothing && is_stale(batch, entry)) continue;
    if (entry.task == BatchEntry::Task::DropRow) {
      keep(baseline.begin());
      keep(baseline.remove(batch.id, *entry.row));
      ++summary.unwatched;
      ++writes;
      continue;
    }
    if (entry.task == BatchEntry::Task::Nothing) continue;
    switch (entry.result.outcome) {
      case Outcome::Unchanged:
        ++summary.files;
        break;
      case Outcome::Read:
        ++summary.files;
        apply_read(batch, entry);
        break;
      case Outcome::Other:
      case Outcome::Vanished:
        if (entry.row) gone(batch.path, batch.id, *entry.row, entry.before, batch.actor);
        break;
      case Outcome::Unreadable:
        ++summary.unreadable;
        note(child_path(batch.path, entry.name) + ": " + std::generic_category().message(entry.result.error));
        break;
      case Outcome::Stopped:
        break;
    }
  }
  if (writes >= kCommitAt) {
    flush();
  } else if (pending.size() >= kDeliverAt) {
    deliver();
  }
}

bool Scanner::Impl::below_unread(std::string_view path) const {
  return std::any_of(unread.begin(), unread.end(), [&](const std::string& top) { return is_below(path, top); });
}

// For the files of a directory that was not met, and yet is there: made while the scan went on, and told since.
std::unique_ptr<Batch> Scanner::Impl::batch_of_unseen(const std::string& path, int64_t id) {
  for (const WatchRoot& root : plan.roots()) {
    if (!is_below(path, root.path)) continue;
    int error = 0;
    auto batch = std::make_unique<Batch>();
    batch->directory = open_below(root, path, error);
    if (!batch->directory) return nullptr;
    batch->path = path;
    batch->id = id;
    batch->root = &root;
    return batch;
  }
  return nullptr;
}

// Rows of directories that were not met: their files are gone, or are not watched any more.
void Scanner::Impl::sweep(const std::vector<std::pair<int64_t, std::string>>& directories) {
  std::vector<BaselineRow> rows;
  for (const auto& [id, path] : directories) {
    if (failure) return;
    if ((static_cast<size_t>(id) < seen.size() && seen[static_cast<size_t>(id)]) || below_unread(path)) continue;
    rows.clear();
    keep(baseline.rows(id, "", std::nullopt, rows));
    bool emptied = true;
    std::unique_ptr<Batch> batch = rows.empty() ? nullptr : batch_of_unseen(path, id);
    for (const BaselineRow& row : rows) {
      if (failure) return;
      const std::string file = child_path(path, row.name);
      // A root that is a file has been looked at by itself.
      const bool own_root = std::any_of(plan.roots().begin(), plan.roots().end(),
                                        [&](const WatchRoot& root) { return root.path == file; });
      if (own_root) {
        emptied = false;
      } else if (plan.root_of(file, context) == nullptr) {
        keep(baseline.begin());
        keep(baseline.remove(id, row));
        ++summary.unwatched;
        ++writes;
      } else if (batch) {
        emptied = false;
        BatchEntry entry;
        entry.name = row.name;
        entry.row = row;
        batch->entries.push_back(std::move(entry));
      } else {
        gone(path, id, row, unpack(row.state), std::nullopt);
        emptied = emptied && !exact();
      }
      if (pending.size() >= kDeliverAt) deliver();
      if (writes >= kCommitAt) flush();
    }
    if (batch) submit(std::move(batch));
    if (emptied && !rows.empty()) keep(baseline.forget_directory(id));
  }
  finish_all();
}

void Scanner::Impl::sweep_all() {
  std::vector<std::pair<int64_t, std::string>> some;
  keep(baseline.each_directory([&](int64_t id, std::string_view path) {
    some.emplace_back(id, path);
    if (some.size() == 512) {
      sweep(some);
      some.clear();
    }
  }));
  sweep(some);
}

}  // namespace gander::integrity
