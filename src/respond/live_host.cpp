// Addresses, routes and name servers of this host, as the kernel and the resolver's files have them now.

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/descriptor.h"
#include "base/file.h"
#include "respond/guard.h"
#include "respond/words.h"

namespace gander::respond {
namespace {

using text::Address;

Protected single(const Address& address, std::string what) {
  Protected p;
  p.network.address = address;
  p.network.bits = address.family == Address::Family::V4 ? 32 : 128;
  p.what = std::move(what);
  return p;
}

std::optional<Address> address_from(int family, const void* bytes) {
  char shown[INET6_ADDRSTRLEN] = {};
  if (!inet_ntop(family, bytes, shown, sizeof shown)) return std::nullopt;
  const auto found = source_address(shown);
  return found ? std::optional(found->address) : std::nullopt;
}

std::optional<Address> address_of(const sockaddr* given) {
  if (!given) return std::nullopt;
  if (given->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, given, sizeof v4);
    return address_from(AF_INET, &v4.sin_addr);
  }
  if (given->sa_family != AF_INET6) return std::nullopt;
  sockaddr_in6 v6{};
  std::memcpy(&v6, given, sizeof v6);
  return address_from(AF_INET6, &v6.sin6_addr);
}

Error trouble(const char* what) {
  return {"V006", std::string("cannot read ") + what + ": " + std::strerror(errno), {}};
}

Result<void> add_interfaces(std::vector<Protected>& out) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return tl::unexpected(trouble("the addresses of this host"));
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(list, ::freeifaddrs);
  for (const ifaddrs* i = list; i; i = i->ifa_next) {
    const std::string name = i->ifa_name;
    if (const auto own = address_of(i->ifa_addr)) out.push_back(single(*own, "this host's own address on " + name));
    if ((i->ifa_flags & IFF_BROADCAST) == 0) continue;
    if (const auto all = address_of(i->ifa_broadaddr)) out.push_back(single(*all, "the broadcast address of " + name));
  }
  return {};
}

// ---- routes

std::string interface_name(int index) {
  char name[IF_NAMESIZE] = {};
  return if_indextoname(static_cast<unsigned>(index), name) ? name : "an interface";
}

// One attribute of a netlink message, copied out of it.
std::optional<Address> gateway_in(const rtattr* attribute, int family) {
  const auto* data = static_cast<const unsigned char*>(RTA_DATA(attribute));
  size_t size = RTA_PAYLOAD(attribute);
  if (attribute->rta_type == RTA_VIA) {  // a family in front: IPv4 by way of an IPv6 gateway
    if (size < sizeof(uint16_t)) return std::nullopt;
    uint16_t via = 0;
    std::memcpy(&via, data, sizeof via);
    family = via;
    data += sizeof via;
    size -= sizeof via;
  }
  if (size < (family == AF_INET ? 4U : 16U)) return std::nullopt;
  return address_from(family, data);
}

void add_hops(const rtattr* attribute, int family, std::vector<Protected>& out) {
  auto left = static_cast<int>(RTA_PAYLOAD(attribute));
  const auto* hop = static_cast<const rtnexthop*>(RTA_DATA(attribute));
  for (; RTNH_OK(hop, left); left -= static_cast<int>(RTNH_ALIGN(hop->rtnh_len)), hop = RTNH_NEXT(hop)) {
    auto size = static_cast<int>(hop->rtnh_len - sizeof *hop);
    for (const rtattr* a = RTNH_DATA(hop); RTA_OK(a, size); a = RTA_NEXT(a, size)) {
      if (a->rta_type != RTA_GATEWAY && a->rta_type != RTA_VIA) continue;
      if (const auto g = gateway_in(a, family))
        out.push_back(single(*g, "the gateway of " + interface_name(hop->rtnh_ifindex)));
    }
  }
}

// Unicast routes give gateways; the table of local routes gives every address this host answers to.
void add_route(const nlmsghdr* message, std::vector<Protected>& out) {
  const auto* route = static_cast<const rtmsg*>(NLMSG_DATA(message));
  if (route->rtm_family != AF_INET && route->rtm_family != AF_INET6) return;
  if (message->nlmsg_len < NLMSG_LENGTH(sizeof *route)) return;
  std::optional<Address> target;
  std::optional<Address> gateway;
  int interface = 0;
  auto size = static_cast<int>(RTM_PAYLOAD(message));
  for (const rtattr* a = RTM_RTA(route); RTA_OK(a, size); a = RTA_NEXT(a, size)) {
    if (a->rta_type == RTA_DST) target = gateway_in(a, route->rtm_family);
    if (a->rta_type == RTA_GATEWAY || a->rta_type == RTA_VIA) gateway = gateway_in(a, route->rtm_family);
    if (a->rta_type == RTA_MULTIPATH) add_hops(a, route->rtm_family, out);
    if (a->rta_type == RTA_OIF && RTA_PAYLOAD(a) >= sizeof interface)
      std::memcpy(&interface, RTA_DATA(a), sizeof interface);
  }
  if (gateway) out.push_back(single(*gateway, "the gateway of " + interface_name(interface)));
  const bool own = route->rtm_type == RTN_LOCAL || route->rtm_type == RTN_ANYCAST;
  if (!target || (!own && route->rtm_type != RTN_BROADCAST)) return;
  Protected p =
      single(*target, own ? "this host's own address" : "the broadcast address of " + interface_name(interface));
  p.network.bits = route->rtm_dst_len;
  out.push_back(std::move(p));
}

// All messages of one answer. True: the last one has come.
Result<bool> take_routes(const std::vector<char>& buffer, size_t bytes, std::vector<Protected>& out) {
  auto left = static_cast<unsigned>(bytes);
  const auto* message = static_cast<const nlmsghdr*>(static_cast<const void*>(buffer.data()));
  for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
    if (message->nlmsg_type == NLMSG_DONE) return true;
    if (message->nlmsg_type == NLMSG_ERROR) return tl::unexpected(trouble("the routes of this host"));
    if (message->nlmsg_type == RTM_NEWROUTE) add_route(message, out);
  }
  return false;
}

Result<void> add_routes(std::vector<Protected>& out) {
  constexpr size_t kBuffer = size_t{64} * 1024;
  constexpr int kMostAnswers = 100'000;
  const base::Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  struct {
    nlmsghdr head;
    rtmsg route;
  } ask{};
  ask.head.nlmsg_len = NLMSG_LENGTH(sizeof ask.route);
  ask.head.nlmsg_type = RTM_GETROUTE;
  ask.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  ask.route.rtm_family = AF_UNSPEC;
  const timeval patience{1, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (socket.get() < 0 || ::send(socket.get(), &ask, ask.head.nlmsg_len, 0) < 0)
    return tl::unexpected(trouble("the routes of this host"));
  std::vector<char> buffer(kBuffer);
  for (int i = 0; i < kMostAnswers; ++i) {
    const ssize_t n = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    const Result<bool> done = take_routes(buffer, static_cast<size_t>(n), out);
    if (!done) return tl::unexpected(done.error());
    if (*done) return {};
  }
  return tl::unexpected(trouble("the routes of this host"));
}

// ---- name servers

void add_name_servers(const std::string& path, std::vector<Protected>& out) {
  constexpr std::string_view kWord = "nameserver";
  const std::string text = base::read_file(path).value_or("");
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(kWord)) continue;
    line.remove_prefix(kWord.size());
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    line = line.substr(0, line.find_first_of(" \t#;%"));
    if (const auto server = source_address(line)) out.push_back(single(server->address, "a name server of this host"));
  }
}

}  // namespace

Result<std::vector<Protected>> LiveHost::addresses() {
  std::vector<Protected> out;
  if (const Result<void> added = add_interfaces(out); !added) return tl::unexpected(added.error());
  if (const Result<void> added = add_routes(out); !added) return tl::unexpected(added.error());
  add_name_servers("/etc/resolv.conf", out);
  // What stands behind the local stub of systemd-resolved.
  add_name_servers("/run/systemd/resolve/resolv.conf", out);
  return out;
}

std::vector<std::string> LiveHost::names() {
  char name[256] = {};
  if (::gethostname(name, sizeof name - 1) != 0) return {};
  const std::string whole = name;
  return {whole, whole.substr(0, whole.find('.'))};
}

}  // namespace gander::respond
