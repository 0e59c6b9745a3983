// The entries of a policy asked of this host.
//
// Threads: one thread.
// Cost:    reads the files that are named; directories are walked once a test.
// Fails:   what cannot be read is as if it were not there.
// OSSEC:   messages, and which findings of an entry are told, as there.
#pragma once

#include "rootcheck/check.h"
#include "rootcheck/policy.h"

namespace gander::rootcheck {

// `prefix`: "System Audit".
void run_policy(const Policy& policy, std::string_view prefix, const Settings& settings, Sink& sink);

}  // namespace gander::rootcheck
