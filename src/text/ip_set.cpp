#include "text/ip_set.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace gander::text {
namespace {

constexpr size_t kLongestV6 = INET6_ADDRSTRLEN - 1;  // characters, without a zone
constexpr size_t kMostPrefixDigits = 3;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

int digit_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 16;
}

// One part of an IPv4 address, taken from the front: decimal, octal with a leading 0, hexadecimal with 0x.
std::optional<uint64_t> take_part(std::string_view& text) {
  constexpr uint64_t kMost = 0xFFFFFFFF;
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  unsigned base = 10;
  if (text.front() == '0') {
    const bool hex = text.size() > 2 && (text[1] == 'x' || text[1] == 'X') && digit_value(text[2]) < 16;
    base = hex ? 16 : 8;
    if (hex) text.remove_prefix(2);
  }
  uint64_t value = 0;
  while (!text.empty() && digit_value(text.front()) < static_cast<int>(base)) {
    value = value * base + static_cast<uint64_t>(digit_value(text.front()));
    if (value > kMost) return std::nullopt;
    text.remove_prefix(1);
  }
  return value;
}

// One to four parts; the last one fills the bytes that are left.
std::optional<Address> parse_v4(std::string_view text) {
  uint64_t value = 0;
  for (unsigned parts = 0; parts < 4; ++parts) {
    const auto part = take_part(text);
    if (!part) return std::nullopt;
    if (text.empty()) {
      const unsigned bits_left = 32 - 8 * parts;
      if (*part >> bits_left != 0) return std::nullopt;
      value = value << bits_left | *part;
      Address out;
      out.family = Address::Family::V4;
      for (unsigned i = 0; i < 4; ++i) out.bytes[i] = static_cast<uint8_t>(value >> (24 - 8 * i));
      return out;
    }
    if (text.front() != '.' || *part > 0xFF) return std::nullopt;
    value = value << 8 | *part;
    text.remove_prefix(1);
  }
  return std::nullopt;
}

std::optional<Address> parse_v6(std::string_view text) {
  const size_t zone = text.find('%');
  if (zone + 1 == text.size()) return std::nullopt;
  text = text.substr(0, zone);
  if (text.size() > kLongestV6 || text.find('\0') != std::string_view::npos) return std::nullopt;
  char buffer[kLongestV6 + 1] = {};
  std::memcpy(buffer, text.data(), text.size());
  Address out;
  if (inet_pton(AF_INET6, buffer, out.bytes.data()) != 1) return std::nullopt;
  constexpr std::array<uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (!std::equal(kMapped.begin(), kMapped.end(), out.bytes.begin())) return out;
  Address mapped;
  mapped.family = Address::Family::V4;
  std::copy_n(out.bytes.begin() + 12, 4, mapped.bytes.begin());
  return mapped;
}

// The leading number of the text behind a slash: 0 when there is none, negative when it has a minus sign.
int leading_number(std::string_view text) {
  const bool minus = text.starts_with('-');
  if (minus || text.starts_with('+')) text.remove_prefix(1);
  int value = 0;
  for (; !text.empty() && is_digit(text.front()); text.remove_prefix(1)) value = value * 10 + (text.front() - '0');
  return minus ? -value : value;
}

}  // namespace

std::string_view describe(AddressProblem problem) noexcept {
  switch (problem) {
    case AddressProblem::PrefixRange:
      return "has a prefix length that is out of range (0-32 for IPv4, 0-128 for IPv6)";
    case AddressProblem::PrefixForm:
      return "has a prefix length of more than three characters or with blanks";
    default:
      return "is no IPv4 or IPv6 address, no network and not 'any'";
  }
}

tl::expected<AddressEntry, AddressProblem> AddressEntry::parse(std::string_view text) noexcept {
  AddressEntry out;
  if (text.starts_with('!')) {
    out.wanted = Wanted::No;
    text.remove_prefix(1);
  }
  if (text == "any") {
    out.any = true;
    return out;
  }
  const size_t slash = text.find('/');
  const std::string_view host = text.substr(0, slash);
  const bool colon = host.find(':') != std::string_view::npos;
  const auto address = colon ? parse_v6(host) : parse_v4(host);
  if (!address) return tl::unexpected(AddressProblem::NoAddress);
  out.address = *address;
  const int most = address->family == Address::Family::V4 ? 32 : 128;
  out.bits = static_cast<uint8_t>(most);
  if (slash == std::string_view::npos) return out;
  const std::string_view prefix = text.substr(slash + 1);
  if (prefix.size() > kMostPrefixDigits || prefix.find_first_of(" \t\n\v\f\r") != std::string_view::npos)
    return tl::unexpected(AddressProblem::PrefixForm);
  const int bits = leading_number(prefix);
  if (bits > (colon ? 128 : 32)) return tl::unexpected(AddressProblem::PrefixRange);
  // A mapped address may name up to 128 bits; those above 32 ask for all of the IPv4 part.
  if (bits >= 0) out.bits = static_cast<uint8_t>(std::min(bits, most));
  out.any = bits == 0;
  return out;
}

bool AddressEntry::contains(const Address& other) const noexcept {
  if (any) return true;
  if (other.family != address.family) return false;
  const size_t whole = bits / 8;
  if (!std::equal(other.bytes.begin(), other.bytes.begin() + whole, address.bytes.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (other.bytes[whole] ^ address.bytes[whole]) >> (8 - rest) == 0;
}

tl::expected<void, AddressProblem> AddressList::add(std::string_view entry) {
  const auto parsed = AddressEntry::parse(entry);
  if (!parsed) return tl::unexpected(parsed.error());
  entries_.push_back(*parsed);
  return {};
}

bool AddressList::matches(std::string_view address) const noexcept {
  if (entries_.empty()) return false;
  const auto asked = AddressEntry::parse(address);
  if (!asked) return false;
  for (const AddressEntry& entry : entries_) {
    if (entry.contains(asked->address)) return entry.wanted == AddressEntry::Wanted::Yes;
  }
  return entries_.back().wanted == AddressEntry::Wanted::No;
}

}  // namespace gander::text
