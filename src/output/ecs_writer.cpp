#include "output/ecs_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <arpa/inet.h>

#include "output/alert_parts.h"
#include "output/alert_time.h"

namespace gander::output {
namespace {

using base::JsonBuilder;
using model::Field;

struct CategoryOfGroup {
  std::string_view group;  // a group that starts with this
  std::string_view category;
};
constexpr std::array<CategoryOfGroup, 27> kCategories = {{{"authentication", "authentication"},
                                                          {"invalid_login", "authentication"},
                                                          {"login_", "authentication"},
                                                          {"win_authentication", "authentication"},
                                                          {"sshd", "authentication"},
                                                          {"web", "web"},
                                                          {"accesslog", "web"},
                                                          {"apache", "web"},
                                                          {"nginx", "web"},
                                                          {"sql_injection", "web"},
                                                          {"squid", "web"},
                                                          {"ids", "intrusion_detection"},
                                                          {"attack", "intrusion_detection"},
                                                          {"exploit_attempt", "intrusion_detection"},
                                                          {"recon", "intrusion_detection"},
                                                          {"rootcheck", "intrusion_detection"},
                                                          {"firewall", "network"},
                                                          {"connection_attempt", "network"},
                                                          {"syscheck", "file"},
                                                          {"virus", "malware"},
                                                          {"adduser", "iam"},
                                                          {"account_changed", "iam"},
                                                          {"config_changed", "configuration"},
                                                          {"dpkg", "package"},
                                                          {"yum", "package"},
                                                          {"mysql", "database"},
                                                          {"postgresql", "database"}}};

std::optional<uint64_t> number_of(std::string_view text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_address(std::string_view text) {
  std::array<char, INET6_ADDRSTRLEN> word{};
  if (text.size() >= word.size()) return false;
  std::copy(text.begin(), text.end(), word.begin());
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return std::find(text.begin(), text.end(), '\0') == text.end() &&
         (inet_pton(AF_INET, word.data(), bytes.data()) == 1 || inet_pton(AF_INET6, word.data(), bytes.data()) == 1);
}

// Calls add(value) for each set, non-empty value, the second of two equal ones left out.
template <class Add>
void each_distinct(std::string_view a, std::string_view b, Add add) {
  if (!a.empty()) add(a);
  if (!b.empty() && b != a) add(b);
}

bool has_group_like(std::string_view groups, std::string_view prefix) {
  bool found = false;
  each_group(groups, [&](std::string_view g) { found |= g.starts_with(prefix); });
  return found;
}

std::string_view outcome_of(std::string_view groups) {
  if (has_group_like(groups, "authentication_success")) return "success";
  if (has_group_like(groups, "authentication_fail") || has_group_like(groups, "invalid_login")) return "failure";
  return {};
}

}  // namespace

void EcsWriter::alert(std::string& out, const model::Alert& a) {
  const model::Event& e = *a.event;
  JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.string("@timestamp", iso_utc_milliseconds(e.time));
  json.open_object("ecs");
  json.string("version", "8.11.0");
  json.close_object();
  event(json, a);
  json.string("message", e.log.empty() ? e.full_log : e.log);
  rule(json, *a.rule);
  side(json, {"source", e.field(Field::SrcIp), e.field(Field::SrcPort), e.field(Field::SrcUser)});
  side(json, {"destination", e.field(Field::DstIp), e.field(Field::DstPort), {}});
  user(json, e);
  host(json, e);
  details(json, e);
  json.open_object("observer");
  json.string("vendor", "Gander");
  json.string("product", "Gander");
  json.string("type", "hids");
  json.close_object();
  json.open_array("tags");
  each_group(a.rule->group, [&](std::string_view g) { json.element(g); });
  json.close_array();
  related(json, e);
  own(json, a);
  json.close_object();
  out.push_back('\n');
}

void EcsWriter::event(JsonBuilder& json, const model::Alert& a) {
  const model::Event& e = *a.event;
  id_.clear();
  base::append_number(id_, base::unix_seconds(e.time));
  id_.push_back('.');
  base::append_number(id_, a.number);
  json.open_object("event");
  json.string("kind", "alert");
  std::array<std::string_view, kCategories.size()> given{};
  size_t count = 0;
  for (const CategoryOfGroup& c : kCategories) {
    const bool known = std::find(given.begin(), given.begin() + count, c.category) != given.begin() + count;
    if (!known && has_group_like(a.rule->group, c.group)) given[count++] = c.category;
  }
  if (count != 0) {
    json.open_array("category");
    for (size_t i = 0; i < count; ++i) json.element(given[i]);
    json.close_array();
  }
  json.string_if_any("outcome", outcome_of(a.rule->group));
  json.number("severity", a.rule->level);
  json.string("id", id_);
  json.string_if_any("code", e.field(Field::Id));
  json.string_if_any("action", e.field(Field::Action));
  json.string("module", "gander");
  json.string("dataset", "gander.alerts");
  json.string("original", e.full_log);
  json.close_object();
}

void EcsWriter::rule(JsonBuilder& json, const model::RuleInfo& r) {
  std::string_view first_group;
  each_group(r.group, [&](std::string_view g) {
    if (first_group.empty()) first_group = g;
  });
  json.open_object("rule");
  json.string("id", std::to_string(r.id));
  if (r.description) {
    json.string("name", *r.description);
    json.string("description", *r.description);
  }
  json.string_if_any("category", first_group);
  json.string("ruleset", "ossec");
  const auto link = std::find_if(r.info.begin(), r.info.end(),
                                 [](const model::InfoLine& line) { return line.kind == model::InfoKind::Link; });
  if (link != r.info.end()) json.string("reference", link->text);
  json.close_object();
}

void EcsWriter::side(JsonBuilder& json, const Side& s) {
  if (s.address.empty() && s.port.empty() && s.user.empty()) return;
  json.open_object(s.key);
  json.string_if_any(is_address(s.address) ? "ip" : "address", s.address);
  const std::optional<uint64_t> port = number_of(s.port);
  if (port && *port <= 65535) json.number("port", *port);
  if (!s.user.empty()) {
    json.open_object("user");
    json.string("name", s.user);
    json.close_object();
  }
  json.close_object();
}

void EcsWriter::user(JsonBuilder& json, const model::Event& e) {
  std::string_view name = e.field(Field::DstUser).empty() ? e.field(Field::SrcUser) : e.field(Field::DstUser);
  if (e.actor) name = e.actor->user;
  const bool has_id = e.actor && e.actor->uid >= 0;
  if (name.empty() && !has_id) return;
  json.open_object("user");
  json.string_if_any("name", name);
  if (has_id) json.string("id", std::to_string(e.actor->uid));
  json.close_object();
}

// What ran when a watched file changed.
void EcsWriter::process(JsonBuilder& json, const model::Event& e) {
  if (e.program_name.empty() && !e.actor) return;
  json.open_object("process");
  json.string_if_any("name", e.program_name);
  if (e.actor) {
    json.number("pid", e.actor->pid);
    json.string_if_any("executable", e.actor->executable);
    json.string_if_any("command_line", e.actor->command_line);
    if (e.actor->parent >= 0) {
      json.open_object("parent");
      json.number("pid", e.actor->parent);
      json.close_object();
    }
  }
  json.close_object();
}

void EcsWriter::host(JsonBuilder& json, const model::Event& e) {
  const AgentParts agent = agent_parts(e);
  if (agent.name.empty()) return;
  json.open_object("host");
  json.string("hostname", agent.name);
  json.string("name", agent.name);
  if (is_address(agent.ip)) {
    json.open_array("ip");
    json.element(agent.ip);
    json.close_array();
  }
  json.close_object();
}

void EcsWriter::details(JsonBuilder& json, const model::Event& e) {
  const auto nested = [&](std::string_view outer, std::string_view key, std::string_view value) {
    if (value.empty()) return;
    json.open_object(outer);
    json.string(key, value);
    json.close_object();
  };
  process(json, e);
  nested("url", "original", e.field(Field::Url));
  if (!e.field(Field::Protocol).empty()) {
    std::string protocol(e.field(Field::Protocol));
    for (char& c : protocol) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
    nested("network", "transport", protocol);
  }
  const std::optional<uint64_t> status = number_of(e.field(Field::Id));
  if (e.category == model::Category::WebLog && status && *status >= 100 && *status <= 599) {
    json.open_object("http");
    json.open_object("response");
    json.number("status_code", *status);
    json.close_object();
    json.close_object();
  }
  nested("file", "path", e.field(Field::Filename));
  const std::string_view path = agent_parts(e).file;
  if (!path.empty()) {
    json.open_object("log");
    nested("file", "path", path);
    json.close_object();
  }
}

void EcsWriter::related(JsonBuilder& json, const model::Event& e) {
  const auto list = [&](std::string_view key, std::string_view a, std::string_view b) {
    if (a.empty() && b.empty()) return;
    json.open_array(key);
    each_distinct(a, b, [&](std::string_view v) { json.element(v); });
    json.close_array();
  };
  const auto address = [&](Field f) { return is_address(e.field(f)) ? e.field(f) : std::string_view{}; };
  const AgentParts agent = agent_parts(e);
  json.open_object("related");
  list("ip", address(Field::SrcIp), address(Field::DstIp));
  list("user", e.field(Field::DstUser), e.field(Field::SrcUser));
  list("hosts", agent.name, e.field(Field::SystemName));
  json.close_object();
}

// What the schema has no name for.
void EcsWriter::own(JsonBuilder& json, const model::Alert& a) {
  const model::Event& e = *a.event;
  json.open_object("gander");
  if (e.decoder) json.string("decoder", e.decoder->name);
  if (a.fired_times != 0) json.number("fired_times", a.fired_times);
  if (a.rule->frequency != 0) json.number("frequency", a.rule->frequency);
  json.string_if_any("cve", a.rule->cve_text);
  json.string_if_any("status", e.field(Field::Status));
  json.string_if_any("data", e.field(Field::Data));
  json.string_if_any("system_name", e.field(Field::SystemName));
  if (!e.named.empty()) {
    json.open_array("fields");
    for (const model::NamedField& f : e.named) {
      if (f.value.data() == nullptr) continue;
      json.open_object();
      json.string("name", f.name);
      json.string("value", f.value);
      json.close_object();
    }
    json.close_array();
  }
  if (!a.previous.empty()) {
    json.open_array("previous");
    for (const std::string_view line : a.previous) json.element(line);
    json.close_array();
  }
  json.close_object();
}

}  // namespace gander::output
