// Moment: now, on both clocks. Blocks last by the clock that never jumps, as long as the machine is up; only across a
// reboot is the wall clock asked.
#pragma once

#include <chrono>
#include <string>

#include "base/time.h"

namespace gander::respond {

struct Moment {
  base::Instant wall{};
  std::chrono::microseconds up{};  // since boot, suspension included (CLOCK_BOOTTIME)
};

// For roles and doors; nothing in this folder asks by itself.
Moment moment_now();
// /proc/sys/kernel/random/boot_id; empty when it cannot be read (then the wall clock counts).
std::string boot_id();

}  // namespace gander::respond
