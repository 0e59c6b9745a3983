// PF_Decoder: `… rule 4/(match) pass in on em0: 192.0.2.1.1025 > 198.51.100.2.53: udp 30`.
#include "decode/plugin.h"

namespace gander::decode {
namespace {

using model::Field;

// `a.b.c.d.port`: what stands behind the fourth dot is the port.
void set_address(std::string_view text, Field address, Field port, model::Event& event) {
  size_t dot = std::string_view::npos;
  size_t at = 0;
  for (int i = 0; i < 4; ++i) {
    dot = text.find('.', at);
    if (dot == std::string_view::npos) break;
    at = dot + 1;
  }
  event.set(address, text.substr(0, dot));
  if (dot != std::string_view::npos) event.set(port, text.substr(dot + 1));
}

}  // namespace

void decode_pf(model::Event& event) {
  std::string_view s = event.log;
  const size_t close = s.find(')');
  if (close == std::string_view::npos || !s.substr(close + 1).starts_with(' ')) return;
  s.remove_prefix(close + 2);
  if (s.starts_with('p')) {
    event.set(Field::Action, "pass");
  } else if (s.starts_with('b')) {
    event.set(Field::Action, "block");
  } else {
    return;
  }
  const size_t colon = s.find(':');
  if (colon == std::string_view::npos || !s.substr(colon + 1).starts_with(' ')) return;
  s.remove_prefix(colon + 2);
  const size_t space = s.find(' ');
  if (space == std::string_view::npos) return;
  set_address(s.substr(0, space), Field::SrcIp, Field::SrcPort, event);
  s.remove_prefix(space + 1);
  if (!s.starts_with("> ")) return;
  s.remove_prefix(2);
  const size_t end = s.find(':');
  if (end == std::string_view::npos) return;
  set_address(s.substr(0, end), Field::DstIp, Field::DstPort, event);
  s.remove_prefix(end + 1);
  const size_t word = s.find_first_not_of(' ');
  if (word == std::string_view::npos) return;
  event.set(Field::Protocol, s[word] == 'u' ? "UDP" : s[word] == 'i' ? "ICMP" : "TCP");
}

}  // namespace gander::decode
