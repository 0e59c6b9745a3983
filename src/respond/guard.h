// Guard: what must never be blocked, because blocking it would cut off this host: its own addresses, its gateways and
// name servers, broadcast, multicast, loopback and unspecified addresses, and the allow list. IPv4, IPv6 and
// IPv4-mapped.
//
// Not guarded: the far end of a log-in session. A thief of a password has one, too; white_list says whom to trust.
//
// Owns:    the allow list. Borrows the HostView.
// Threads: one thread.
// Cost:    refusal() reads addresses and routes of the kernel afresh (about a tenth of a millisecond), so that an
// address
//          that changed a second ago is known.
// Fails:   when the host cannot be read every address is refused: a block that is missing is the smaller harm, and an
//          attacker cannot bring it about.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "respond/allow_list.h"
#include "text/ip_set.h"

namespace gander::respond {

struct Protected {
  text::AddressEntry network;
  std::string what;  // "the gateway of eth0"
};

// What of the host decides; a seam for tests.
class HostView {
 public:
  virtual ~HostView() = default;
  virtual Result<std::vector<Protected>> addresses() = 0;
  virtual std::vector<std::string> names() = 0;  // of this host
};

// getifaddrs, the kernel's routes (all tables, rtnetlink), /etc/resolv.conf and systemd-resolved's upstream servers.
class LiveHost final : public HostView {
 public:
  Result<std::vector<Protected>> addresses() override;
  std::vector<std::string> names() override;
};

struct Refusal {
  enum class Why { Host, Allowed } why = Why::Host;
  std::string what;  // "the gateway of eth0"
};

class Guard {
 public:
  Guard(HostView& host, AllowList allow_list) : host_(host), allow_list_(std::move(allow_list)) {}

  // Why `source` must not be blocked; nullopt: it may be. Texts that are no address are compared with names.
  std::optional<Refusal> refusal(std::string_view source);
  AllowList& allow_list() { return allow_list_; }

 private:
  HostView& host_;
  AllowList allow_list_;
};

}  // namespace gander::respond
