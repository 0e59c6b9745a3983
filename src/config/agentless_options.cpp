// <agentless>: devices that are logged in to.
#include "config/option_table.h"
#include "config/section_table.h"

namespace gander::config {
namespace {

void keep_host(Agentless& a, const Value& value, SectionReader&) {
  constexpr std::string_view kSu = "use_su ";
  constexpr std::string_view kSudo = "use_sudo ";
  using As = Agentless::Host::As;
  if (value.text.starts_with(kSu)) {
    a.hosts.push_back({std::string(value.text.substr(kSu.size())), As::Su});
  } else if (value.text.starts_with(kSudo)) {
    a.hosts.push_back({std::string(value.text.substr(kSudo.size())), As::Sudo});
  } else {
    a.hosts.push_back({std::string(value.text), As::Self});
  }
}

void keep_state(Agentless& a, const Value& value, SectionReader&) {
  if (value.text == "periodic") a.periodic = true;
  if (value.text == "periodic_diff") a.periodic_diff = true;
  if (value.text == "stay_connected") a.stay_connected = true;
}

constexpr Option<Agentless> kAgentlessOptions[] = {
    {{"type", Kind::Text, "", "", "Program below agentless/."}, keep<&Agentless::type>},
    {{"host", Kind::Special, "user@host, may begin with use_su or use_sudo", "", "A device.", Repeats::Appends},
     keep_host},
    {{"state", Kind::Words, "periodic|periodic_diff|stay_connected", "", "What is done; several add up.",
      Repeats::Appends},
     keep_state},
    {{"frequency", Kind::Seconds, "", "86400", "Seconds between two runs."}, keep<&Agentless::frequency>},
    {{"arguments", Kind::Text, "", "", "Arguments of the program."}, keep<&Agentless::arguments>},
    {{"port", Kind::Number, "", "0", "Accepted without effect."}, keep<&Agentless::port>},
    {{"run_command", Kind::Text, "", "", "Accepted without effect."}, keep<&Agentless::run_command>},
};

void read_agentless(const XmlElement& section, Config& config, SectionReader& reader) {
  Agentless a;
  a.at = reader.at(section);
  if (!read_options(kAgentlessOptions, section, a, reader)) return;
  const std::string closing = reader.error_line(7101, "Invalid agentless configuration.");
  if (a.type.empty() || a.hosts.empty() || (!a.periodic && !a.periodic_diff && !a.stay_connected)) {
    reader.error({"C012",
                  "<agentless> needs <type>, <host> and <state>",
                  a.at,
                  9,
                  {},
                  {reader.error_line(7103, "Missing agentless options."), closing}});
    return;
  }
  if (a.periodic && a.frequency == 0) {
    reader.error({"C023",
                  "a periodic <agentless> needs a <frequency>",
                  a.at,
                  9,
                  {},
                  {reader.error_line(7102, "Frequency not set for the periodic option."), closing}});
    return;
  }
  config.agentless.push_back(std::move(a));
}

std::vector<OptionInfo> agentless_infos() {
  return infos<Agentless>(kAgentlessOptions);
}

}  // namespace

Section agentless_section() {
  return {"agentless",    Pass::NotAnalysis, "Devices without an agent, one block each.",
          read_agentless, agentless_infos,   {}};
}

}  // namespace gander::config
