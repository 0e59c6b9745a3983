// Hidden processes: every id is asked of kill, getsid, getpgid and /proc, and of the list that programs see.
//
// Threads: one thread.
// Cost:    four system calls an id, up to the kernel's highest.
// Fails:   where /proc hides others' processes by a mount option (hidepid), the check is left out, and says so.
// OSSEC:   messages as there; `ps` is not run: what its library call does not list but the kernel does is hidden from
//          it. Ids above 32768 are asked too (4.3: not).
#pragma once

#include <functional>
#include <set>

#include "rootcheck/check.h"

namespace gander::rootcheck {

// What of a process can be seen, and by which way.
struct ProcessView {
  bool kill = false;
  bool session = false;
  bool group = false;
  bool entry = false;  // /proc/ID is there
  bool none() const { return !kill && !session && !group && !entry; }
  bool all() const { return kill && session && group && entry; }
};

// The ways to ask; tests give others.
struct ProcessAsker {
  std::function<ProcessView(int pid)> view;
  std::function<std::set<int>()> listed_by_library;
  std::function<std::set<int>()> listed_by_kernel;
  std::function<bool(int pid)> is_thread;  // of a process that has another id
  int highest = 0;
};
ProcessAsker system_asker(const Settings& settings);

void check_processes(const ProcessAsker& asker, Sink& sink);
void check_processes(const Settings& settings, Sink& sink);

}  // namespace gander::rootcheck
