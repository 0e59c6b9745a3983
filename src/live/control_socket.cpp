#include "live/control_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

namespace gander::live {
namespace {

std::optional<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un a{};
  if (path.size() >= sizeof a.sun_path) return std::nullopt;
  a.sun_family = AF_UNIX;
  std::memcpy(a.sun_path, path.c_str(), path.size() + 1);
  return a;
}

tl::unexpected<Error> failure(const std::string& path, std::string_view what) {
  return fail("I003", path + ": " + std::string(what));
}

bool may_ask(int socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == 0 || peer.uid == ::geteuid();
}

}  // namespace

Result<void> ControlSocket::open(const std::string& path) {
  const auto address = address_of(path);
  if (!address) return failure(path, "the name is too long for a socket");
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  ::unlink(path.c_str());  // the lock on the home says that no other instance listens there
  base::Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!fd || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
      ::chmod(path.c_str(), 0660) != 0 || ::listen(fd.get(), static_cast<int>(kMostPeers)) != 0) {
    return failure(path, std::strerror(errno));
  }
  listener_ = std::move(fd);
  return {};
}

void ControlSocket::add_descriptors(std::vector<pollfd>& wanted) const {
  if (listener_) wanted.push_back({listener_.get(), POLLIN, 0});
  for (const Peer& p : peers_) {
    wanted.push_back({p.socket.get(), static_cast<short>(p.asked ? (p.out.empty() ? 0 : POLLOUT) : POLLIN), 0});
  }
}

void ControlSocket::admit(collect::Moment now) {
  while (listener_) {
    base::Descriptor fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!fd) return;
    if (peers_.size() >= kMostPeers || !may_ask(fd.get())) continue;
    peers_.emplace_back();
    peers_.back().ticket = next_++;
    peers_.back().socket = std::move(fd);
    peers_.back().begin = now.steady;
  }
}

void ControlSocket::step(collect::Moment now, const Request& request) {
  admit(now);
  for (auto peer = peers_.begin(); peer != peers_.end();) {
    const bool goes_on = now.steady - peer->begin < kPatience && serve(*peer, request);
    peer = goes_on ? std::next(peer) : peers_.erase(peer);
  }
}

bool ControlSocket::serve(Peer& peer, const Request& request) {
  if (!peer.asked) {
    char bytes[kLongestWord];
    const ssize_t n = ::recv(peer.socket.get(), bytes, sizeof bytes, 0);
    if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    if (n == 0) return false;
    peer.in.append(bytes, static_cast<size_t>(n));
    const size_t end = peer.in.find('\n');
    if (end == std::string::npos) return peer.in.size() < kLongestWord;
    peer.asked = true;
    request(peer.ticket, peer.in.substr(0, end));
  }
  while (!peer.out.empty()) {
    const ssize_t n = ::send(peer.socket.get(), peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    peer.out.erase(0, static_cast<size_t>(n));
  }
  return !peer.answered;
}

void ControlSocket::answer(Ticket ticket, std::string_view text) {
  for (Peer& p : peers_) {
    if (p.ticket != ticket) continue;
    p.out.append(text);
    p.answered = true;
  }
}

Result<std::string> ControlSocket::ask(const std::string& path, std::string_view word) {
  const auto address = address_of(path);
  if (!address) return failure(path, "the name is too long for a socket");
  const base::Descriptor fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0) {
    return failure(path, std::strerror(errno));
  }
  const std::string line = std::string(word) + "\n";
  if (::send(fd.get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) {
    return failure(path, std::strerror(errno));
  }
  std::string out;
  char bytes[4096];
  for (;;) {
    const ssize_t n = ::recv(fd.get(), bytes, sizeof bytes, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failure(path, std::strerror(errno));
    if (n == 0) return out;
    out.append(bytes, static_cast<size_t>(n));
  }
}

}  // namespace gander::live
