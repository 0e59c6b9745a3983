// One run of the root checks of <rootcheck>: signatures, policies, devices, the system's files, processes, ports,
// interfaces, in OSSEC's order, with its messages.
//
// Owns:    nothing between runs; the files of signatures and policies are read at each.
// Threads: one thread; the role's Sink gives the pace.
// Cost:    bounded by the Sink's pace; memory: one file of policies, the names of the directories on the way.
// Fails:   what is wrong in a file is logged with its place, the rest of it counts.
// OSSEC:   spec of 4.3's messages; differences in docs/compat.md#root-checks.
#pragma once

#include "rootcheck/check.h"

namespace gander::rootcheck {

// False: it was ended before its end.
bool run(const Settings& settings, Sink& sink);

}  // namespace gander::rootcheck
