// OSSECAlert_Decoder: an alert of another server, relayed as a log line. Its rule is taken over.
#include <charconv>
#include <string>

#include "decode/plugin.h"

namespace gander::decode {
namespace {

using model::Field;

constexpr size_t kLongestLocation = 254;
constexpr size_t kLongestLog = 4094;

// The leading number of `text`, as C's atoi reads it; -1 when it does not fit.
int leading_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? value : -1;
}

void extend_location(std::string_view origin, model::Compat compat, model::Event& event) {
  std::string location;
  location.reserve(event.location.size() + 1 + origin.size());
  location.append(event.location).append("|").append(origin);
  if (compat == model::Compat::Ossec43 && location.size() > kLongestLocation) location.resize(kLongestLocation);
  event.location = event.hostname = event.keep(location);
}

// ` srcip: X; user: Y; …`: true when each item was closed; `s` is then what follows.
bool take_items(std::string_view& s, model::Event& event) {
  while (s.size() > 1 && s[0] == ' ' && s[1] != ' ') {
    s.remove_prefix(1);
    const size_t end = s.find(';');
    if (end == std::string_view::npos) return false;
    const std::string_view item = s.substr(0, end);
    if (item.starts_with("srcip: ")) event.set(Field::SrcIp, item.substr(7));
    if (item.starts_with("user: ")) event.set(Field::DstUser, item.substr(6));
    s.remove_prefix(end + 1);
  }
  return true;
}

}  // namespace

void decode_ossec_alert(PluginRole role, model::Compat compat, model::Event& event, const DecodeScratch& scratch) {
  event.decided_elsewhere = role == PluginRole::Decides;
  std::string_view s = event.log;
  if (!s.starts_with("Alert Level: ") && !s.starts_with("ossec: Alert Level")) return;
  size_t at = s.find(';');
  if (at == std::string_view::npos) return;
  at = s.find(':', at);
  if (at == std::string_view::npos || !s.substr(at + 1).starts_with(' ')) return;
  s.remove_prefix(at + 2);
  const size_t space = s.find(' ');
  if (space == std::string_view::npos) return;
  const int id = leading_number(s.substr(0, space));
  if (!scratch.knows_rule || !(*scratch.knows_rule)(id)) {
    event.notes.push_back("ossec-analysisd: WARN: Rule id '" + std::string(s) +
                          "' not found internally: " + std::string(event.log));
    return;
  }
  at = s.find(';');
  if (at == std::string_view::npos) return;
  s.remove_prefix(at + 1);
  constexpr std::string_view kLocation = " Location: ";
  if (!s.starts_with(kLocation)) return;
  s.remove_prefix(kLocation.size());
  at = s.find(';');
  if (at == std::string_view::npos) return;
  extend_location(s.substr(0, at), compat, event);
  s.remove_prefix(at + 1);
  if (!take_items(s, event)) return;
  s.remove_prefix(std::min(s.find_first_not_of(' '), s.size()));
  if (compat == model::Compat::Ossec43) s = s.substr(0, kLongestLog);
  event.full_log = event.log = s;
  event.log_encoding = text::encoding_of(s);
  // An Ascii message says that all its fields are; those of this one may be older than the new text.
  if (event.encoding != text::Encoding::Ascii)
    event.encoding = event.log_encoding == text::Encoding::Invalid ? event.log_encoding : text::Encoding::Utf8;
  event.decided_rule = id;
}

}  // namespace gander::decode
