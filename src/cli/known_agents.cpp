#include "cli/known_agents.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <sstream>

#include "base/file.h"
#include "base/json_text.h"
#include "base/utf8.h"

namespace gander::cli {
namespace {

constexpr int64_t kActiveSeconds = 1830;  // three keep-alives of ten minutes, and half a minute

std::string plain_address(std::string_view address) {
  return std::string(address.substr(0, address.find('/')));
}

KnownAgent this_host() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return {"000", name.data(), "127.0.0.1", KnownAgent::State::Local};
}

KnownAgent::State state_of(const std::string& home, const KnownAgent& agent) {
  struct stat info {};
  const std::string file = base::join(home, "queue/agent-info/" + agent.name + "-" + plain_address(agent.address));
  if (::stat(file.c_str(), &info) != 0) return KnownAgent::State::NeverConnected;
  return std::time(nullptr) - info.st_mtime < kActiveSeconds ? KnownAgent::State::Active
                                                             : KnownAgent::State::Disconnected;
}

std::string_view state_text(KnownAgent::State state) {
  switch (state) {
    case KnownAgent::State::Local:
      return "Active/Local";
    case KnownAgent::State::Active:
      return "Active";
    case KnownAgent::State::Disconnected:
      return "Disconnected";
    case KnownAgent::State::NeverConnected:
      break;
  }
  return "Never connected";
}

// "(tint) root@h3" of "(tint) root@h3->syscheck": devices that are asked without an agent.
std::vector<std::string> devices(const std::string& home) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(base::join(home, "queue/syscheck"), error)) {
    const std::string name = entry.path().filename().string();
    const size_t arrow = name.find("->syscheck");
    if (name.starts_with('(') && arrow != std::string::npos && name.find('@') < arrow) {
      out.push_back(name.substr(0, arrow));
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string json_list(const std::vector<KnownAgent>& agents) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.number("error", 0);
  json.open_array("response");
  for (const KnownAgent& a : agents) {
    json.open_object();
    json.string("id", a.id);
    json.string("name", a.name);
    json.string("ip", a.address);
    json.string("status", a.local() ? "Active" : state_text(a.state));
    json.close_object();
  }
  json.close_array();
  json.close_object();
  return out;
}

}  // namespace

std::string KnownAgent::address_with_prefix() const {
  return id == "na" || address == "any" || address.find('/') != std::string::npos ? address : address + "/32";
}

std::string KnownAgent::location(std::string_view kind) const {
  if (local()) return std::string(kind);
  if (id == "na") return fmt::format("{}->{}", name, kind);
  return fmt::format("({}) {}->{}", name, plain_address(address), kind);
}

std::vector<KnownAgent> known_agents(const std::string& home) {
  std::vector<KnownAgent> out = {this_host()};
  const Result<std::string> keys = base::read_file(base::join(home, "etc/client.keys"));
  std::istringstream lines(keys ? *keys : std::string());
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    KnownAgent agent;
    words >> agent.id >> agent.name >> agent.address;
    const bool path = agent.name.find('/') != std::string::npos || agent.address.find("..") != std::string::npos;
    if (!words || agent.id.starts_with('#') || agent.name.starts_with('#') || path) continue;
    agent.state = state_of(home, agent);
    out.push_back(std::move(agent));
  }
  return out;
}

std::optional<KnownAgent> find_agent(const std::string& home, std::string_view id) {
  if (id == "local") id = "000";
  if (id.find('@') != std::string_view::npos && id.find('/') == std::string_view::npos) {
    return KnownAgent{"na", std::string(id), std::string(id.substr(id.find('@') + 1)),
                      KnownAgent::State::NeverConnected};
  }
  for (KnownAgent& agent : known_agents(home)) {
    if (agent.id == id) return std::move(agent);
  }
  return std::nullopt;
}

std::string agent_list(const std::string& home, std::string_view tool, bool only_active, DatabaseArguments::Form form) {
  std::vector<KnownAgent> agents = known_agents(home);
  if (only_active) {
    std::erase_if(agents, [](const KnownAgent& a) { return !a.local() && a.state != KnownAgent::State::Active; });
  }
  if (form == DatabaseArguments::Form::Json) return json_list(agents);
  std::string out;
  if (form == DatabaseArguments::Form::Text) out = fmt::format("\nOSSEC HIDS {}. List of available agents:\n", tool);
  for (const KnownAgent& a : agents) {
    const std::string name = base::printable(a.name) + (a.local() ? " (server)" : "");
    out += form == DatabaseArguments::Form::Csv
               ? fmt::format("{},{},{},{},\n", a.id, name, a.address, state_text(a.state))
               : fmt::format("   ID: {}, Name: {}, IP: {}, {}\n", a.id, name, a.address, state_text(a.state));
  }
  if (only_active) return out + "\n";
  const std::vector<std::string> others = devices(home);
  if (form == DatabaseArguments::Form::Text) out += "\nList of agentless devices:\n";
  for (const std::string& name : others) {
    const std::string host = base::printable(name.substr(name.find('@') + 1));
    out += form == DatabaseArguments::Form::Csv
               ? fmt::format("na,{},{},agentless,\n", base::printable(name), host)
               : fmt::format("   ID: na, Name: {}, IP: {}, agentless\n", base::printable(name), host);
  }
  return out + "\n";
}

}  // namespace gander::cli
