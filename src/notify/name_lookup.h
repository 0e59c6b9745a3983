// NameLookup: the addresses of a name, without waiting for a name server.
//
// Owns:    the request until the C library is through with it.
// Threads: one thread; the C library asks in one of its own.
// Cost:    does not block; an address needs no look-up. The destructor waits for a request that cannot be taken back.
// Fails:   done() with an empty list and a problem.
#pragma once

#include <sys/socket.h>

#include <memory>
#include <string>
#include <vector>

namespace gander::notify {

struct SocketAddress {
  sockaddr_storage address{};
  socklen_t length = 0;
};

class NameLookup {
 public:
  NameLookup(const std::string& host, int port);
  ~NameLookup();
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;

  // Whether there is an answer, also a bad one.
  bool done();
  const std::vector<SocketAddress>& addresses() const { return addresses_; }
  const std::string& problem() const { return problem_; }

 private:
  struct Request;
  std::unique_ptr<Request> request_;  // none: done
  std::vector<SocketAddress> addresses_;
  std::string problem_;
};

}  // namespace gander::notify
