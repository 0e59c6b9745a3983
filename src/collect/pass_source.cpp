#include "collect/pass_source.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "collect/location_pattern.h"

namespace gander::collect {

namespace {
constexpr size_t kLine = 5887;
constexpr size_t kDatagram = 6143;
constexpr int kPassesACheck = 64;
constexpr size_t kPiece = size_t{64} * 1024;
}  // namespace

PassSource::PassSource(std::string id, const config::Localfile& block, std::string location,
                       std::optional<FilePlace> kept, Shared& shared)
    : id_(std::move(id)),
      block_(block),
      location_(std::move(location)),
      shared_(shared),
      kept_(std::move(kept)),
      // One variable of OSSEC counts errors and holds the frequency.
      errors_(block.frequency) {
  CutterOptions o;
  o.compat = shared_.options.compat;
  o.lines = block_.lines;
  o.djb_program = djb_program_of(location_).value_or("");
  o.short_host = shared_.short_host;
  o.zone = shared_.options.zone;
  o.now = &shared_.now.wall;
  o.shared_mysql_time = &shared_.mysql_time;
  cutter_ = make_cutter(block_.log_format, o);
}

std::string PassSource::real() const {
  return path_.starts_with('/') || shared_.options.home.empty() ? path_ : shared_.options.home + "/" + path_;
}

void PassSource::look(Outlet& out) {
  if (!started_) start(out);
}

void PassSource::start(Outlet& out) {
  started_ = true;
  next_pass_ = shared_.now.steady + shared_.options.loop_timeout;
  path_ = location_;
  if (has_date(location_)) {
    path_ = expand_date(location_, shared_.options.zone, shared_.now.wall).value_or(location_);
    out.say(NoticeLevel::Info, log_line(1952, "INFO", "Monitoring variable log file: '" + path_ + "'."));
  }
  open(From::End, out);
  if (file_.is_open() && kept_ && !kept_->files.empty()) {
    const FileMark& mark = kept_->files.back();
    if (mark.id == file_id_ && mark.offset <= offset_ && file_.fits_tail(mark.tail, mark.offset)) offset_ = mark.offset;
  }
  kept_.reset();
  out.say(NoticeLevel::Info, log_line(1950, "INFO", "Analyzing file: '" + path_ + "'."));
  if (block_.log_format == "djb-multilog") {
    out.say(NoticeLevel::Info, log_line(0, "INFO",
                                        "Using program name '" + djb_program_of(path_).value_or("") +
                                            "' for DJB multilog file: '" + path_ + "'."));
  }
}

bool PassSource::open(From from, Outlet& out) {
  LogFile fresh;
  if (const int error = fresh.open(real()); error != 0) {
    state_ = error == ENOENT ? SourceState::Missing : SourceState::Unreadable;
    trouble_ = std::generic_category().message(error);
    if (!has_date(location_) || !in_pass_) out.say(NoticeLevel::Error, could_not_open(path_, error));
    return false;
  }
  file_ = std::move(fresh);
  const FileLook seen = file_.look();
  file_id_ = seen.id;
  ++serial_;
  checked_size_ = seen.size;
  offset_ = from == From::End ? seen.size : 0;
  errors_ = 0;
  cutter_->forget();
  state_ = SourceState::Following;
  trouble_.clear();
  return true;
}

std::optional<Steady> PassSource::deadline() const {
  return next_pass_;
}

bool PassSource::turn(Outlet& out) {
  if (!in_pass_) {
    if (shared_.now.steady < next_pass_) return false;
    begin_pass();
  }
  if (file_.is_open() && !read_piece(out)) return true;
  if (++passes_ > kPassesACheck) {
    passes_ = 0;
    check(out);
  }
  in_pass_ = false;
  next_pass_ = shared_.now.steady + shared_.options.loop_timeout;
  return false;
}

void PassSource::begin_pass() {
  in_pass_ = true;
  resend_ = false;
  pass_begin_ = offset_;
}

bool PassSource::read_piece(Outlet& out) {
  Scratch& s = shared_.scratch;
  s.cuts.clear();
  s.records.clear();
  if (s.bytes.size() < kPiece) s.bytes.resize(kPiece);
  const int64_t got = file_.read_at({s.bytes.data(), kPiece}, offset_);
  if (got < 0) {
    out.say(NoticeLevel::Error, log_line(1115, "ERROR", "Could not read from file '" + path_ + "'."));
    failed(out);
    return true;
  }
  std::string_view rest(s.bytes.data(), static_cast<size_t>(got));
  const bool at_end = rest.size() < kPiece;
  bool over = rest.empty();
  while (!rest.empty()) {
    const size_t taken = take_line(rest, at_end);
    if (taken == 0) {
      over = at_end;
      break;
    }
    rest.remove_prefix(taken);
    offset_ += taken;
    const bool refused = cutter_->stops_at_refused() && s.cuts.refused > 0;
    if (refused || (cutter_->one_a_pass() && !s.cuts.records.empty())) {
      over = true;
      if (refused) failed(out);
      break;
    }
    over = at_end && rest.empty();
  }
  if (over) {
    if (!file_.is_open()) return true;
    if (resend_) offset_ = pass_begin_;
    cutter_->end_pass(s.cuts);
  }
  send(out);
  return over;
}

// Bytes taken; 0: what is left is no whole line and waits.
size_t PassSource::take_line(std::string_view rest, bool at_end) {
  const size_t lf = rest.substr(0, kLine).find('\n');
  if (lf != std::string_view::npos) {
    ++batch_.lines;
    batch_.bytes += lf + 1;
    cutter_->line(as_c_string(rest.substr(0, lf + 1), true), offset_, shared_.scratch.cuts);
    return lf + 1;
  }
  if (rest.size() < kLine && !at_end) return 0;
  const std::string_view piece = rest.substr(0, kLine);
  if (piece.size() < kLine && block_.log_format == "audit") resend_ = true;
  // The readers of records go back to the beginning of such a line.
  if (piece.size() < kLine && !cutter_->sends_pieces()) return 0;
  ++batch_.lines;
  ++batch_.truncated;
  batch_.bytes += piece.size();
  cutter_->line(as_c_string(piece, false), offset_, shared_.scratch.cuts);
  return piece.size();
}

// What OSSEC's text functions see of a line with bytes 0.
std::string_view PassSource::as_c_string(std::string_view line, bool terminated) {
  const size_t nul = line.find('\0');
  if (terminated && nul == std::string_view::npos) return line.substr(0, line.size() - 1);
  std::string text(line.substr(0, line.find('\0', nul == std::string_view::npos ? line.size() : nul + 1)));
  if (nul != std::string_view::npos && nul < text.size()) text[nul] = ' ';
  if (!terminated) text.push_back(' ');
  return shared_.scratch.cuts.arena.copy(text);
}

void PassSource::failed(Outlet& out) {
  if (++errors_ <= shared_.options.open_attempts) return;
  out.say(NoticeLevel::Info, log_line(1904, "INFO", "File not available, ignoring it: '" + path_ + "'."));
  file_.close();
  state_ = SourceState::GivenUp;
}

void PassSource::check(Outlet& out) {
  if (state_ == SourceState::GivenUp) return;
  if (has_date(location_)) {
    const auto name = expand_date(location_, shared_.options.zone, shared_.now.wall);
    if (name && *name != path_) {
      path_ = *name;
      file_.close();
      out.say(NoticeLevel::Info, log_line(1952, "INFO", "Monitoring variable log file: '" + path_ + "'."));
    }
    if (!file_.is_open()) {
      open(From::Beginning, out);
      return;
    }
  }
  if (file_.is_open()) return check_open_file(out);
  failed(out);
  if (state_ != SourceState::GivenUp) open(From::End, out);
}

void PassSource::check_open_file(Outlet& out) {
  const FileLook seen = FileLook::at(real());
  if (seen.kind == FileLook::Kind::None) {
    out.say(NoticeLevel::Error, could_not_open(path_, seen.error));
    return;
  }
  if (seen.id != file_id_) {
    notice("ossec: File rotated (inode changed): '", out);
    open(From::Beginning, out);
  } else if (seen.size < checked_size_) {
    notice("ossec: File size reduced (inode remained): '", out);
    open(From::End, out);
  } else {
    checked_size_ = seen.size;
  }
}

void PassSource::notice(std::string_view words, Outlet& out) {
  Scratch& s = shared_.scratch;
  s.cuts.clear();
  s.records.clear();
  const std::string text = std::string(words) + path_ + "'.";
  s.records.push_back({'1', "ossec-logcollector", text, Record::kNotice});
  send(out);
}

void PassSource::send(Outlet& out) {
  Scratch& s = shared_.scratch;
  batch_.refused += s.cuts.refused;
  if (!s.cuts.complaint.empty()) out.say(NoticeLevel::Error, log_line(0, "ERROR", std::string(s.cuts.complaint)));
  const char queue = queue_of(block_.log_format);
  const size_t most = kDatagram - std::min(kDatagram, path_.size() + 3);
  for (const CutList::Cut& cut : s.cuts.records) s.records.push_back({queue, path_, cut.text.substr(0, most), cut.at});
  if (s.records.empty() && batch_ == Counts{}) return;
  batch_.records += s.records.size();
  const FileMark here = mark();
  const std::string origin =
      std::to_string(here.id.device) + ":" + std::to_string(here.id.inode) + ":" + std::to_string(serial_);
  const std::string bytes = place_now();
  Batch batch;
  batch.source = id_;
  batch.origin = origin;
  batch.records = s.records;
  batch.place = bytes;
  batch.counts = std::exchange(batch_, {});
  counts_ += batch.counts;
  out.send(batch);
  s.cuts.clear();
  s.records.clear();
}

FileMark PassSource::mark() const {
  FileMark mark;
  mark.path = path_;
  mark.id = file_id_;
  mark.serial = serial_;
  mark.offset = cutter_->open_at().value_or(offset_);
  const auto tail = static_cast<uint32_t>(std::min<uint64_t>(FileMark::kTail, mark.offset));
  if (file_.is_open()) mark.tail = file_.fingerprint(mark.offset - tail, tail);
  return mark;
}

std::string PassSource::place_now() {
  if (kept_) return kept_->encode();
  return FilePlace{serial_ + 1, {mark()}}.encode();
}

SourceStatus PassSource::status() const {
  SourceStatus s;
  s.source = id_;
  s.name = path_;
  s.state = state_;
  s.trouble = trouble_;
  s.counts = counts_;
  if (file_.is_open()) {
    const uint64_t size = file_.look().size;
    s.waiting_bytes = size > offset_ ? size - offset_ : 0;
  }
  return s;
}

}  // namespace gander::collect
