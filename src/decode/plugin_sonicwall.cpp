// SonicWall_Decoder: `… pri=6 c=1024 m=537 … src=192.0.2.1:1025:LAN dst=198.51.100.2:80:WAN proto=tcp/http …`.
#include <array>

#include "decode/plugin.h"
#include "decode/sonicwall.h"

namespace gander::decode {
namespace {

using model::Category;
using model::Field;

struct Message {
  std::string_view id;
  Category category;
  std::string_view action;
};
constexpr std::array<Message, 9> kMessages = {{
    {"98", Category::Firewall, "pass"},
    {"597", Category::Firewall, "pass"},
    {"598", Category::Firewall, "pass"},
    {"36", Category::Firewall, "drop"},
    {"37", Category::Firewall, "drop"},
    {"38", Category::Firewall, "drop"},
    {"173", Category::Firewall, "drop"},
    {"174", Category::Firewall, "drop"},
    {"537", Category::Firewall, "close"},
}};

bool is_protocol_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '(' || c == ')' ||
         c == '-' || c == '.' || c == '@' || c == '_';
}

// Takes ` proto=…` off the front.
std::string_view take_protocol(std::string_view rest, model::Event& event) {
  constexpr std::string_view kKey = "proto=";
  constexpr size_t kLongest = 6;
  const size_t space = rest.find(' ');
  if (space == std::string_view::npos) return rest;
  rest.remove_prefix(space + 1);
  if (!rest.starts_with(kKey)) return rest;
  rest.remove_prefix(kKey.size());
  size_t n = 0;
  while (n < rest.size() && n < kLongest && is_protocol_character(rest[n])) ++n;
  event.set(Field::Protocol, rest.substr(0, n));
  return rest.substr(n);
}

}  // namespace

std::shared_ptr<const SonicWall> SonicWall::make(text::OnInvalidUtf8 on_invalid) {
  const auto compile = [&](std::string_view pattern) {
    return text::Pattern::compile(text::Dialect::OsRegex, pattern, on_invalid);
  };
  auto head = compile(R"(pri=(\d) c=(\d+) m=(\d+) )");
  auto addresses = compile(R"(src=(\d+.\d+.\d+.\d+):(\d+):\S+ dst=(\d+.\d+.\d+.\d+):(\d+):)");
  auto page = compile(R"(result=(\d+) dstname=(\S+) arg=(\S+)$)");
  if (!head || !addresses || !page) return nullptr;
  return std::shared_ptr<const SonicWall>(new SonicWall(std::move(*head), std::move(*addresses), std::move(*page)));
}

void SonicWall::decode(model::Event& event, text::MatchContext& context, text::Match& match) const {
  event.category = Category::Syslog;
  std::string_view rest = event.log;
  if (!head_.search(event.log_subject(), context, match) || match.captures.size() < 3) return;
  event.set(Field::Status, match.captures[0]);
  const std::string_view category = match.captures[1];
  event.set(Field::Id, match.captures[2]);
  rest.remove_prefix(match.end);
  if (!addresses_.search(event.subject(rest), context, match) || match.captures.size() < 4) return;
  event.set(Field::SrcIp, match.captures[0]);
  event.set(Field::SrcPort, match.captures[1]);
  event.set(Field::DstIp, match.captures[2]);
  event.set(Field::DstPort, match.captures[3]);
  rest.remove_prefix(match.end);
  rest = take_protocol(rest, event);
  if (category == "32") {
    event.category = Category::Ids;
    return;
  }
  const std::string_view id = event.field(Field::Id);
  for (const Message& m : kMessages) {
    if (m.id != id) continue;
    event.category = m.category;
    event.set(Field::Action, m.action);
    return;
  }
  if (id != "97") return;
  event.category = Category::Squid;
  if (!page_.search(event.subject(rest), context, match) || match.captures.size() < 3) return;
  event.set(Field::Id, match.captures[0]);
  const std::string_view name = match.captures[1];
  const std::string_view argument = match.captures[2];
  char* const url = event.arena.allocate(name.size() + argument.size());
  name.copy(url, name.size());
  argument.copy(url + name.size(), argument.size());
  event.set(Field::Url, {url, name.size() + argument.size()});
}

}  // namespace gander::decode
