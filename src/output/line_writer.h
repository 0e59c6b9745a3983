// LineWriter: one line an alert for people at a terminal: time, level, rule, description, who and where, log text.
//
// What came from a log is shown without anything that acts: escapes and control characters as `?`, marks that turn the
// writing direction as `?`, damaged UTF-8 as U+FFFD; a hostile line cannot move the cursor or hide a part of itself.
//
// Owns:    its settings and one line.
// Threads: one thread.
#pragma once

#include <string>
#include <string_view>

#include "output/alert_time.h"
#include "output/alert_writer.h"

namespace gander::output {

class LineWriter final : public AlertWriter {
 public:
  LineWriter(base::TimeZone zone, Colour colour, size_t width);

  void begin(std::string&) override {}
  void alert(std::string& out, const model::Alert& alert) override;
  void end(std::string&) override {}

 private:
  void add(std::string& out, std::string_view style, std::string_view text);

  AlertTime time_;
  Colour colour_;
  size_t width_;
  size_t left_ = 0;   // columns
  bool cut_ = false;  // the line is full
  std::string shown_;
  std::string part_;
};

}  // namespace gander::output
