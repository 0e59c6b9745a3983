#include "collect/file_tail.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace gander::collect {

namespace {
// One turn looks through so much of a line without end, then others have theirs.
constexpr int kPiecesATurn = 16;
constexpr uint64_t kHole = 4096;
}  // namespace

FileTail::FileTail(FileMark mark, std::unique_ptr<RecordCutter> cutter, size_t longest)
    : mark_(std::move(mark)),
      cutter_(std::move(cutter)),
      real_path_(mark_.path),
      longest_(longest),
      next_(mark_.offset),
      scanned_(mark_.offset),
      size_(mark_.offset),
      before_next_(mark_.tail) {
  cutter_->recall(mark_.memory);
}

bool FileTail::open() {
  if (file_.is_open()) return true;
  error_ = file_.open(real_path_);
  if (error_ != 0) return false;
  if (file_.look().id == mark_.id) return true;
  file_.close();
  error_ = ENOENT;
  return false;
}

FileTail::Got FileTail::read(Scratch& scratch, Counts& counts) {
  if (!open()) return Got::Gone;
  const FileLook look = file_.look();
  size_ = look.size;
  if (size_ < next_) return Got::Rewritten;
  if (size_ > next_ && !file_.fits_tail(before_next_, next_)) return Got::Rewritten;
  if (size_ < scanned_) scanned_ = next_;
  const uint64_t end = mark_.end != 0 ? std::min(mark_.end, size_) : size_;
  if (next_ < fresh_from_) {
    const Got got = read_lines(scratch, std::min(end, fresh_from_), counts);
    if (got != Got::Nothing) return got;
    // The last line was not whole when the file was opened: it ends now.
    fresh_from_ = 0;
  }
  return read_lines(scratch, end, counts);
}

FileTail::Got FileTail::read_lines(Scratch& scratch, uint64_t limit, Counts& counts) {
  if (scanned_ > next_) return look_for_line_end(scratch, limit, counts);
  if (limit <= next_) return Got::Nothing;
  if (scratch.bytes.size() < kPiece) scratch.bytes.resize(kPiece);
  const size_t wanted = static_cast<size_t>(std::min<uint64_t>(kPiece, limit - next_));
  const int64_t got = file_.read_at({scratch.bytes.data(), wanted}, next_);
  if (got < 0) {
    error_ = static_cast<int>(-got);
    return Got::Gone;
  }
  if (got == 0) return Got::Nothing;
  if (scratch.bytes[0] == '\0' && skip_hole()) return Got::More;
  char* const begin = scratch.bytes.data();
  char* const stop = begin + got;
  char* line = begin;
  while (char* const lf = static_cast<char*>(std::memchr(line, '\n', static_cast<size_t>(stop - line)))) {
    feed({line, lf}, next_ + static_cast<uint64_t>(line - begin), scratch.cuts, counts);
    line = lf + 1;
  }
  if (line == begin) {
    scanned_ = next_ + static_cast<uint64_t>(got);
    return look_for_line_end(scratch, limit, counts);
  }
  const auto used = static_cast<size_t>(line - begin);
  next_ += used;
  moved({begin, used});
  return Got::Lines;
}

FileTail::Got FileTail::look_for_line_end(Scratch& scratch, uint64_t limit, Counts& counts) {
  if (scratch.bytes.size() < longest_) scratch.bytes.resize(longest_);
  char* const room = scratch.bytes.data();
  for (int piece = 0; piece < kPiecesATurn; ++piece) {
    if (limit <= scanned_) return Got::Nothing;
    const int64_t got = file_.read_at(
        {room, static_cast<size_t>(std::min<uint64_t>(scratch.bytes.size(), limit - scanned_))}, scanned_);
    if (got <= 0) return Got::Nothing;
    const void* const lf = std::memchr(room, '\n', static_cast<size_t>(got));
    if (lf == nullptr) {
      scanned_ += static_cast<uint64_t>(got);
      continue;
    }
    const uint64_t line_end = scanned_ + static_cast<uint64_t>(static_cast<const char*>(lf) - room);
    const uint64_t size = line_end - next_;
    const size_t taken = static_cast<size_t>(std::min<uint64_t>(size, longest_));
    if (file_.read_at({room, taken}, next_) != static_cast<int64_t>(taken)) return Got::Rewritten;
    if (size > taken) ++counts.truncated;
    counts.bytes += size - taken;
    feed({room, taken}, next_, scratch.cuts, counts);
    next_ = line_end + 1;
    moved_unseen();
    return Got::Lines;
  }
  return Got::More;
}

void FileTail::feed(std::span<char> line, uint64_t at, CutList& cuts, Counts& counts) {
  // An attacker must not hide the rest of a line behind a byte 0.
  if (std::memchr(line.data(), '\0', line.size()) != nullptr) std::replace(line.begin(), line.end(), '\0', ' ');
  ++counts.lines;
  counts.bytes += line.size() + 1;
  if (line.size() > longest_) {
    line = line.first(longest_);
    ++counts.truncated;
  }
  cutter_->line({line.data(), line.size()}, at, cuts);
}

// A writer that does not append goes on at its old offset in a truncated file: what is before is a hole of zeros.
bool FileTail::skip_hole() {
  const off_t data = ::lseek(file_.descriptor(), static_cast<off_t>(next_), SEEK_DATA);
  if (data < 0 || static_cast<uint64_t>(data) < next_ + kHole) return false;
  next_ = static_cast<uint64_t>(data);
  char room[kHole];
  const int64_t got = file_.read_at(room, next_);
  const char* const text = std::find_if(room, room + std::max<int64_t>(got, 0), [](char c) { return c != '\0'; });
  next_ += static_cast<uint64_t>(text - room);
  moved_unseen();
  return true;
}

void FileTail::moved(std::string_view bytes_before_next) {
  scanned_ = next_;
  if (bytes_before_next.size() >= FileMark::kTail) {
    before_next_ = fingerprint_of(bytes_before_next.substr(bytes_before_next.size() - FileMark::kTail));
    if (mark_.head.size < FileMark::kHead)
      mark_.head = file_.fingerprint(0, static_cast<uint32_t>(std::min<uint64_t>(FileMark::kHead, next_)));
  } else {
    moved_unseen();
  }
}

void FileTail::moved_unseen() {
  scanned_ = next_;
  const auto tail = static_cast<uint32_t>(std::min<uint64_t>(FileMark::kTail, next_));
  before_next_ = file_.fingerprint(next_ - tail, tail);
  if (mark_.head.size < FileMark::kHead)
    mark_.head = file_.fingerprint(0, static_cast<uint32_t>(std::min<uint64_t>(FileMark::kHead, next_)));
}

void FileTail::finish(Scratch& scratch, Counts& counts) {
  const uint64_t end = mark_.end != 0 ? std::min(mark_.end, size_) : size_;
  if (end > next_ && file_.is_open()) {
    const uint64_t size = end - next_;
    const size_t taken = static_cast<size_t>(std::min<uint64_t>(size, longest_));
    if (scratch.bytes.size() < taken) scratch.bytes.resize(taken);
    const int64_t got = file_.read_at({scratch.bytes.data(), taken}, next_);
    if (got > 0) {
      if (size > taken) ++counts.truncated;
      feed({scratch.bytes.data(), static_cast<size_t>(got)}, next_, scratch.cuts, counts);
      counts.bytes += size - static_cast<uint64_t>(got) - 1;
      next_ = end;
      moved_unseen();
    }
  }
  cutter_->finish(scratch.cuts);
}

FileMark FileTail::mark() {
  FileMark m = mark_;
  m.offset = cutter_->open_at().value_or(next_);
  m.memory = cutter_->memory();
  if (m.offset == next_) {
    m.tail = before_next_;
  } else if (file_.is_open()) {
    const auto tail = static_cast<uint32_t>(std::min<uint64_t>(FileMark::kTail, m.offset));
    m.tail = file_.fingerprint(m.offset - tail, tail);
  }
  return m;
}

FileMark FileTail::read_mark() const {
  FileMark m = mark_;
  m.offset = next_;
  m.tail = before_next_;
  return m;
}

void FileTail::moved_to(FileId id, std::string real_path) {
  file_.close();
  mark_.id = id;
  real_path_ = std::move(real_path);
}

bool FileTail::goes_on_in(const LogFile& file) const {
  // Few bytes may be the same by chance.
  return before_next_.size == FileMark::kTail && file.fits_head(mark_.head) && file.fits_tail(before_next_, next_);
}

}  // namespace gander::collect
