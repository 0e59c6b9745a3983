#include "rootcheck/port_check.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <set>

#include "base/descriptor.h"
#include "base/file.h"

namespace gander::rootcheck {
namespace {

constexpr int kMostHidden = 20;
constexpr int kBetweenPauses = 64;

enum class Protocol { Tcp, Udp };
enum class Bound { Free, Taken, Unknown };

Bound outcome(int result) {
  if (result == 0) return Bound::Free;
  return errno == EADDRINUSE ? Bound::Taken : Bound::Unknown;
}

// Both families by one socket, where there are two.
Bound bind_both(Protocol protocol, int port) {
  const int type = (protocol == Protocol::Tcp ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC;
  const base::Descriptor six(::socket(AF_INET6, type, 0));
  const int no = 0;
  if (six && ::setsockopt(six.get(), IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no) == 0) {
    sockaddr_in6 a{};
    a.sin6_family = AF_INET6;
    a.sin6_port = htons(static_cast<uint16_t>(port));
    const Bound bound = outcome(::bind(six.get(), reinterpret_cast<const sockaddr*>(&a), sizeof a));
    if (bound != Bound::Unknown || errno == EACCES) return bound;
  }
  const base::Descriptor four(::socket(AF_INET, type, 0));
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(static_cast<uint16_t>(port));
  return four ? outcome(::bind(four.get(), reinterpret_cast<const sockaddr*>(&a), sizeof a)) : Bound::Unknown;
}

// Local ports of one list: "  0: 0100007F:0277 00000000:0000 0A …"
void add_shown(const std::string& file, std::set<int>& out) {
  const Result<std::string> content = base::read_file(file);
  if (!content) return;
  for (std::string_view rest = *content; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    const size_t number = line.find(": ");
    if (number == std::string_view::npos) continue;
    line.remove_prefix(number + 2);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    int port = 0;
    const char* const begin = line.data() + colon + 1;
    std::from_chars(begin, line.data() + line.size(), port, 16);
    out.insert(port);
  }
}

std::set<int> shown(const Settings& settings, Protocol protocol) {
  const std::string name = settings.proc + (protocol == Protocol::Tcp ? "/net/tcp" : "/net/udp");
  std::set<int> out;
  add_shown(name, out);
  add_shown(name + "6", out);
  return out;
}

// False: the run ends.
bool check(Protocol protocol, const Settings& settings, Sink& sink, PortRange range, int& hidden) {
  const std::string word = protocol == Protocol::Tcp ? "tcp" : "udp";
  std::set<int> listed = shown(settings, protocol);
  const auto is_hidden = [&](int port) {
    if (listed.contains(port)) return false;
    listed = shown(settings, protocol);
    return !listed.contains(port) && bind_both(protocol, port) == Bound::Taken;
  };
  for (int port = range.first; port <= range.last; ++port) {
    if (port % kBetweenPauses == 0 && !sink.go_on()) return false;
    if (bind_both(protocol, port) != Bound::Taken || !is_hidden(port)) continue;
    // A program between bind and listen looks so for a moment.
    if (!sink.pause()) return false;
    if (bind_both(protocol, port) != Bound::Taken || !is_hidden(port)) continue;
    if (++hidden > kMostHidden) {
      sink.finding("Excessive number of '" + word +
                   "' ports hidden. It maybe a false-positive or something really bad is going on.");
      return true;
    }
    sink.finding("Port '" + std::to_string(port) + "'(" + word +
                 ") hidden. Kernel-level rootkit or trojaned version of netstat.");
  }
  return true;
}

}  // namespace

void check_ports(const Settings& settings, Sink& sink, PortRange range) {
  constexpr int kLow = 1;
  if (range.first == kLow && bind_both(Protocol::Tcp, kLow) == Bound::Unknown) {
    sink.log(Severity::Note, "hidden ports below 1024 are not looked for: CAP_NET_BIND_SERVICE is missing");
  }
  int hidden = 0;
  if (check(Protocol::Tcp, settings, sink, range, hidden)) check(Protocol::Udp, settings, sink, range, hidden);
}

}  // namespace gander::rootcheck
