#include "cli/progress.h"

#include <algorithm>
#include <iostream>
#include <string>

namespace gander::cli {

void Progress::update(uint64_t done, uint64_t total) {
  if (shown_ == Shown::No) return;
  const auto now = std::chrono::steady_clock::now();
  if (drawn_ && now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  drawn_ = true;
  std::string line = "\r" + std::to_string(done / (size_t{1024} * 1024)) + " MiB";
  if (total > 0) {
    constexpr uint64_t kWidth = 40;
    const uint64_t filled = std::min(kWidth, done * kWidth / total);
    line += " [" + std::string(filled, '#') + std::string(kWidth - filled, ' ') + "] " +
            std::to_string(std::min<uint64_t>(100, done * 100 / total)) + " %";
  }
  std::cerr << line << "\033[K" << std::flush;
}

void Progress::clear() {
  if (drawn_) std::cerr << "\r\033[K" << std::flush;
  drawn_ = false;
}

}  // namespace gander::cli
