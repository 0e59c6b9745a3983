// Confinement: what a process of a live host gives up before it looks at the first hostile byte: its user,
// capabilities, system calls (seccomp) and files (Landlock).
//
// Threads: to be called by a process with one thread; what is given up does not come back.
// Fails:   never stops the process: a protection that the kernel or the rights do not allow is named in `missing`.
// Source:  seccomp(2), landlock(7), capabilities(7). Landlock is used from ABI 2 on: before it, links and renames
// between
//          folders are refused, and alerts.log is such a link.
#pragma once

#include <string>
#include <vector>

#include "live/host_config.h"
#include "live/wire.h"

namespace gander::live {

struct Protections {
  std::vector<std::string> active;
  std::vector<std::string> missing;  // with the reason
};

// What a role may do beyond what every process may.
struct Profile {
  // Probe: sockets only to bind and to ask the kernel; threads.
  enum class Network { None, Probe, Allowed };
  // CAP_DAC_READ_SEARCH is kept and every file may be read; or it is only kept for a process to be started.
  enum class ReadAll { No, Yes, PassOn };
  enum class LookAround { No, Yes };  // CAP_SYS_PTRACE, CAP_NET_BIND_SERVICE: other processes, low ports
  enum class Files { Listed, All };   // Listed: Landlock lets it see only what stands below

  Network network = Network::None;
  ReadAll read_all = ReadAll::No;
  LookAround look_around = LookAround::No;
  Files files = Files::Listed;
  std::vector<std::string> readable;  // files and folders, with what lies below
  std::vector<std::string> writable;
  bool threads = false;  // more threads of its own, never another process
  bool confined = true;  // false: the responder, whose scripts would inherit everything
};

Profile profile_for(Role role, const HostSettings& settings);

// Becomes settings.user when root, then gives up the rest.
Protections confine(const Profile& profile, const HostSettings& settings);

// The members "protection" and "missing_protection" of a JSON object.
std::string json_members(const Protections& protections);

}  // namespace gander::live
