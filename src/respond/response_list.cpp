#include "respond/response_list.h"

#include <algorithm>
#include <charconv>

namespace gander::respond {
namespace {

constexpr size_t kMostInOssec = 64;
constexpr std::string_view kSeparator = " - ";

std::string line_of(std::string_view name, std::string_view executable, std::chrono::seconds timeout) {
  return std::string(name) + std::string(kSeparator) + std::string(executable) + std::string(kSeparator) +
         std::to_string(timeout.count()) + "\n";
}

ResponseEntry restart_entry(const char* executable) {
  return {"restart-ossec0", executable, std::chrono::seconds(0), ResponseEntry::Expects{}};
}

// "NAME - EXECUTABLE - SECONDS"
bool parse_line(std::string_view line, ResponseEntry& entry) {
  const size_t first = line.find(kSeparator);
  const size_t last = line.rfind(kSeparator);
  if (first == std::string_view::npos || last <= first) return false;
  entry.name = line.substr(0, first);
  entry.executable = line.substr(first + kSeparator.size(), last - first - kSeparator.size());
  const std::string_view seconds = line.substr(last + kSeparator.size());
  int timeout = 0;
  const auto [end, error] = std::from_chars(seconds.data(), seconds.data() + seconds.size(), timeout);
  entry.timeout = std::chrono::seconds(timeout);
  return error == std::errc() && end == seconds.data() + seconds.size() && timeout >= 0 && !entry.name.empty() &&
         !entry.executable.empty() && entry.name.find(' ') == std::string::npos;
}

void cut_for(model::Compat compat, ResponseList& list) {
  if (compat == model::Compat::Ossec43 && list.entries.size() > kMostInOssec) list.entries.resize(kMostInOssec);
}

}  // namespace

ResponseList ResponseList::from_config(const config::Config& config, model::Compat compat) {
  ResponseList list;
  list.disabled = config.responses.disabled.value_or(false);
  for (const int minutes : config.responses.repeated_offenders) list.repeated_offenders.emplace_back(minutes);
  list.entries = {restart_entry("restart-ossec.sh"), restart_entry("restart-ossec.cmd")};
  for (const config::ActiveResponse& r : config.active_responses) {
    const auto command = std::find_if(config.commands.begin(), config.commands.end(),
                                      [&](const config::Command& c) { return c.name == r.command; });
    if (r.off || command == config.commands.end()) continue;
    list.entries.push_back({r.command + std::to_string(r.timeout), command->executable, std::chrono::seconds(r.timeout),
                            ResponseEntry::Expects{command->expects_user, command->expects_srcip,
                                                   command->expects_hostname, command->expects_filename}});
  }
  cut_for(compat, list);
  return list;
}

ResponseList ResponseList::parse(std::string_view ar_conf, const std::string& file, model::Compat compat,
                                 std::vector<std::string>& log) {
  ResponseList list;
  while (!ar_conf.empty()) {
    const size_t end = std::min(ar_conf.find('\n'), ar_conf.size());
    const std::string_view line = ar_conf.substr(0, end);
    ar_conf.remove_prefix(std::min(end + 1, ar_conf.size()));
    if (line.empty()) continue;
    ResponseEntry entry;
    if (parse_line(line, entry))
      list.entries.push_back(std::move(entry));
    else
      log.push_back("ossec-execd(1313): ERROR: Invalid active response config: '" + file + "'.");
  }
  cut_for(compat, list);
  return list;
}

std::string ResponseList::ar_conf(const config::Config& config) {
  std::string text;
  for (const ResponseEntry& e : from_config(config, model::Compat::Mended).entries) {
    text += line_of(e.name, e.executable, e.timeout);
  }
  return text;
}

}  // namespace gander::respond
