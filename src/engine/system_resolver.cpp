#include "engine/system_resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <memory>
#include <string>

namespace gander::engine {
namespace {

std::string reverse_name(const in_addr& address) {
  sockaddr_in socket{};
  socket.sin_family = AF_INET;
  socket.sin_addr = address;
  char name[NI_MAXHOST];
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&socket), sizeof socket, name, sizeof name, nullptr, 0,
                    NI_NAMEREQD) != 0) {
    return {};
  }
  return name;
}

bool resolves_to(const std::string& name, const std::string& address) {
  addrinfo hints{};
  hints.ai_family = AF_INET;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owned(found, &::freeaddrinfo);
  for (const addrinfo* a = found; a; a = a->ai_next) {
    char text[INET_ADDRSTRLEN];
    const auto* const socket = reinterpret_cast<const sockaddr_in*>(a->ai_addr);
    if (::inet_ntop(AF_INET, &socket->sin_addr, text, sizeof text) && address == text) return true;
  }
  return false;
}

class SystemResolver final : public rules::Resolver {
 public:
  bool reverse_name_holds(const std::string& address, std::string_view part) override {
    in_addr parsed{};
    if (::inet_pton(AF_INET, address.c_str(), &parsed) != 1) return false;
    const std::string name = reverse_name(parsed);
    return name.find(part) != std::string::npos && resolves_to(name, address);
  }
};

}  // namespace

rules::Resolver& system_resolver() {
  static SystemResolver resolver;  // holds nothing
  return resolver;
}

}  // namespace gander::engine
