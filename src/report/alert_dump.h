// AlertDump: texts of alerts to be shown at the end of a report, in memory and, when they are many, in an unnamed file.
//
// Owns:    its texts and the file.
// Threads: one thread.
// Fails:   a text that finds no room is counted as lost.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace gander::report {

class AlertDump {
 public:
  explicit AlertDump(size_t in_memory) : in_memory_(in_memory) {}

  void add(std::string_view text);
  // In the order of add().
  void each(const std::function<void(std::string_view)>& take) const;
  uint64_t lost() const { return lost_; }

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };

  bool spill();

  size_t in_memory_;
  std::string texts_;  // length (8 bytes) and text, one after the other
  std::unique_ptr<std::FILE, Close> file_;
  uint64_t lost_ = 0;
};

}  // namespace gander::report
