// Network interfaces that listen to everything.
//
// Threads: one thread.
// Cost:    one question to the kernel (rtnetlink), one for each interface.
// Fails:   without an answer nothing is told.
// OSSEC:   messages as there; sniffers that ask for it by a packet socket are seen too, ports of a bridge are as they
//          must be (4.3: the flag that ifconfig sets, alone).
#pragma once

#include "rootcheck/check.h"

namespace gander::rootcheck {

void check_interfaces(const Settings& settings, Sink& sink);

}  // namespace gander::rootcheck
