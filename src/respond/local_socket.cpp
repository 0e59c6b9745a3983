#include "respond/local_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace gander::respond {
namespace {

// A path that fits: by way of its folder's descriptor, which must stay open as long as the address is used.
struct SocketAddress {
  LocalSocket folder;
  sockaddr_un address{};
};

Result<SocketAddress> address_for(const std::string& path) {
  SocketAddress out;
  out.address.sun_family = AF_UNIX;
  const std::filesystem::path whole(path);
  const std::string parent = whole.has_parent_path() ? whole.parent_path().string() : ".";
  out.folder = LocalSocket(::open(parent.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (out.folder.get() < 0) return fail("V004", "cannot open '" + parent + "': " + std::strerror(errno), {path});
  const std::string fits = "/proc/self/fd/" + std::to_string(out.folder.get()) + "/" + whole.filename().string();
  const std::string& chosen = path.size() < sizeof out.address.sun_path ? path : fits;
  if (chosen.size() >= sizeof out.address.sun_path) return fail("V004", "'" + path + "' is too long a name", {path});
  std::memcpy(out.address.sun_path, chosen.c_str(), chosen.size() + 1);
  return out;
}

const sockaddr* generic(const SocketAddress& a) {
  return static_cast<const sockaddr*>(static_cast<const void*>(&a.address));
}

tl::unexpected<Error> trouble(const std::string& path, const char* what) {
  return fail("V004", std::string("cannot ") + what + " '" + path + "': " + std::strerror(errno), {path});
}

}  // namespace

LocalSocket::LocalSocket(LocalSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

LocalSocket& LocalSocket::operator=(LocalSocket&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

LocalSocket::~LocalSocket() {
  if (fd_ >= 0) ::close(fd_);
}

Result<LocalSocket> listen_at(const std::string& path) {
  constexpr int kQueue = 16;
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  Result<SocketAddress> address = address_for(path);
  if (!address) return tl::unexpected(address.error());
  if (connect_to(path, std::chrono::seconds(1)))
    return fail("V004", "another responder listens at '" + path + "'", {path});
  struct stat there {};
  if (::lstat(path.c_str(), &there) == 0) {
    if (!S_ISSOCK(there.st_mode)) return fail("V004", "'" + path + "' is no socket", {path});
    ::unlink(path.c_str());
  }
  LocalSocket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const mode_t before = ::umask(0177);
  const int bound = socket.get() < 0 ? -1 : ::bind(socket.get(), generic(*address), sizeof address->address);
  ::umask(before);
  if (bound != 0) return trouble(path, "make the socket");
  if (::listen(socket.get(), kQueue) != 0) return trouble(path, "listen at");
  return socket;
}

Result<LocalSocket> connect_to(const std::string& path, std::chrono::seconds patience) {
  Result<SocketAddress> address = address_for(path);
  if (!address) return tl::unexpected(address.error());
  LocalSocket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval limit{static_cast<time_t>(patience.count()), 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (::connect(socket.get(), generic(*address), sizeof address->address) != 0) return trouble(path, "connect to");
  return socket;
}

std::optional<uid_t> peer_user(int fd) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

}  // namespace gander::respond
