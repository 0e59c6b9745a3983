// Unix stream sockets by path, also by paths longer than a socket address holds.
//
// Owns:    LocalSocket its descriptor.
// Threads: one thread.
// Fails:   V004.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "base/result.h"

namespace gander::respond {

class LocalSocket {
 public:
  LocalSocket() = default;
  explicit LocalSocket(int fd) : fd_(fd) {}
  LocalSocket(LocalSocket&& other) noexcept;
  LocalSocket& operator=(LocalSocket&& other) noexcept;
  ~LocalSocket();
  int get() const { return fd_; }

 private:
  int fd_ = -1;
};

// Not blocking, mode 0600. Takes the place of a socket on which nobody listens any more.
Result<LocalSocket> listen_at(const std::string& path);
// Blocking, each step at most `patience`.
Result<LocalSocket> connect_to(const std::string& path, std::chrono::seconds patience);
// Who is at the other end.
std::optional<uid_t> peer_user(int fd);

}  // namespace gander::respond
