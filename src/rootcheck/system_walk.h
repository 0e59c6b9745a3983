// The walk of the system: files that are shown by one call and not by another, files that anyone may write to, names
// of rootkits.
//
// Threads: one thread.
// Cost:    programs, /etc and /boot are read whole.
// Fails:   what cannot be read is left out.
// OSSEC:   directories, what is not entered and messages as there; a directory that is met under two names is walked
//          once, and link counts of file systems that keep none are not asked (4.3: both not so).
#pragma once

#include <vector>

#include "rootcheck/check.h"
#include "rootcheck/signatures.h"

namespace gander::rootcheck {

void walk_system(const std::vector<FileSignature>& signatures, const Settings& settings, Sink& sink);

}  // namespace gander::rootcheck
