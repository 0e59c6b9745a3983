#include "respond/moment.h"

#include <ctime>

#include "base/file.h"

namespace gander::respond {

Moment moment_now() {
  timespec up{};
  ::clock_gettime(CLOCK_BOOTTIME, &up);
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  return {std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now()),
          std::chrono::seconds(up.tv_sec) + duration_cast<microseconds>(std::chrono::nanoseconds(up.tv_nsec))};
}

std::string boot_id() {
  std::string id = base::read_file("/proc/sys/kernel/random/boot_id").value_or("");
  while (!id.empty() && id.back() == '\n') id.pop_back();
  return id;
}

}  // namespace gander::respond
