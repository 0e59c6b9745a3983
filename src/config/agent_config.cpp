#include "config/agent_config.h"

#include <array>

#include "config/section_table.h"

namespace gander::config {
namespace {

constexpr std::array<std::string_view, 3> kSections = {"localfile", "syscheck", "rootcheck"};

void read_selector(const XmlAttribute& a, AgentBlock& block, SectionReader& reader) {
  if (a.name == "name") {
    block.name = a.value;
  } else if (a.name == "os") {
    block.os = a.value;
  } else if (a.name == "profile") {
    block.profile = a.value;
  } else if (a.name != "overwrite") {
    reader.warning({"C018",
                    "<agent_config> knows no attribute '" + a.name + "'",
                    reader.at(a),
                    static_cast<int>(a.name.size()),
                    nearest_hint(a.name, {"name", "os", "profile"}),
                    {reader.error_line(
                        1243, "Invalid attribute '" + a.name + "' in the configuration: '" + reader.file() + "'.")}});
  }
}

bool has_command(const XmlElement& section) {
  for (const XmlElement& e : section.children) {
    if (e.name == "command") return true;
  }
  return false;
}

bool refuses_command(const XmlElement& section, SectionReader& reader) {
  if (reader.options().remote_commands == RemoteCommands::Accept) return false;
  if (section.name != "localfile" || !has_command(section)) return false;
  reader.error(
      {"C024",
       "agent.conf holds a command, and this agent takes none from its manager",
       reader.at(section),
       9,
       "logcollector.remote_commands=1",
       {reader.line(0, "", "Remote commands are not accepted from the manager. Ignoring it on the agent.conf")}});
  return true;
}

void read_block(const XmlElement& root, Config& config, SectionReader& reader) {
  for (const XmlElement& e : root.children) {
    const Section* const section = find_section(e.name);
    if (section == nullptr || e.children.empty()) {
      std::vector<std::string> known(kSections.begin(), kSections.end());
      reader.unknown_element(e, root.name, known);
      continue;
    }
    bool read_by_agents = false;
    for (const std::string_view name : kSections) read_by_agents = read_by_agents || name == e.name;
    if (!read_by_agents) {
      reader.warning(
          {"C103", "agents do not read <" + e.name + "> of agent.conf", reader.at(e), static_cast<int>(e.name.size())});
    } else if (!refuses_command(e, reader)) {
      section->read(e, config, reader);
    }
  }
}

}  // namespace

void AgentConfig::apply(const AgentBlock& block, const LoadOptions& options, Config& config,
                        Diagnostics& diagnostics) const {
  SectionReader reader(file, options, diagnostics);
  read_block(block.content, config, reader);
}

AgentConfig load_agent_config(const std::string& path, const LoadOptions& options, Diagnostics& diagnostics) {
  AgentConfig out;
  out.file = path;
  auto document = load_xml(path, options.shown.empty() ? path : options.shown, Variables::Keep);
  SectionReader reader(out.file, options, diagnostics);
  if (!document) {
    const XmlError& e = document.error();
    if (e.kind == XmlError::Kind::Missing) return out;
    reader.error({"X002",
                  e.text.substr(e.text.find(' ') + 1),
                  e.at,
                  1,
                  e.hint,
                  {reader.error_line(1226, "Error reading XML file '" + path + "': " + e.text + " (line " +
                                               std::to_string(e.line) + ").")}});
    return out;
  }
  for (XmlElement& root : document->roots) {
    if (root.name != "agent_config") {
      reader.error({"C001",
                    "the root element is <agent_config>, not <" + root.name + ">",
                    reader.at(root),
                    static_cast<int>(root.name.size()),
                    {},
                    {reader.error_line(1230, "Invalid element in the configuration: '" + root.name + "'.")}});
      continue;
    }
    AgentBlock block;
    for (const XmlAttribute& a : root.attributes) read_selector(a, block, reader);
    Config checked;
    read_block(root, checked, reader);
    block.content = std::move(root);
    out.blocks.push_back(std::move(block));
  }
  return out;
}

}  // namespace gander::config
