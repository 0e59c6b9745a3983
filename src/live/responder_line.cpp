#include "live/responder_line.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "live/link.h"
#include "respond/local_socket.h"

namespace gander::live {
namespace {

class UnitLine final : public ResponderLine {
 public:
  explicit UnitLine(std::string path) : path_(std::move(path)) {}

  Result<ConnectedResponder> connect() override {
    const auto found = respond::connect_to(path_, std::chrono::seconds(1));
    if (!found) return fail("I003", found.error().message);
    ucred peer{};
    socklen_t size = sizeof peer;
    const bool known = ::getsockopt(found->get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    if (!known || (peer.uid != 0 && peer.uid != ::geteuid())) {
      return fail("I003", path_ + ": who listens there is neither root nor this user");
    }
    return ConnectedResponder{base::Descriptor(::fcntl(found->get(), F_DUPFD_CLOEXEC, 0)), peer.pid};
  }

  std::string place() const override { return path_; }

 private:
  std::string path_;
};

// A message of one byte with room for one descriptor.
struct DescriptorMessage {
  DescriptorMessage() {
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = control;
    message.msg_controllen = sizeof control;
  }
  DescriptorMessage(const DescriptorMessage&) = delete;
  DescriptorMessage& operator=(const DescriptorMessage&) = delete;

  char byte = 0;
  iovec piece{&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
};

bool send_descriptor(int channel, int fd) {
  DescriptorMessage m;
  cmsghdr* const c = CMSG_FIRSTHDR(&m.message);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(c), &fd, sizeof fd);
  return ::sendmsg(channel, &m.message, MSG_NOSIGNAL) == 1;
}

// Nothing: the other end has gone.
std::optional<base::Descriptor> receive_descriptor(int channel) {
  DescriptorMessage m;
  ssize_t n = 0;
  do {
    n = ::recvmsg(channel, &m.message, MSG_CMSG_CLOEXEC);
  } while (n < 0 && errno == EINTR);
  if (n <= 0) return std::nullopt;
  const cmsghdr* const c = CMSG_FIRSTHDR(&m.message);
  if (c == nullptr || c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) return base::Descriptor();
  int fd = -1;
  std::memcpy(&fd, CMSG_DATA(c), sizeof fd);
  return base::Descriptor(fd);
}

// The life of the process that stays root: a descriptor comes, a responder is made for it, its number goes back. It
// touches no byte but these.
[[noreturn]] void make_responders(int channel, const BeResponder& be) {
  ::prctl(PR_SET_NAME, "gander-root");
  // The supervisor stops all in their order; ended responders leave nothing behind.
  for (const int s : {SIGINT, SIGHUP, SIGTERM, SIGCHLD}) ::signal(s, SIG_IGN);
  while (auto end = receive_descriptor(channel)) {
    const pid_t pid = *end ? ::fork() : -1;
    if (pid == 0) {
      ::signal(SIGTERM, SIG_DFL);
      ::signal(SIGCHLD, SIG_DFL);
      be(std::move(*end));
      ::_exit(2);
    }
    if (::send(channel, &pid, sizeof pid, MSG_NOSIGNAL) != sizeof pid) break;
  }
  ::_exit(0);
}

class RootLine final : public ResponderLine {
 public:
  RootLine(base::Descriptor channel, pid_t pid) : channel_(std::move(channel)), pid_(pid) {}
  ~RootLine() override {
    channel_.reset();
    ::waitpid(pid_, nullptr, 0);
  }

  Result<ConnectedResponder> connect() override {
    auto [ours, theirs] = Link::pair();
    pid_t pid = -1;
    if (!send_descriptor(channel_.get(), theirs.get()) || ::recv(channel_.get(), &pid, sizeof pid, 0) != sizeof pid) {
      return fail("I003", "the process that stayed root for the responder has gone; start gander again");
    }
    if (pid < 0) return fail("I003", "the responder cannot be started");
    return ConnectedResponder{std::move(ours), pid};
  }

  std::string place() const override { return "the process that stayed root"; }

 private:
  base::Descriptor channel_;
  pid_t pid_;
};

}  // namespace

std::unique_ptr<ResponderLine> responder_unit(std::string path) {
  return std::make_unique<UnitLine>(std::move(path));
}

std::unique_ptr<ResponderLine> responder_that_stays_root(const BeResponder& be) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return nullptr;
  base::Descriptor ours(ends[0]);
  base::Descriptor theirs(ends[1]);
  const pid_t pid = ::fork();
  if (pid == 0) {
    ours.reset();
    make_responders(theirs.get(), be);
  }
  if (pid < 0) return nullptr;
  return std::make_unique<RootLine>(std::move(ours), pid);
}

}  // namespace gander::live
