// The server's side of run/responder.sock.

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "respond/control.h"
#include "respond/control_message.h"
#include "respond/local_socket.h"

namespace gander::respond {

struct ControlServer::Impl {
  struct Peer {
    LocalSocket socket;
    std::string in;
    std::string out;
    std::chrono::microseconds limit{};
    bool answered = false;
  };

  Impl(Executor& e, std::string p) : executor(e), path(std::move(p)) {}

  void accept_all(Moment now);
  bool read(Peer& peer, Moment now);
  static bool write(Peer& peer);

  Executor& executor;
  std::string path;
  LocalSocket listener;
  LocalSocket epoll;
  std::map<int, Peer> peers;
};

ControlServer::ControlServer(Executor& executor, std::string path)
    : impl_(std::make_unique<Impl>(executor, std::move(path))) {}

ControlServer::~ControlServer() {
  if (impl_->listener.get() >= 0) ::unlink(impl_->path.c_str());
}

Result<void> ControlServer::open() {
  Result<LocalSocket> listener = listen_at(impl_->path);
  if (!listener) return tl::unexpected(listener.error());
  impl_->listener = std::move(*listener);
  impl_->epoll = LocalSocket(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = impl_->listener.get();
  if (impl_->epoll.get() < 0 || ::epoll_ctl(impl_->epoll.get(), EPOLL_CTL_ADD, impl_->listener.get(), &event) != 0)
    return fail("V004", std::string("cannot watch the control socket: ") + std::strerror(errno));
  return {};
}

int ControlServer::descriptor() const {
  return impl_->epoll.get();
}

void ControlServer::Impl::accept_all(Moment now) {
  for (;;) {
    LocalSocket socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket.get() < 0) return;
    // Only root, and whoever runs the responder.
    const std::optional<uid_t> user = peer_user(socket.get());
    if (!user || (*user != 0 && *user != ::geteuid()) || peers.size() >= kMostPeers) continue;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket.get();
    const int fd = socket.get();
    if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd, &event) != 0) continue;
    peers[fd] = Peer{std::move(socket), {}, {}, now.up + kPatience, false};
  }
}

// False: the connection is over.
bool ControlServer::Impl::read(Peer& peer, Moment now) {
  char block[4096];
  const ssize_t n = ::recv(peer.socket.get(), block, sizeof block, 0);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (n == 0 || peer.answered) return false;
  peer.in.append(block, static_cast<size_t>(n));
  if (peer.in.find('\n') == std::string::npos) return peer.in.size() < kMostControlBytes;
  const Result<ControlRequest> request = parse_control(std::string_view(peer.in).substr(0, peer.in.find('\n')));
  const Result<ControlReply> reply =
      request ? carry_out(*request, executor, now) : Result<ControlReply>(tl::unexpected(request.error()));
  peer.out = reply_lines(reply);
  peer.answered = true;
  epoll_event event{};
  event.events = EPOLLOUT;
  event.data.fd = peer.socket.get();
  ::epoll_ctl(epoll.get(), EPOLL_CTL_MOD, peer.socket.get(), &event);
  return write(peer);
}

bool ControlServer::Impl::write(Peer& peer) {
  while (!peer.out.empty()) {
    const ssize_t n = ::send(peer.socket.get(), peer.out.data(), peer.out.size(), MSG_NOSIGNAL);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    peer.out.erase(0, static_cast<size_t>(n));
  }
  return false;
}

void ControlServer::poll(Moment now) {
  Impl& i = *impl_;
  if (i.epoll.get() < 0) return;
  epoll_event events[kMostPeers + 1];
  const int count = ::epoll_wait(i.epoll.get(), events, kMostPeers + 1, 0);
  for (int e = 0; e < count; ++e) {
    if (events[e].data.fd == i.listener.get()) {
      i.accept_all(now);
      continue;
    }
    const auto peer = i.peers.find(events[e].data.fd);
    if (peer == i.peers.end()) continue;
    const bool goes_on = peer->second.answered ? Impl::write(peer->second) : i.read(peer->second, now);
    if (!goes_on) i.peers.erase(peer);
  }
  std::erase_if(i.peers, [&](const auto& p) { return p.second.limit <= now.up; });
}

}  // namespace gander::respond
