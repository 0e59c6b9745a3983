#include "collect/file_source.h"

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "collect/location_pattern.h"
#include "collect/rotated_files.h"

namespace gander::collect {

namespace {
constexpr size_t kMostFingerprints = 4096;
constexpr Steady kTick = std::chrono::milliseconds(500);
}  // namespace

FileSource::FileSource(std::string id, const config::Localfile& block, std::string location, Begin begin,
                       std::optional<FilePlace> kept, Shared& shared)
    : id_(std::move(id)),
      block_(block),
      location_(std::move(location)),
      dated_(has_date(location_)),
      begin_(begin),
      shared_(shared),
      queue_(queue_of(block.log_format)),
      kept_(std::move(kept)) {
  if (!dated_) path_ = location_;
  if (!kept_) return;
  // Known from here on, so that no other name makes them new files.
  for (const FileMark& m : kept_->files) shared_.registry.take(m.id, this);
}

FileSource::~FileSource() {
  for (const Follower& f : followers_) shared_.registry.release(f.tail->id(), this);
  if (kept_) {
    for (const FileMark& m : kept_->files) shared_.registry.release(m.id, this);
  }
}

std::string FileSource::real(const std::string& path) const {
  if (path.starts_with('/') || shared_.options.home.empty()) return path;
  return shared_.options.home + "/" + path;
}

std::unique_ptr<FileTail> FileSource::make_tail(FileMark mark) {
  CutterOptions o;
  o.compat = shared_.options.compat;
  o.longest = shared_.options.longest_record;
  o.lines = block_.lines;
  o.djb_program = djb_program_of(mark.path).value_or("");
  o.short_host = shared_.short_host;
  o.zone = shared_.options.zone;
  o.now = &shared_.now.wall;
  auto tail =
      std::make_unique<FileTail>(std::move(mark), make_cutter(block_.log_format, o), shared_.options.longest_record);
  tail->found_at(real(tail->path()));
  return tail;
}

FileMark FileSource::new_mark(FileId id, uint64_t offset) {
  FileMark mark;
  mark.path = path_;
  mark.id = id;
  mark.serial = next_serial_++;
  mark.offset = offset;
  return mark;
}

void FileSource::add(FileMark mark, const std::string& real_path, Arrival arrival) {
  shared_.registry.take(mark.id, this);
  Follower f{make_tail(std::move(mark)), arrival, shared_.now.steady};
  f.tail->found_at(real_path);
  followers_.push_back(std::move(f));
}

// A file that nobody looked at while it bore the name, from its beginning.
bool FileSource::add_path(const std::string& real_path, Arrival arrival) {
  const FileLook seen = FileLook::at(real_path);
  if (seen.kind != FileLook::Kind::Regular || !shared_.registry.take(seen.id, this)) return false;
  for (const Follower& f : followers_) {
    if (f.tail->id() == seen.id) return false;
  }
  add(new_mark(seen.id, 0), real_path, arrival);
  if (!looked_) followers_.back().tail->fresh_from(seen.size);
  return true;
}

void FileSource::drop(size_t i) {
  const FileMark mark = followers_[i].tail->mark();
  followers_.erase(followers_.begin() + static_cast<std::ptrdiff_t>(i));
  const bool still_here =
      std::any_of(followers_.begin(), followers_.end(), [&](const Follower& f) { return f.tail->id() == mark.id; });
  if (!still_here) shared_.registry.let_go(mark, this);
}

void FileSource::look(Outlet& out) {
  if (!looked_) return first_look(out);
  if (dated_) follow_date(out);
  look_at_name(FileLook::at(real(path_)), out);
  announce(out);
}

void FileSource::first_look(Outlet& out) {
  const bool known = kept_.has_value();
  if (known && !kept_->files.empty()) restore(out);
  kept_.reset();
  if (dated_) follow_date(out);
  const FileLook seen = FileLook::at(real(path_));
  if (!known && followers_.empty() && begin_ == Begin::AtEnd && seen.kind == FileLook::Kind::Regular &&
      shared_.registry.take(seen.id, this)) {
    add(new_mark(seen.id, seen.size), real(path_), Arrival::Quiet);
    attached_ = true;
    // A wildcard may match 100,000 files that nobody writes to: those are not opened.
    if (shared_.fingerprints++ < kMostFingerprints) followers_.back().tail->take_fingerprint();
  }
  look_at_name(seen, out);
  announce(out);
  looked_ = true;
  if (!known) send_place(out);
}

// The sum of those that are missing was told by Sources.
bool FileSource::waits_silently() const {
  return !announced_ && state_ == SourceState::Missing && shared_.options.missing == SourceOptions::Missing::SumUp;
}

void FileSource::announce(Outlet& out) {
  if (announced_ || waits_silently()) return;
  announced_ = true;
  if (!dated_) out.say(NoticeLevel::Info, log_line(1950, "INFO", "Analyzing file: '" + path_ + "'."));
  if (block_.log_format == "djb-multilog") {
    out.say(NoticeLevel::Info, log_line(0, "INFO",
                                        "Using program name '" + djb_program_of(path_).value_or("") +
                                            "' for DJB multilog file: '" + path_ + "'."));
  }
}

// The files of the last life: where they are now, and what was written meanwhile.
void FileSource::restore(Outlet& out) {
  next_serial_ = kept_->next_serial;
  path_ = kept_->files.back().path;
  for (FileMark& mark : kept_->files) {
    auto tail = make_tail(mark);
    if (!find_again(*tail)) {
      shared_.registry.release(mark.id, this);
      // A rotated file that was read to its end, removed: nothing is missing.
      if (mark.left) continue;
      ++batch_.lost;
      out.say(NoticeLevel::Warning, log_line(0, "WARN",
                                             "What '" + mark.path + "' held after byte " + std::to_string(mark.offset) +
                                                 " is gone: it was removed or compressed while it was not followed."));
      continue;
    }
    shared_.registry.take(tail->id(), this);
    followers_.push_back({std::move(tail), Arrival::Quiet, shared_.now.steady});
    if (followers_.size() > 1) followers_.back().arrival = Arrival::Rotated;
  }
  attached_ = !followers_.empty() && followers_.back().tail->real_path() == real(path_);
}

bool FileSource::find_again(FileTail& tail) {
  FileLook seen = FileLook::at(tail.real_path());
  if (seen.kind == FileLook::Kind::Regular && seen.id == tail.id()) {
    tail.fresh_from(seen.size);
    return true;
  }
  auto elsewhere = find_moved(real(tail.path()), tail.read_mark());
  if (!elsewhere) {
    elsewhere = find_copy(tail.real_path(), tail.mark());
    if (!elsewhere) return false;
    tail.moved_to(FileLook::at(*elsewhere).id, *elsewhere);
  }
  tail.found_at(*elsewhere);
  tail.fresh_from(FileLook::at(*elsewhere).size);
  return true;
}

void FileSource::follow_date(Outlet& out) {
  const auto name = expand_date(location_, shared_.options.zone, shared_.now.wall);
  if (!name || *name == path_) {
    if (!name && said_ != ENAMETOOLONG) {
      said_ = ENAMETOOLONG;
      out.say(NoticeLevel::Error, log_line(1906, "ERROR", "Error parsing file: '" + location_ + "'."));
    }
    return;
  }
  out.say(NoticeLevel::Info, log_line(1952, "INFO", "Monitoring variable log file: '" + *name + "'."));
  // Names that passed unseen: Gander was not running, or the machine slept.
  if (!path_.empty()) {
    for (const std::string& between : dates_since(location_, shared_.options.zone, shared_.now.wall, path_)) {
      if (between == *name) continue;
      path_ = between;
      add_path(real(between), Arrival::Quiet);
    }
  }
  path_ = *name;
  attached_ = false;
  said_ = 0;
}

void FileSource::look_at_name(const FileLook& seen, Outlet& out) {
  if (seen.kind != FileLook::Kind::Fifo && pipe_.is_open()) pipe_.close();
  switch (seen.kind) {
    case FileLook::Kind::None:
      return trouble(seen.error == ENOENT || seen.error == ENOTDIR ? SourceState::Missing : SourceState::Unreadable,
                     seen.error, out);
    case FileLook::Kind::Other: {
      LogFile file;
      return trouble(SourceState::Unreadable, file.open(real(path_)), out);
    }
    case FileLook::Kind::Fifo:
      if (pipe_.is_open() && pipe_.look().id == seen.id) return;
      if (const int error = pipe_.open(real(path_)); error != 0) return trouble(SourceState::Unreadable, error, out);
      pipe_rest_.clear();
      pipe_at_ = static_cast<uint64_t>(shared_.now.wall.time_since_epoch().count());
      return well();
    case FileLook::Kind::Regular:
      break;
  }
  if (attached_ && followers_.back().tail->id() == seen.id) {
    if (state_ == SourceState::Missing) well();
    return;
  }
  if (shared_.registry.owned_by_other(seen.id, this)) {
    trouble_ = "this file is read to its end under its former name";
    return;
  }
  replaced(seen, out);
}

// Another file bears the name.
void FileSource::replaced(const FileLook& seen, Outlet& out) {
  well();
  Arrival arrival = Arrival::Quiet;
  if (!followers_.empty() && followers_.back().tail->path() == path_) {
    arrival = Arrival::Rotated;
    Follower& old = followers_.back();
    const auto where = old.tail->is_open() ? find_by_inode(real(path_), old.tail->id())
                                           : find_moved(real(path_), old.tail->read_mark());
    if (where) {
      for (const std::string& younger : find_younger(real(path_), *where)) add_path(younger, Arrival::Rotated);
    } else {
      LogFile file;
      if (file.open(real(path_)) == 0 && file.look().id == seen.id && old.tail->goes_on_in(file)) {
        // Written anew with what it held (an editor, a restore): nothing of it is new but what is behind.
        shared_.registry.release(old.tail->id(), this);
        shared_.registry.take(seen.id, this);
        old.tail->moved_to(seen.id, real(path_));
        attached_ = true;
        shared_.scratch.cuts.clear();
        shared_.scratch.records.clear();
        add_notice(Arrival::Rotated);
        return send(*old.tail, Age::Fresh, out);
      }
    }
  }
  // The name came back to a file that lost it, or to one that another source let go of.
  for (size_t i = 0; i < followers_.size(); ++i) {
    if (followers_[i].tail->id() != seen.id) continue;
    std::rotate(followers_.begin() + static_cast<std::ptrdiff_t>(i),
                followers_.begin() + static_cast<std::ptrdiff_t>(i) + 1, followers_.end());
    followers_.back().tail->found_at(real(path_));
    followers_.back().tail->come_back();
    attached_ = true;
    return;
  }
  FileMark mark = new_mark(seen.id, 0);
  if (auto known = shared_.registry.claim(seen.id)) {
    mark.offset = known->offset;
    mark.head = known->head;
    mark.tail = known->tail;
    mark.memory = known->memory;
    arrival = Arrival::Quiet;
  }
  add(std::move(mark), real(path_), arrival);
  if (!looked_) followers_.back().tail->fresh_from(seen.size);
  attached_ = true;
}

void FileSource::trouble(SourceState state, int error, Outlet& out) {
  state_ = state;
  if (error == 0) return;
  trouble_ = std::generic_category().message(error);
  if (said_ == error) return;
  said_ = error;
  // A date whose file is not there yet is no news.
  if (dated_ && state == SourceState::Missing && looked_) return;
  if (waits_silently()) return;
  out.say(NoticeLevel::Error, could_not_open(path_, error));
}

void FileSource::well() {
  state_ = SourceState::Following;
  trouble_.clear();
  said_ = 0;
}

std::optional<Steady> FileSource::deadline() const {
  const Steady now = shared_.now.steady;
  if (pipe_.is_open()) return now + kTick;
  if (state_ != SourceState::Following) return now + shared_.options.loop_timeout;
  if (followers_.size() > 1) return now + kTick;
  if (followers_.empty()) return std::nullopt;
  const RecordCutter& cutter = followers_.back().tail->cutter();
  if (!cutter.open_at() || cutter.unfinished() != RecordCutter::Unfinished::WhenIdle) return std::nullopt;
  return followers_.back().grew + shared_.options.loop_timeout;
}

SourceStatus FileSource::status() const {
  SourceStatus s;
  s.source = id_;
  s.name = path_.empty() ? location_ : path_;
  s.state = state_;
  s.trouble = trouble_.empty() && !polled_.empty() ? "polled: " + polled_ : trouble_;
  s.counts = counts_;
  for (const Follower& f : followers_) s.waiting_bytes += f.tail->waiting();
  s.waiting_bytes += pipe_rest_.size();
  return s;
}

size_t FileSource::open_files() const {
  return static_cast<size_t>(
      std::count_if(followers_.begin(), followers_.end(), [](const Follower& f) { return f.tail->is_open(); }));
}

void FileSource::give_back_files() {
  // What lost its name cannot be opened again: only the others are closed.
  if (attached_ && followers_.size() == 1 && state_ == SourceState::Following)
    followers_.back().tail->give_back_descriptor();
}

void FileSource::mark_backlog() {
  for (Follower& f : followers_) {
    const FileLook seen = f.tail->is_open() ? f.tail->file().look() : FileLook::at(f.tail->real_path());
    if (seen.id == f.tail->id()) f.tail->fresh_from(std::max(f.tail->fresh_from(), seen.size));
  }
}

}  // namespace gander::collect
