// FileTail: one file, read from an offset to its end as it grows, its lines given to a cutter.
//
// What is not a whole line stays in the file; only how far it was looked through is remembered. So memory is bounded
// for any file, and the place of a tail is true at every moment.
//
// Owns:    the descriptor while it is open (give_back_descriptor()) and the cutter.
// Threads: one thread.
// Cost:    a read of up to 256 KiB and two small ones; no copy of lines for formats of one line a record.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "collect/log_file.h"
#include "collect/place.h"
#include "collect/record.h"
#include "collect/record_cutter.h"

namespace gander::collect {

// Memory that all tails of one object share while each has its turn.
struct Scratch {
  std::vector<char> bytes;
  CutList cuts;
  std::vector<Record> records;
};

class FileTail {
 public:
  // Several fit into the socket to who judges: it has one to judge while the next comes.
  static constexpr size_t kPiece = size_t{64} * 1024;

  FileTail(FileMark mark, std::unique_ptr<RecordCutter> cutter, size_t longest);

  enum class Got {
    Lines,      // some were given to the cutter; there may be more
    Nothing,    // up to its end, or what is left is no whole line
    More,       // a long line was looked through; go on in the next turn
    Rewritten,  // it is shorter than what was read, or not what was read
    Gone,       // not open and not to be opened; see error()
  };
  // Reads a piece, but nothing from `fresh_from()` on in the same turn as what is before.
  Got read(Scratch& scratch, Counts& counts);
  // What is there becomes records: the line without its end (first) and the open record. For files that end.
  void finish(Scratch& scratch, Counts& counts);
  // Only the open record.
  void finish_record(CutList& cuts) { cutter_->finish(cuts); }

  // Position for a place: before the open record. Reads the bytes before it.
  FileMark mark();
  // Position behind the lines that the cutter has, an open record among them.
  FileMark read_mark() const;
  RecordCutter& cutter() { return *cutter_; }
  const RecordCutter& cutter() const { return *cutter_; }

  const std::string& path() const { return mark_.path; }
  FileId id() const { return mark_.id; }
  uint64_t serial() const { return mark_.serial; }
  uint64_t next() const { return next_; }
  uint64_t end() const { return mark_.end; }
  uint64_t size() const { return size_; }  // when last looked at
  uint64_t waiting() const { return size_ > next_ ? size_ - next_ : 0; }
  bool has_unfinished() const { return size_ > next_ || cutter_->open_at().has_value(); }
  int error() const { return error_; }
  const std::string& real_path() const { return real_path_; }
  void found_at(std::string real_path) { real_path_ = std::move(real_path); }
  // The content moved to another inode: it goes on there.
  void moved_to(FileId id, std::string real_path);

  // Bytes before this offset were written before the tail was opened in this life.
  uint64_t fresh_from() const { return fresh_from_; }
  void fresh_from(uint64_t offset) { fresh_from_ = offset; }
  bool left() const { return mark_.left; }
  void leave() { mark_.left = true; }
  void come_back() { mark_.left = false; }

  // Of what is before next(), unread: to notice that the file was written anew.
  void take_fingerprint() {
    if (open()) moved_unseen();
  }

  // True when the file at real_path() (or the open one) is this one. Opens it if needed.
  bool open();
  bool is_open() const { return file_.is_open(); }
  void give_back_descriptor() { file_.close(); }
  LogFile& file() { return file_; }
  // The content of `file` is what was read here, and goes on behind it.
  bool goes_on_in(const LogFile& file) const;

 private:
  Got look_for_line_end(Scratch& scratch, uint64_t limit, Counts& counts);
  Got read_lines(Scratch& scratch, uint64_t limit, Counts& counts);
  void feed(std::span<char> line, uint64_t at, CutList& cuts, Counts& counts);
  void moved(std::string_view bytes_before_next);
  void moved_unseen();
  bool skip_hole();

  FileMark mark_;  // head and memory are kept up to date, offset and tail not
  std::unique_ptr<RecordCutter> cutter_;
  LogFile file_;
  std::string real_path_;
  size_t longest_;
  uint64_t next_;         // where the next line begins
  uint64_t scanned_ = 0;  // no line ends before it
  uint64_t size_ = 0;
  uint64_t fresh_from_ = 0;
  Fingerprint before_next_;
  int error_ = 0;
};

}  // namespace gander::collect
