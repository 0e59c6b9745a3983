// <command> and <active-response>: programs that answer to alerts, and when they run.
#include <algorithm>

#include "config/option_table.h"
#include "config/section_table.h"
#include "config/values.h"

namespace gander::config {
namespace {

// ---- <command>

// Which of the required elements a <command> had.
struct CommandBlock {
  Command command;
  bool has_expect = false;
};

template <auto Member>
void keep_command(CommandBlock& b, const Value& value, SectionReader& reader) {
  keep<Member>(b.command, value, reader);
}

void keep_expect(CommandBlock& b, const Value& value, SectionReader&) {
  b.has_expect = true;
  for (const std::string_view word : split_words(value.text)) {
    if (same_name(word, "user") || same_name(word, "username")) b.command.expects_user = true;
    if (same_name(word, "srcip")) b.command.expects_srcip = true;
    if (same_name(word, "hostname")) b.command.expects_hostname = true;
    if (same_name(word, "filename")) b.command.expects_filename = true;
  }
}

constexpr Option<CommandBlock> kCommandOptions[] = {
    {{"name", Kind::Text, "", "", "Name that active responses use."}, keep_command<&Command::name>},
    {{"executable", Kind::Text, "", "", "File below active-response/bin."}, keep_command<&Command::executable>},
    {{"expect", Kind::Special, "user, username, srcip, hostname, filename; may be empty", "",
      "What an event must have for the command to run."},
     keep_expect},
    {{"timeout_allowed", Kind::YesNo, "", "no", "The command can be undone after a time."},
     keep_command<&Command::timeout_allowed>},
};

void read_command(const XmlElement& section, Config& config, SectionReader& reader) {
  CommandBlock block;
  block.command.at = reader.at(section);
  const bool sound = read_options(kCommandOptions, section, block, reader);
  const bool complete = !block.command.name.empty() && !block.command.executable.empty() && block.has_expect;
  if (sound && !complete) {
    reader.error(
        {"C012",
         "<command> needs <name>, <executable> and <expect>",
         reader.at(section),
         7,
         "<expect></expect> is fine",
         {reader.error_line(1280, "Missing command options. You must specify a 'name', 'executable' and 'expect'.")}});
    return;
  }
  config.commands.push_back(std::move(block.command));
}

// ---- <active-response>

struct ResponseBlock {
  ActiveResponse response;
  std::optional<bool> disabled;
  std::optional<std::vector<int>> repeated_offenders;
  std::optional<std::string> location;
};

template <auto Member>
void keep_response(ResponseBlock& b, const Value& value, SectionReader& reader) {
  keep<Member>(b.response, value, reader);
}

void keep_disabled(ResponseBlock& b, const Value& value, SectionReader&) {
  if (!b.disabled) b.disabled = value.yes;
}

void keep_location(ResponseBlock& b, const Value& value, SectionReader&) {
  b.location = std::string(value.text);
  const auto says = [&](std::string_view word) { return contains_any_case(value.text, word); };
  ActiveResponse& r = b.response;
  r.on_server = says("AS") || says("analysisd") || says("analysis-server") || says("server");
  r.on_local = says("local");
  r.on_defined_agent = says("defined-agent");
  r.on_all = says("all") || says("any");
}

std::vector<int> read_ids(const Value& value, SectionReader& reader) {
  std::string bad;
  std::vector<int> ids = parse_numbers(value.text, bad);
  if (!bad.empty()) {
    reader.warning({"C112", "'" + bad + "' is no rule id and is left out", reader.content_at(value.element),
                    static_cast<int>(value.text.size())});
  }
  return ids;
}

void keep_rule_ids(ResponseBlock& b, const Value& value, SectionReader& reader) {
  b.response.rules_id = read_ids(value, reader);
}

void keep_offenders(ResponseBlock& b, const Value& value, SectionReader& reader) {
  constexpr size_t kMost = 5;
  std::vector<int> minutes = read_ids(value, reader);
  if (minutes.size() > kMost) minutes.resize(kMost);
  if (!b.repeated_offenders) b.repeated_offenders = std::move(minutes);
}

constexpr Option<ResponseBlock> kResponseOptions[] = {
    {{"disabled", Kind::YesNo, "", "no",
      "Switch off this response and those before it; the first one in the file "
      "rules the executor.",
      Repeats::FirstWins},
     keep_disabled},
    {{"command", Kind::Text, "", "", "Name of a command defined before."}, keep_response<&ActiveResponse::command>},
    {{"location", Kind::Special, "server, local, defined-agent, all", "", "Where it runs."}, keep_location},
    {{"agent_id", Kind::Text, "", "", "The agent of location defined-agent."},
     keep_response<&ActiveResponse::agent_id>},
    {{"level", Kind::Number, "0..20", "0", "Least level of rules that trigger it; 0 = not by level."},
     keep_response<&ActiveResponse::level>},
    {{"rules_id", Kind::Numbers, "rule ids with commas", "", "Rules that trigger it."}, keep_rule_ids},
    {{"rules_group", Kind::Regex, "OSSEC regex", "", "Groups that trigger it."},
     keep_response<&ActiveResponse::rules_group>},
    {{"timeout", Kind::Seconds, "", "0", "Undo after this many seconds."}, keep_response<&ActiveResponse::timeout>},
    {{"repeated_offenders", Kind::Numbers, "up to 5 numbers with commas", "",
      "Minutes for the second, third, … block of the same address.", Repeats::FirstWins},
     keep_offenders},
};

// Findings about where and with what a response runs.
bool check_place(const ResponseBlock& b, SectionReader& reader) {
  const ActiveResponse& r = b.response;
  if (!r.on_server && !r.on_local && !r.on_defined_agent && !r.on_all) {
    reader.error({"C014",
                  "'" + *b.location + "' names no place for an active response",
                  r.at,
                  15,
                  "allowed: server, local, defined-agent, all",
                  {reader.error_line(1302, "Invalid active response location: '" + *b.location + "'.")}});
    return false;
  }
  if (r.on_defined_agent && r.agent_id.empty()) {
    reader.error({"C015",
                  "location defined-agent needs <agent_id>",
                  r.at,
                  15,
                  {},
                  {reader.error_line(1304, "No agent defined for response.")}});
    return false;
  }
  return true;
}

bool check_command(const ActiveResponse& r, const std::vector<Command>& commands, SectionReader& reader) {
  const auto command =
      std::find_if(commands.begin(), commands.end(), [&](const Command& c) { return c.name == r.command; });
  if (command == commands.end()) {
    std::vector<std::string> names;
    for (const Command& c : commands) names.push_back(c.name);
    reader.error({"C013",
                  "no <command> before this response is named '" + r.command + "'",
                  r.at,
                  15,
                  nearest_hint(r.command, names),
                  {reader.error_line(1303, "Invalid command '" + r.command + "' in the active response.")}});
    return false;
  }
  if (r.timeout > 0 && !command->timeout_allowed) {
    reader.error({"C016",
                  "command '" + r.command + "' allows no <timeout>",
                  r.at,
                  15,
                  "<timeout_allowed>yes</timeout_allowed> in the command",
                  {reader.error_line(1305, "Timeout not allowed for command: '" + r.command + "'.")}});
    return false;
  }
  return true;
}

void disable_earlier(const ActiveResponse& here, Config& config, SectionReader& reader) {
  bool any = false;
  for (ActiveResponse& r : config.active_responses) {
    any = any || !r.off;
    r.off = true;
  }
  if (!any) return;
  reader.warning({"C110", "this disabled response switches off those before it, too", here.at, 15});
}

bool is_missing(const ResponseBlock& b, SectionReader& reader) {
  if (!b.response.command.empty() && b.location) return false;
  if (b.response.command.empty() && !b.location && (b.repeated_offenders || b.disabled)) return true;
  reader.error({"C012",
                "<active-response> needs <command> and <location>",
                b.response.at,
                15,
                {},
                {reader.error_line(1281, "Missing options in the active response configuration. ")}});
  return true;
}

void read_active_response(const XmlElement& section, Config& config, SectionReader& reader) {
  ResponseBlock block;
  block.response.at = reader.at(section);
  const bool sound = read_options(kResponseOptions, section, block, reader);
  if (block.disabled && !config.responses.disabled) config.responses.disabled = block.disabled;
  if (block.repeated_offenders && config.responses.repeated_offenders.empty()) {
    config.responses.repeated_offenders = *block.repeated_offenders;
  }
  if (block.disabled.value_or(false)) {
    disable_earlier(block.response, config, reader);
    return;
  }
  if (!sound || is_missing(block, reader) || !check_place(block, reader)) return;
  if (!check_command(block.response, config.commands, reader)) return;
  const ActiveResponse& r = block.response;
  if (r.level == 0 && r.rules_id.empty() && r.rules_group.empty()) {
    reader.warning({"C109", "this response has no level, rules_id or rules_group and never runs", r.at, 15});
  }
  config.active_responses.push_back(std::move(block.response));
}

std::vector<OptionInfo> command_infos() {
  return infos<CommandBlock>(kCommandOptions);
}

std::vector<OptionInfo> response_infos() {
  return infos<ResponseBlock>(kResponseOptions);
}

}  // namespace

Section command_section() {
  return {"command", Pass::Responses, "A program that active responses can run.", read_command, command_infos, {}};
}

Section active_response_section() {
  return {"active-response",    Pass::Responses, "When a command runs, one block each.",
          read_active_response, response_infos,  {}};
}

}  // namespace gander::config
