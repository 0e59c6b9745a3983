#include "config/values.h"

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <climits>
#include <memory>

#include "config/option.h"
#include "config/xml.h"

namespace gander::config {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_separator(char c) {
  return c == ',' || c == ' ';
}

int host_family(std::string_view host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (host.empty() || ::getaddrinfo(std::string(host).c_str(), nullptr, &hints, &found) != 0) return AF_UNSPEC;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  return found->ai_family;
}

// "/bits" as a leading integer of at most three characters: "8x" is 8, "" is 0, a negative one counts as absent.
bool bits_fit(std::string_view bits, int family) {
  if (bits.size() > 3) return false;
  size_t at = !bits.empty() && (bits[0] == '+' || bits[0] == '-') ? 1 : 0;
  if (at == 1 && bits[0] == '-') return true;
  int value = 0;
  while (at < bits.size() && is_digit(bits[at])) value = value * 10 + (bits[at++] - '0');
  return value <= (family == AF_INET ? 32 : 128);
}

bool is_mail_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '.' || c == '_' || c == '-';
}

void skip_blanks(std::string_view& text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
}

// One or two digits; nothing when the text begins with something else.
std::optional<int> take_two_digits(std::string_view& text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  int value = 0;
  for (int n = 0; n < 2 && !text.empty() && is_digit(text.front()); ++n) {
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
  }
  return value;
}

constexpr std::array<std::string_view, 7> kDays = {"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};

uint8_t day_bits(std::string_view word) {
  if (same_name(word, "weekdays")) return 0x3e;
  if (same_name(word, "weekends")) return 0x41;
  for (size_t i = 0; i < kDays.size(); ++i) {
    if (same_name(word, kDays[i]) || same_name(word, kDays[i].substr(0, 3))) return static_cast<uint8_t>(1u << i);
  }
  return 0;
}

}  // namespace

bool parse_range(std::string_view allowed, long& least, long& most) {
  const size_t dots = allowed.find("..");
  if (dots == std::string_view::npos) return false;
  const auto low = parse_number(allowed.substr(0, dots));
  const auto high = parse_number(allowed.substr(dots + 2));
  if (!low || !high) return false;
  least = *low;
  most = *high;
  return true;
}

std::optional<int> parse_number(std::string_view text) {
  long value = 0;
  for (const char c : text) {
    if (!is_digit(c)) return std::nullopt;
    value = std::min<long>(value * 10 + (c - '0'), INT_MAX);
  }
  return static_cast<int>(value);
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> out;
  for (size_t at = 0; at < text.size();) {
    if (is_separator(text[at])) {
      ++at;
      continue;
    }
    size_t end = at;
    while (end < text.size() && !is_separator(text[end])) ++end;
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

std::vector<int> parse_numbers(std::string_view text, std::string& bad) {
  std::vector<int> out;
  for (const std::string_view word : split_words(text)) {
    if (const auto number = parse_number(word)) {
      out.push_back(*number);
    } else if (bad.empty()) {
      bad = word;
    }
  }
  return out;
}

bool is_address(std::string_view text, AddressForm form) {
  if (form == AddressForm::One) return host_family(text) != AF_UNSPEC;
  if (!text.empty() && text.front() == '!') text.remove_prefix(1);
  if (text == "any") return true;
  const size_t slash = text.find('/');
  const int family = host_family(text.substr(0, slash));
  return family != AF_UNSPEC && (slash == std::string_view::npos || bits_fit(text.substr(slash + 1), family));
}

bool holds_mail_address(std::string_view text) {
  for (size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at > 0 && at + 1 < text.size() && is_mail_byte(text[at - 1]) && is_mail_byte(text[at + 1])) return true;
  }
  return false;
}

std::optional<int> parse_time_of_day(std::string_view text, std::string& rest) {
  skip_blanks(text);
  rest = text;
  const auto hour = take_two_digits(text);
  if (!hour || *hour > 23) return std::nullopt;
  int minutes = 0;
  if (!text.empty() && text.front() == ':') {
    rest = text;
    text.remove_prefix(1);
    const auto taken = take_two_digits(text);
    if (!taken || *taken > 59) return std::nullopt;
    minutes = *taken;
  }
  skip_blanks(text);
  rest = text;
  int hours = *hour;
  const bool pm = same_name(text.substr(0, 2), "pm");
  if (pm || same_name(text.substr(0, 2), "am")) {
    if (hours > 12) return std::nullopt;
    hours = hours % 12 + (pm ? 12 : 0);
    text.remove_prefix(2);
    skip_blanks(text);
    rest = text;
  }
  if (!text.empty()) return std::nullopt;
  return hours * 60 + minutes;
}

std::optional<uint8_t> parse_days(std::string_view text, std::string& rest) {
  skip_blanks(text);
  const bool negated = !text.empty() && text.front() == '!';
  if (negated) text.remove_prefix(1);
  uint8_t bits = 0;
  for (const std::string_view word : split_words(text)) {
    const uint8_t day = day_bits(word);
    if (day == 0) {
      rest = word;
      return std::nullopt;
    }
    bits = static_cast<uint8_t>(bits | day);
  }
  rest = text;
  if (negated) bits = static_cast<uint8_t>(~bits & 0x7f);
  return bits == 0 ? std::nullopt : std::optional<uint8_t>(bits);
}

bool starts_with_typographic_quote(std::string_view text) {
  constexpr std::string_view kQuotes[] = {"\u201C", "\u201D", "\u201E", "\u2018", "\u2019",
                                          "\u201A", "\u00AB", "\u00BB", "\u2033", "\u2032"};
  for (const std::string_view quote : kQuotes) {
    if (text.starts_with(quote)) return true;
  }
  // Windows-1252, where the byte does not belong to a character of UTF-8.
  return !text.empty() &&
         (text[0] == '\x91' || text[0] == '\x92' || text[0] == '\x93' || text[0] == '\x94' || text[0] == '\x84');
}

bool holds_typographic_quote(std::string_view text) {
  for (size_t at = 0; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    const bool inside = at > 0 && (c & 0xC0) == 0x80 && static_cast<unsigned char>(text[at - 1]) >= 0x80;
    if (!inside && starts_with_typographic_quote(text.substr(at))) return true;
  }
  return false;
}

bool contains_any_case(std::string_view text, std::string_view word) {
  for (size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (same_name(text.substr(at, word.size()), word)) return true;
  }
  return false;
}

}  // namespace gander::config
