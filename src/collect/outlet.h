// Outlet: the way from all sources of one object to its sink; numbers batches and keeps the window.
//
// Owns:    what is not acknowledged, as sizes only.
// Threads: one thread.
#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "collect/record.h"

namespace gander::collect {

class Outlet {
 public:
  explicit Outlet(size_t window) : window_(window) {}

  // The sink of the current step().
  void open(Sink& sink) { sink_ = &sink; }
  void close() { sink_ = nullptr; }

  bool has_room() const { return unacknowledged_ < window_; }
  size_t unacknowledged() const { return unacknowledged_; }
  // The number is set here.
  void send(Batch batch);
  void say(NoticeLevel level, std::string_view text) { sink_->say({level, text}); }
  void acknowledge(uint64_t number);

 private:
  struct Sent {
    uint64_t number;
    size_t bytes;
  };
  size_t window_;
  Sink* sink_ = nullptr;
  uint64_t last_ = 0;
  std::deque<Sent> sent_;
  size_t unacknowledged_ = 0;
};

// OSSEC's lines for its log, without their time.
std::string log_line(int number, std::string_view level, const std::string& text);  // number 0: none
std::string could_not_open(const std::string& path, int error);                     // 1103

}  // namespace gander::collect
