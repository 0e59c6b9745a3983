// OpenRecord: the lines of a record that is not finished, joined with one blank and bounded.
//
// Owns:    its text.
// Threads: one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "collect/record_cutter.h"

namespace gander::collect {

class OpenRecord {
 public:
  // What is longer is cut, and counted when it is sent.
  explicit OpenRecord(size_t longest) : longest_(longest) {}

  bool is_open() const { return open_; }
  std::optional<uint64_t> at() const { return open_ ? std::optional(at_) : std::nullopt; }
  bool is_full() const { return text_.size() >= longest_; }

  void begin(std::string_view line, uint64_t at) {
    open_ = true;
    cut_ = false;
    at_ = at;
    text_.clear();
    add(line, {});
  }
  void append(std::string_view line, std::string_view between = " ") { add(line, between); }
  // Only if the whole line has room (OSSEC 4.3).
  void append_if_fits(std::string_view line) {
    if (text_.size() + 1 + line.size() <= longest_) add(line, " ");
  }
  void send(CutList& out) {
    if (!open_) return;
    out.add_copy(text_, at_);
    if (cut_) ++out.truncated;
    drop();
  }
  void drop() {
    open_ = false;
    // One giant record must not keep its memory for ever.
    if (text_.capacity() > kKeep) std::string().swap(text_);
    text_.clear();
  }

 private:
  static constexpr size_t kKeep = size_t{64} * 1024;

  void add(std::string_view line, std::string_view between) {
    const size_t room = longest_ - text_.size();
    if (between.size() + line.size() > room) cut_ = true;
    text_.append(between.substr(0, room));
    text_.append(line.substr(0, longest_ - text_.size()));
  }

  size_t longest_;
  std::string text_;
  uint64_t at_ = 0;
  bool open_ = false;
  bool cut_ = false;
};

}  // namespace gander::collect
