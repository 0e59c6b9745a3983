// Progress: a bar on standard error while a replay runs, when that is a terminal.
#pragma once

#include <chrono>
#include <cstdint>

namespace gander::cli {

class Progress {
 public:
  enum class Shown { No, Yes };
  explicit Progress(Shown shown) : shown_(shown) {}
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Bytes done of bytes in all (0: not known); draws at most ten times a second.
  void update(uint64_t done, uint64_t total);
  void clear();

 private:
  Shown shown_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point last_{};
};

}  // namespace gander::cli
