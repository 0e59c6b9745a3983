// ServiceManager: tells systemd how the service is (Type=notify, watchdog); silent where there is none.
//
// Owns:    nothing but a name.
// Threads: one thread.
// Source:  sd_notify(3), the protocol of NOTIFY_SOCKET.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace gander::live {

class ServiceManager {
 public:
  // Takes NOTIFY_SOCKET and WATCHDOG_USEC out of the environment: what this process runs must not speak for it.
  ServiceManager();

  void tell(std::string_view state) const;  // "READY=1"
  // How often the watchdog wants to hear; empty: not at all.
  std::optional<std::chrono::microseconds> heartbeat() const { return heartbeat_; }

 private:
  std::string socket_;
  std::optional<std::chrono::microseconds> heartbeat_;
};

// A reboot or shutdown is under way, as far as a file tells (the units ask systemd): what is in force stays, and the
// next start goes on with it.
bool system_goes_down();

}  // namespace gander::live
