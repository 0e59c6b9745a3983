#include "decode/firewall_action.h"

namespace gander::decode {
namespace {

using model::Field;

std::string_view word_for(std::string_view action) {
  switch (action.empty() ? '\0' : action.front() | 0x20) {
    case 'd':
    case 'r':
    case 'b':
      return "DROP";
    case 'c':
    case 't':
      return "CLOSED";
    case 'a':
    case 'p':
    case 'o':
      return "ALLOW";
    default:
      break;
  }
  if (action.find("drop") != std::string_view::npos) return "DROP";
  if (action.find("accept") != std::string_view::npos) return "ALLOW";
  return "UNKNOWN";
}

}  // namespace

bool is_complete_firewall_event(const model::Event& event) {
  return event.has(Field::Action) && event.has(Field::SrcIp) && event.has(Field::DstIp) && event.has(Field::Protocol);
}

void normalise_firewall_action(model::Event& event) {
  if (event.category != model::Category::Firewall || !is_complete_firewall_event(event)) return;
  event.set(Field::Action, word_for(event.field(Field::Action)));
}

}  // namespace gander::decode
