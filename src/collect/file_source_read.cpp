// FileSource: reading, and what happens at the end of a file.
#include <algorithm>
#include <cerrno>
#include <utility>

#include "collect/file_source.h"
#include "collect/rotated_files.h"

namespace gander::collect {

namespace {
// A writer that was not told of a rotation goes on in the old file; logrotate's `delaycompress` is for those.
constexpr Steady kLinger = std::chrono::seconds(60);
constexpr size_t kMostLeft = 4;
// Whoever writes a log must not fill ours.
constexpr Steady kComplainEvery = std::chrono::seconds(60);
constexpr size_t kPipePiece = size_t{64} * 1024;
}  // namespace

bool FileSource::turn(Outlet& out) {
  if (pipe_.is_open() && read_pipe(out)) return true;
  for (size_t i = 0; i < followers_.size(); ++i) {
    const bool was_left = followers_[i].tail->left();
    const size_t count = followers_.size();
    bool more = false;
    if (read(i, out, more)) return more;
    // One that was dropped makes room for the next in its place.
    if (followers_.size() < count) return true;
    // What is not read to its end holds up its successors.
    if (!was_left) return false;
  }
  return false;
}

// True when the turn is over.
bool FileSource::read(size_t i, Outlet& out, bool& more) {
  FileTail& tail = *followers_[i].tail;
  shared_.scratch.cuts.clear();
  shared_.scratch.records.clear();
  const Age age = age_of(tail);
  switch (tail.read(shared_.scratch, batch_)) {
    case FileTail::Got::Lines:
      followers_[i].grew = shared_.now.steady;
      // A record that is still open changes neither place nor ledger.
      if (!shared_.scratch.cuts.records.empty() || !tail.cutter().open_at()) send(tail, age, out);
      if (state_ == SourceState::Unreadable) well();
      more = true;
      return true;
    case FileTail::Got::More:
      followers_[i].grew = shared_.now.steady;
      more = true;
      return true;
    case FileTail::Got::Rewritten:
      rewritten(i, out);
      more = true;
      return true;
    case FileTail::Got::Gone:
      gone(i, out);
      more = i + 1 < followers_.size();
      return true;
    case FileTail::Got::Nothing:
      break;
  }
  more = nothing_left(i, out);
  return more;
}

bool FileSource::idle(const Follower& f) const {
  return shared_.now.steady - f.grew >= shared_.options.loop_timeout;
}

// Everything whole was read of it. True when that changed something.
bool FileSource::nothing_left(size_t i, Outlet& out) {
  Follower& f = followers_[i];
  const bool last = i + 1 == followers_.size();
  if (f.tail->left()) {
    const auto left = static_cast<size_t>(
        std::count_if(followers_.begin(), followers_.end(), [](const Follower& o) { return o.tail->left(); }));
    if (left <= kMostLeft && shared_.now.steady - f.grew < kLinger) {
      if (f.tail->cutter().open_at() && idle(f)) {
        f.tail->finish_record(shared_.scratch.cuts);
        send(*f.tail, Age::Fresh, out);
      }
      return false;
    }
    f.tail->finish(shared_.scratch, batch_);
    if (!shared_.scratch.cuts.records.empty()) send(*f.tail, Age::Fresh, out);
    drop(i);
    return true;
  }
  if (!last) {
    // Its writer may be in the middle of a line.
    if (f.tail->has_unfinished() && f.tail->end() == 0 && !idle(f)) return false;
    pass_on(i, out);
    return true;
  }
  RecordCutter& cutter = f.tail->cutter();
  if (!cutter.open_at() || cutter.unfinished() != RecordCutter::Unfinished::WhenIdle || !idle(f)) return false;
  cutter.finish(shared_.scratch.cuts);
  send(*f.tail, age_of(*f.tail), out);
  return false;
}

// The successor's turn: its arrival is told, then what the file held without an end.
void FileSource::pass_on(size_t i, Outlet& out) {
  Follower& f = followers_[i];
  const Age age = age_of(*f.tail);
  add_notice(followers_[i + 1].arrival);
  f.tail->finish(shared_.scratch, batch_);
  f.tail->leave();
  f.grew = shared_.now.steady;
  if (f.tail->end() != 0) {
    // A copy: nobody writes to it.
    std::unique_ptr<FileTail> copy = std::move(f.tail);
    shared_.registry.release(copy->id(), this);
    followers_.erase(followers_.begin() + static_cast<std::ptrdiff_t>(i));
    return send(*copy, age, out);
  }
  send(*f.tail, age, out);
}

// The same inode holds something else: truncated, or written anew.
void FileSource::rewritten(size_t i, Outlet& out) {
  const FileMark mark = followers_[i].tail->read_mark();
  const std::optional<uint64_t> open_at = followers_[i].tail->cutter().open_at();
  const bool named = attached_ && i + 1 == followers_.size();
  const auto copy = find_copy(followers_[i].tail->real_path(), mark);
  const FileLook copied = copy ? FileLook::at(*copy) : FileLook{};
  const bool has_rest = copy && copied.size > mark.offset && shared_.registry.take(copied.id, this);
  std::unique_ptr<FileTail> old = std::move(followers_[i].tail);
  followers_.erase(followers_.begin() + static_cast<std::ptrdiff_t>(i));
  if (has_rest) {
    FileMark rest = mark;
    rest.id = copied.id;
    rest.end = copied.size;
    rest.memory = old->cutter().memory();
    if (open_at) {
      rest.offset = *open_at;
      rest.tail = {};
    }
    add(std::move(rest), *copy, Arrival::Quiet);
    if (!named)
      std::rotate(followers_.begin() + static_cast<std::ptrdiff_t>(i), followers_.end() - 1, followers_.end());
  } else {
    old->finish_record(shared_.scratch.cuts);
  }
  if (named) {
    if (copy) {
      for (const std::string& younger : find_younger(real(path_), *copy)) add_path(younger, Arrival::Reduced);
    }
    add(new_mark(mark.id, 0), real(path_), Arrival::Reduced);
    if (!has_rest && followers_.size() == i + 1) add_notice(Arrival::Reduced);
  }
  if (!has_rest) send(*old, Age::Fresh, out);
}

void FileSource::gone(size_t i, Outlet& out) {
  FileTail& tail = *followers_[i].tail;
  if (attached_ && i + 1 == followers_.size()) {
    // ENOENT: it was renamed between two looks; the next look finds it.
    if (tail.error() == ENOENT) {
      if (const auto where = find_moved(real(tail.path()), tail.read_mark())) {
        tail.found_at(*where);
        return;
      }
    }
    return trouble(tail.error() == ENOENT ? SourceState::Missing : SourceState::Unreadable, tail.error(), out);
  }
  if (const auto where = find_moved(real(tail.path()), tail.read_mark()); where && *where != tail.real_path()) {
    tail.found_at(*where);
    return;
  }
  if (i + 1 == followers_.size()) return trouble(SourceState::Missing, tail.error(), out);
  if (!tail.left()) {
    ++batch_.lost;
    out.say(NoticeLevel::Warning, log_line(0, "WARN",
                                           "The rest of a rotated file of '" + path_ +
                                               "' cannot be read: " + could_not_open(tail.real_path(), tail.error())));
    add_notice(followers_[i + 1].arrival);
  }
  std::unique_ptr<FileTail> old = std::move(followers_[i].tail);
  shared_.registry.release(old->id(), this);
  followers_.erase(followers_.begin() + static_cast<std::ptrdiff_t>(i));
  old->finish_record(shared_.scratch.cuts);
  send(*old, Age::Fresh, out);
}

bool FileSource::read_pipe(Outlet& out) {
  char room[kPipePiece];
  const int64_t got = pipe_.read_next(room);
  if (got <= 0) return false;
  if (!pipe_cutter_) {
    CutterOptions o;
    o.compat = shared_.options.compat;
    o.longest = shared_.options.longest_record;
    o.lines = block_.lines;
    o.short_host = shared_.short_host;
    o.now = &shared_.now.wall;
    pipe_cutter_ = make_cutter(block_.log_format, o);
  }
  shared_.scratch.cuts.clear();
  shared_.scratch.records.clear();
  pipe_rest_.append(room, static_cast<size_t>(got));
  std::replace(pipe_rest_.begin(), pipe_rest_.end(), '\0', ' ');
  size_t begin = 0;
  for (size_t lf = pipe_rest_.find('\n'); lf != std::string::npos; lf = pipe_rest_.find('\n', begin)) {
    pipe_cutter_->line(std::string_view(pipe_rest_).substr(begin, lf - begin), pipe_at_ + begin, shared_.scratch.cuts);
    ++batch_.lines;
    begin = lf + 1;
  }
  if (begin == 0 && pipe_rest_.size() >= shared_.options.longest_record) {
    ++batch_.truncated;
    pipe_cutter_->line(pipe_rest_, pipe_at_, shared_.scratch.cuts);
    begin = pipe_rest_.size();
  }
  batch_.bytes += begin;
  FileMark mark;
  mark.path = path_;
  const FileTail tail(mark, make_cutter("syslog", {}), shared_.options.longest_record);
  send(tail, Age::Fresh, out);
  pipe_at_ += begin;
  pipe_rest_.erase(0, begin);
  return true;
}

void FileSource::add_notice(Arrival arrival) {
  if (arrival == Arrival::Quiet) return;
  notice_ = arrival == Arrival::Rotated ? "ossec: File rotated (inode changed): '"
                                        : "ossec: File size reduced (inode remained): '";
  notice_.append(path_).append("'.");
  shared_.scratch.records.push_back({'1', "ossec-logcollector", notice_, Record::kNotice});
}

Age FileSource::age_of(const FileTail& tail) const {
  return tail.next() < tail.fresh_from() ? Age::Backlog : Age::Fresh;
}

FilePlace FileSource::place() {
  FilePlace p;
  p.next_serial = next_serial_;
  for (Follower& f : followers_) p.files.push_back(f.tail->mark());
  return p;
}

void FileSource::send_place(Outlet& out) {
  const std::string bytes = place().encode();
  Batch batch;
  batch.source = id_;
  batch.place = bytes;
  batch.counts = std::exchange(batch_, {});
  counts_ += batch.counts;
  out.send(batch);
}

// What is in scratch, behind the notices that are there already; the place is that of now.
void FileSource::send(const FileTail& tail, Age age, Outlet& out) {
  Scratch& s = shared_.scratch;
  batch_.records += s.records.size() + s.cuts.records.size();
  batch_.refused += s.cuts.refused;
  batch_.truncated += s.cuts.truncated;
  for (const CutList::Cut& cut : s.cuts.records) s.records.push_back({queue_, tail.path(), cut.text, cut.at});
  if (!s.cuts.complaint.empty() && shared_.now.steady >= complain_from_) {
    complain_from_ = shared_.now.steady + kComplainEvery;
    out.say(NoticeLevel::Warning, log_line(0, "ERROR", std::string(s.cuts.complaint) + " (" + path_ + ")"));
  }
  const std::string origin =
      std::to_string(tail.id().device) + ":" + std::to_string(tail.id().inode) + ":" + std::to_string(tail.serial());
  const std::string bytes = place().encode();
  Batch batch;
  batch.source = id_;
  batch.origin = origin;
  batch.records = s.records;
  batch.place = bytes;
  batch.age = age;
  batch.counts = std::exchange(batch_, {});
  counts_ += batch.counts;
  out.send(batch);
  s.cuts.clear();
  s.records.clear();
}

}  // namespace gander::collect
