#include "rootcheck/interface_check.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <vector>

#include "base/descriptor.h"

namespace gander::rootcheck {
namespace {

struct Interface {
  std::string name;
  bool flag = false;   // as the kernel's list has it
  uint32_t asked = 0;  // how many want it
  bool of_bridge = false;
};

void read_link(const nlmsghdr& head, std::string_view bytes, std::vector<Interface>& out) {
  if (head.nlmsg_type != RTM_NEWLINK || bytes.size() < NLMSG_HDRLEN + sizeof(ifinfomsg)) return;
  ifinfomsg info{};
  std::memcpy(&info, bytes.data() + NLMSG_HDRLEN, sizeof info);
  Interface i;
  i.flag = (info.ifi_flags & IFF_PROMISC) != 0;
  bytes.remove_prefix(NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(ifinfomsg)));
  while (bytes.size() >= sizeof(rtattr)) {
    rtattr a{};
    std::memcpy(&a, bytes.data(), sizeof a);
    if (a.rta_len < sizeof a || a.rta_len > bytes.size()) break;
    const std::string_view value = bytes.substr(RTA_LENGTH(0), a.rta_len - RTA_LENGTH(0));
    if (a.rta_type == IFLA_IFNAME) i.name = value.substr(0, value.find('\0'));
    if (a.rta_type == IFLA_PROMISCUITY && value.size() >= sizeof i.asked) {
      std::memcpy(&i.asked, value.data(), sizeof i.asked);
    }
    if (a.rta_type == IFLA_MASTER) i.of_bridge = true;
    bytes.remove_prefix(std::min<size_t>(bytes.size(), RTA_ALIGN(a.rta_len)));
  }
  if (!i.name.empty()) out.push_back(std::move(i));
}

std::vector<Interface> interfaces() {
  std::vector<Interface> out;
  const base::Descriptor fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  struct {
    nlmsghdr head{};
    ifinfomsg info{};
  } question;
  question.head.nlmsg_len = sizeof question;
  question.head.nlmsg_type = RTM_GETLINK;
  question.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  if (!fd || ::send(fd.get(), &question, sizeof question, 0) < 0) return out;
  std::vector<char> buffer(256 * 1024);
  for (;;) {
    const ssize_t got = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
    if (got <= 0) return out;
    for (std::string_view rest(buffer.data(), static_cast<size_t>(got)); rest.size() >= sizeof(nlmsghdr);) {
      nlmsghdr head{};
      std::memcpy(&head, rest.data(), sizeof head);
      if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest.size()) return out;
      if (head.nlmsg_type == NLMSG_DONE || head.nlmsg_type == NLMSG_ERROR) return out;
      read_link(head, rest.substr(0, head.nlmsg_len), out);
      rest.remove_prefix(std::min<size_t>(rest.size(), NLMSG_ALIGN(head.nlmsg_len)));
    }
  }
}

// As ifconfig asks.
bool flag_by_ioctl(const std::string& name) {
  const base::Descriptor fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  return fd && ::ioctl(fd.get(), SIOCGIFFLAGS, &request) == 0 && (request.ifr_flags & IFF_PROMISC) != 0;
}

}  // namespace

void check_interfaces(const Settings& settings, Sink& sink) {
  for (const Interface& i : interfaces()) {
    const bool shown = flag_by_ioctl(i.name);
    const bool sniffs = !settings.exact() && i.asked > 0 && !i.of_bridge;
    if (!shown && !i.flag && !sniffs) continue;
    // The two ways to the same flag differ: one of them lies.
    const bool hidden = shown != i.flag;
    sink.finding("Interface '" + i.name +
                 (hidden ? "' in promiscuous mode, but ifconfig is not showing it(probably trojaned)."
                         : "' in promiscuous mode."));
  }
}

}  // namespace gander::rootcheck
