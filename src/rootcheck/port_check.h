// Hidden ports: one that cannot be bound is in use, and then the kernel's lists must show it.
//
// Threads: one thread.
// Cost:    a socket for each port and protocol.
// Fails:   ports below 1024 need CAP_NET_BIND_SERVICE; without it they are left out, and it is said.
// OSSEC:   messages as there; the lists (/proc/net/tcp, tcp6, udp, udp6) are read, netstat is not run.
#pragma once

#include "rootcheck/check.h"

namespace gander::rootcheck {

struct PortRange {
  int first = 1;
  int last = 65535;
};
void check_ports(const Settings& settings, Sink& sink, PortRange range = {});

}  // namespace gander::rootcheck
