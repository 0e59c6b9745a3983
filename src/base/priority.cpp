#include "base/priority.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace gander::base {

void give_way() {
  constexpr int kThisThread = 1;  // IOPRIO_WHO_PROCESS: a thread id
  constexpr int kIdle = 3 << 13;  // IOPRIO_CLASS_IDLE
  const auto self = static_cast<id_t>(::syscall(SYS_gettid));
  ::setpriority(PRIO_PROCESS, self, 10);
  ::syscall(SYS_ioprio_set, kThisThread, 0, kIdle);
  const sched_param none{};
  ::sched_setscheduler(0, SCHED_BATCH, &none);
}

}  // namespace gander::base
