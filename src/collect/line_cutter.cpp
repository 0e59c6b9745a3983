#include "collect/line_cutter.h"

#include <algorithm>
#include <cstring>

namespace gander::collect {

namespace {
constexpr size_t kShortestEvent = 2;
}

ReadCounters& ReadCounters::operator+=(const ReadCounters& other) {
  lines += other.lines;
  events += other.events;
  skipped += other.skipped;
  truncated += other.truncated;
  bytes += other.bytes;
  return *this;
}

size_t LineCutter::cut(std::string_view bytes, MoreToCome more, std::vector<Line>& lines) {
  size_t begin = 0;
  has_nul_ = compat_ == model::Compat::Ossec43 && std::memchr(bytes.data(), '\0', bytes.size()) != nullptr;
  while (begin < bytes.size()) {
    const void* const found = std::memchr(bytes.data() + begin, '\n', bytes.size() - begin);
    if (found == nullptr) return cut_unfinished(bytes, begin, more, lines);
    const auto end = static_cast<size_t>(static_cast<const char*>(found) - bytes.data());
    if (compat_ == model::Compat::Ossec43) {
      for (; end + 1 - begin > kOssecPiece; begin += kOssecPiece) piece(bytes, begin, kOssecPiece, lines);
      piece(bytes, begin, end - begin, lines);
    } else if (within_ != Within::DroppedRest) {
      whole(begin, end - begin, lines);
    }
    end_line();
    begin = end + 1;
  }
  return begin;
}

size_t LineCutter::cut_unfinished(std::string_view bytes, size_t begin, MoreToCome more, std::vector<Line>& lines) {
  const size_t size = bytes.size() - begin;
  if (compat_ == model::Compat::Ossec43) {
    for (; bytes.size() - begin >= kOssecPiece; begin += kOssecPiece) piece(bytes, begin, kOssecPiece, lines);
    if (more == MoreToCome::Yes) return begin;
    if (begin < bytes.size()) piece(bytes, begin, bytes.size() - begin, lines);
  } else if (within_ != Within::DroppedRest) {
    if (size <= longest_ && more == MoreToCome::Yes) return begin;
    whole(begin, size, lines);
    within_ = Within::DroppedRest;
  }
  if (more == MoreToCome::No) end_line();
  return bytes.size();
}

void LineCutter::whole(size_t begin, size_t size, std::vector<Line>& lines) {
  begin_line();
  if (size > longest_) mark_truncated();
  deliver(begin, std::min(size, longest_), lines);
}

void LineCutter::piece(std::string_view bytes, size_t begin, size_t size, std::vector<Line>& lines) {
  // The line feed of a line that ended with the piece before: an empty piece of its own, and nothing is lost.
  if (size == 0 && within_ == Within::Line) return;
  if (within_ == Within::Line) mark_truncated();
  begin_line();
  if (const void* const nul = has_nul_ ? std::memchr(bytes.data() + begin, '\0', size) : nullptr) {
    size = static_cast<size_t>(static_cast<const char*>(nul) - bytes.data()) - begin;
    mark_truncated();
  }
  deliver(begin, size, lines);
}

void LineCutter::begin_line() {
  if (within_ == Within::NoLine) ++counters_.lines;
  within_ = Within::Line;
}

void LineCutter::end_line() {
  within_ = Within::NoLine;
  truncated_ = false;
}

void LineCutter::mark_truncated() {
  if (!truncated_) ++counters_.truncated;
  truncated_ = true;
}

void LineCutter::deliver(size_t begin, size_t size, std::vector<Line>& lines) {
  if (size < kShortestEvent) {
    ++counters_.skipped;
    return;
  }
  ++counters_.events;
  lines.push_back({begin, size, counters_.lines});
}

}  // namespace gander::collect
