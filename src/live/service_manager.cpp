#include "live/service_manager.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/descriptor.h"
#include "base/file.h"

namespace gander::live {

ServiceManager::ServiceManager() {
  if (const char* const name = std::getenv("NOTIFY_SOCKET")) socket_ = name;
  if (const char* const usec = std::getenv("WATCHDOG_USEC"); usec && !socket_.empty()) {
    const long long most = std::atoll(usec);
    if (most > 0) heartbeat_ = std::chrono::microseconds(most / 3);
  }
  for (const char* const name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
}

void ServiceManager::tell(std::string_view state) const {
  sockaddr_un to{};
  if (socket_.empty() || socket_.size() >= sizeof to.sun_path) return;
  const base::Descriptor fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!fd) return;
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, socket_.data(), socket_.size());
  if (to.sun_path[0] == '@') to.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  // One sign of life more or less does not matter, and it must not cost life. The rest has to be heard.
  const int flags = MSG_NOSIGNAL | (state == "WATCHDOG=1" ? MSG_DONTWAIT : 0);
  ::sendto(fd.get(), state.data(), state.size(), flags, reinterpret_cast<const sockaddr*>(&to), size);
}

bool system_goes_down() {
  return base::exists("/run/nologin");  // /run/systemd/shutdown is always there
}

}  // namespace gander::live
