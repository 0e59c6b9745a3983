// AddressList: addresses and networks in the order of the rule file, each of them wanted or, with `!`, not wanted.
//
// Owns:    its entries.
// Threads: immutable once filled; matches() from any thread.
// Cost:    one address read, one comparison an entry; no allocation, no look-up of names.
// Fails:   add() says what is wrong with an entry; a text that is no address matches nothing.
// Source:  srcip and dstip of OSSEC 4.3; forms of addresses as of inet_aton and inet_pton.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace gander::text {

// An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses are IPv4. The zone of an IPv6 address is read and forgotten.
struct Address {
  enum class Family : uint8_t { V4, V6 };

  Family family = Family::V6;
  std::array<uint8_t, 16> bytes{};  // of an IPv4 address the first four

  bool operator==(const Address&) const = default;
};

enum class AddressProblem {
  NoAddress,    // neither IPv4 nor IPv6
  PrefixRange,  // more bits than the address has
  PrefixForm,   // more than three characters behind the slash
};
// In words, to stand behind the entry in a message.
std::string_view describe(AddressProblem problem) noexcept;

// `!`? (address (`/` bits)? | `any`). IPv4 in all classic forms: fewer parts, octal, hexadecimal.
struct AddressEntry {
  enum class Wanted : uint8_t { Yes, No };

  Wanted wanted = Wanted::Yes;
  bool any = false;  // every address of either family
  Address address;
  uint8_t bits = 0;  // of the address that have to agree

  static tl::expected<AddressEntry, AddressProblem> parse(std::string_view text) noexcept;
  bool contains(const Address& other) const noexcept;
};

class AddressList {
 public:
  tl::expected<void, AddressProblem> add(std::string_view entry);

  // The first entry that contains the address decides; if there is none, it matches when the last entry has a `!`.
  bool matches(std::string_view address) const noexcept;

 private:
  std::vector<AddressEntry> entries_;
};

}  // namespace gander::text
