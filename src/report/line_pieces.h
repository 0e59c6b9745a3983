// LinePieces: lines out of bytes that come in pieces.
//
// Owns:    the line that is not complete yet, up to its limit.
// Threads: one thread.
// Cost:    one pass; a line inside one piece of input is not copied.
// Fails:   cannot; bytes of a line beyond the limit are dropped and the line counted.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "model/compat.h"

namespace gander::report {

class LinePieces {
 public:
  // OSSEC's programs read 2047 bytes at most, line end included; what is left of a line is the next line.
  static constexpr size_t kOssecPiece = 2047;

  LinePieces(model::Compat compat, size_t limit)
      : ossec_(compat == model::Compat::Ossec43), limit_(ossec_ ? kOssecPiece : limit) {}

  void set_limit(size_t limit) {
    if (!ossec_) limit_ = limit;
  }
  uint64_t cut() const { return cut_; }

  // Calls take(line) for each complete line, without its line feed.
  template <class Take>
  void feed(std::string_view bytes, Take take) {
    while (!bytes.empty()) {
      const auto* const found = static_cast<const char*>(std::memchr(bytes.data(), '\n', bytes.size()));
      const bool ends = found != nullptr;
      size_t length = ends ? static_cast<size_t>(found - bytes.data()) : bytes.size();
      if (ossec_ && held_.size() + length >= kOssecPiece) {
        length = kOssecPiece - held_.size();
        give(bytes.substr(0, length), take);
        bytes.remove_prefix(length);
      } else if (ends) {
        give(bytes.substr(0, length), take);
        bytes.remove_prefix(length + 1);
      } else {
        hold(bytes);
        return;
      }
    }
  }

  template <class Take>
  void finish(Take take) {
    if (!held_.empty()) give({}, take);
  }

 private:
  void hold(std::string_view bytes) {
    const size_t room = limit_ - std::min(limit_, held_.size());
    if (bytes.size() > room && !over_) {
      over_ = true;
      ++cut_;
    }
    held_.append(bytes.substr(0, room));
  }

  template <class Take>
  void give(std::string_view rest, Take take) {
    if (held_.empty() && rest.size() <= limit_) {
      take(up_to_nul(rest));
      return;
    }
    hold(rest);
    take(up_to_nul(held_));
    held_.clear();
    over_ = false;
  }

  // OSSEC's lines are C strings.
  std::string_view up_to_nul(std::string_view line) const { return ossec_ ? line.substr(0, line.find('\0')) : line; }

  bool ossec_;
  size_t limit_;
  std::string held_;
  bool over_ = false;
  uint64_t cut_ = 0;
};

}  // namespace gander::report
