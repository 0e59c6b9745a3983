// The asking side of run/responder.sock.

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "respond/control.h"
#include "respond/control_message.h"
#include "respond/local_socket.h"

namespace gander::respond {

Result<ControlReply> ask_responder(const std::string& path, const ControlRequest& request) {
  // Every block of the largest table, with room to spare.
  constexpr size_t kMostReply = size_t{256} * 1024 * 1024;
  const Result<LocalSocket> socket = connect_to(path, ControlServer::kPatience);
  if (!socket) return tl::unexpected(socket.error());
  const std::string line = control_line(request);
  if (::send(socket->get(), line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
    return fail("V004", std::string("cannot ask the responder: ") + std::strerror(errno), {path});
  std::string reply;
  char block[65536];
  while (reply.size() < kMostReply) {
    const ssize_t n = ::recv(socket->get(), block, sizeof block, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail("V004", std::string("the responder does not answer: ") + std::strerror(errno), {path});
    if (n == 0) break;
    reply.append(block, static_cast<size_t>(n));
  }
  return parse_reply(reply);
}

}  // namespace gander::respond
