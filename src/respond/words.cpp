#include "respond/words.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace gander::respond {
namespace {

constexpr std::string_view kAlphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

bool only(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return kAlphanumeric.find(c) != std::string_view::npos || others.find(c) != std::string_view::npos;
  });
}

bool digits(std::string_view text) {
  return !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::string or_dash(std::string_view text) {
  return text.empty() ? "-" : std::string(text);
}

// 4.3: one datagram of at most 1024 bytes with its NUL, cut into words at blanks.
std::vector<std::string> ossec_words(const ResponseRequest& r) {
  constexpr size_t kMostMessage = 1023;
  constexpr size_t kMostWords = 29;
  std::string message = r.response + " " + or_dash(r.user) + " " + or_dash(r.srcip) + " " + r.alert_id + " " +
                        std::to_string(r.rule) + " " + r.location + " " + or_dash(escaped_filename(r.filename));
  if (message.size() > kMostMessage) message.resize(kMostMessage);
  std::vector<std::string> words;
  for (size_t at = 0; at < message.size() && words.size() < kMostWords;) {
    const size_t end = std::min(message.find(' ', at), message.size());
    if (end > at) words.push_back(message.substr(at, end - at));
    at = end + 1;
  }
  words.erase(words.begin());  // the name of the response
  return words;
}

}  // namespace

bool is_user_text(std::string_view text) {
  return only(text, "._@?-");
}

bool is_source_text(std::string_view text) {
  return only(text, ".:_-");
}

bool is_alert_id(std::string_view text) {
  const size_t dot = text.find('.');
  return dot != std::string_view::npos && digits(text.substr(0, dot)) && digits(text.substr(dot + 1));
}

std::string_view without_mapping(std::string_view source) {
  constexpr std::string_view kMapped = "::ffff:";
  return source.starts_with(kMapped) ? source.substr(kMapped.size()) : source;
}

std::optional<SourceAddress> source_address(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof buffer || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::memcpy(buffer, text.data(), text.size());
  std::array<uint8_t, 16> bytes{};
  const bool v6 = text.find(':') != std::string_view::npos;
  if (inet_pton(v6 ? AF_INET6 : AF_INET, buffer, bytes.data()) != 1) return std::nullopt;
  const auto entry = text::AddressEntry::parse(text);  // knows which are IPv4-mapped
  if (!entry) return std::nullopt;
  const bool v4 = entry->address.family == text::Address::Family::V4;
  char shown[INET6_ADDRSTRLEN] = {};
  if (!inet_ntop(v4 ? AF_INET : AF_INET6, entry->address.bytes.data(), shown, sizeof shown)) return std::nullopt;
  return SourceAddress{shown, entry->address};
}

bool from_agent(std::string_view location) {
  return location.starts_with('(');
}

std::string escaped_filename(std::string_view filename) {
  constexpr std::string_view kSpecial = "\\\"' \t;`><|#*[]{}&$!:()";
  std::string out;
  for (const char c : filename) {
    if (kSpecial.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::vector<std::string> script_words(const ResponseRequest& r, model::Compat compat) {
  if (r.alert_id.empty()) {
    std::vector<std::string> by_hand = {or_dash(r.user), or_dash(r.srcip), "(from_the_server)", "(no_rule_id)"};
    if (!r.filename.empty()) by_hand.insert(by_hand.end(), {"-", escaped_filename(r.filename)});
    return by_hand;
  }
  if (compat == model::Compat::Ossec43) return ossec_words(r);
  std::vector<std::string> words = {or_dash(r.user), or_dash(r.srcip), r.alert_id, std::to_string(r.rule)};
  const size_t name_end = from_agent(r.location) ? r.location.find(") ") : std::string::npos;
  if (name_end == std::string::npos) {
    words.push_back(or_dash(r.location));
  } else {
    words.push_back(r.location.substr(0, name_end + 1));
    words.push_back(or_dash(r.location.substr(name_end + 2)));
  }
  words.push_back(or_dash(escaped_filename(r.filename)));
  return words;
}

}  // namespace gander::respond
