#include "respond/guard.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "respond/words.h"

namespace gander::respond {
namespace {

struct Always {
  std::string_view network;
  std::string_view what;
};

// True on every host.
constexpr Always kAlways[] = {
    {"127.0.0.0/8", "a loopback address"},        {"::1", "a loopback address"},
    {"224.0.0.0/4", "a multicast address"},       {"ff00::/8", "a multicast address"},
    {"255.255.255.255", "the broadcast address"}, {"::", "the unspecified address"},
};

std::optional<std::string> always(const text::Address& address) {
  // 0.0.0.0/8 by hand: AddressEntry takes a network whose text begins with 0/… as what it says, but 0.0.0.0/0 as any.
  if (address.family == text::Address::Family::V4 && address.bytes[0] == 0) return "an unspecified address";
  for (const Always& a : kAlways) {
    const auto entry = text::AddressEntry::parse(a.network);
    if (entry && entry->contains(address)) return std::string(a.what);
  }
  return std::nullopt;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

std::optional<Refusal> host(std::string what) {
  return Refusal{Refusal::Why::Host, std::move(what)};
}

}  // namespace

std::optional<Refusal> Guard::refusal(std::string_view source) {
  if (allow_list_.contains(source)) return Refusal{Refusal::Why::Allowed, "on the allow list"};
  const auto address = source_address(source);
  if (!address) {
    // Forms that only some programs read as an address ("127.1") are no names either.
    if (text::AddressEntry::parse(source)) return host("an address in an unusual form");
    const std::vector<std::string> names = host_.names();
    const bool mine = same_name(source, "localhost") || std::any_of(names.begin(), names.end(), [&](const auto& name) {
                        return same_name(name, source);
                      });
    return mine ? host("a name of this host") : std::nullopt;
  }
  if (auto what = always(address->address)) return host(std::move(*what));
  const Result<std::vector<Protected>> entries = host_.addresses();
  if (!entries) return host("perhaps needed by this host (" + entries.error().message + ")");
  for (const Protected& p : *entries) {
    if (p.network.contains(address->address)) return host(p.what);
  }
  return std::nullopt;
}

}  // namespace gander::respond
