// <localfile>: one source of log lines.
#include <algorithm>

#include "config/option_table.h"
#include "config/section_table.h"
#include "config/values.h"

namespace gander::config {
namespace {

constexpr std::string_view kFormats =
    "syslog|json|generic|apache|iis|squid|snort-fast|snort-full|syslog-pipe|multi-line_indented|audit|modsec-audit|"
    "mysql_"
    "log|"
    "mssql_log|postgresql_log|nmapg|ossecalert|djb-multilog|command|full_command|journald|eventlog|eventchannel";
constexpr std::string_view kMultiLine = "multi-line:";

// The N of "multi-line: N "; nothing when it is none.
std::optional<int> group_size(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text.empty() ? std::nullopt : parse_number(text);
}

void keep_format(Localfile& l, const Value& value, SectionReader& reader) {
  if (value.text.starts_with(kMultiLine)) {
    if (const auto lines = group_size(value.text.substr(kMultiLine.size()))) {
      l.lines = *lines;
      l.log_format = std::string(kMultiLine.substr(0, kMultiLine.size() - 1));
      return;
    }
  }
  Value copy = value;
  if (reader.check({"log_format", Kind::Words, kFormats, "", ""}, copy)) l.log_format = std::string(value.text);
}

void keep_frequency(Localfile& l, const Value& value, SectionReader& reader) {
  if (value.text == "hourly" || value.text == "daily") {
    l.frequency = value.text == "hourly" ? 3600 : 86400;
    return;
  }
  Value copy = value;
  if (reader.check({"frequency", Kind::Seconds, "", "", ""}, copy)) l.frequency = copy.number;
}

constexpr Option<Localfile> kLocalfileOptions[] = {
    {{"location", Kind::Text, "path, glob, date pattern, event log or journal identifier", "",
      "Where lines come from."},
     keep<&Localfile::location>},
    {{"command", Kind::Text, "", "", "Shell command whose output is read."}, keep<&Localfile::command>},
    {{"log_format", Kind::Special,
      "syslog, json, generic, apache, iis, squid, snort-fast, snort-full, syslog-pipe, multi-line:N, "
      "multi-line_indented, "
      "audit, modsec-audit, mysql_log, mssql_log, postgresql_log, nmapg, ossecalert, djb-multilog, command, "
      "full_command, journald, eventlog, eventchannel",
      "", "How lines are read.", Repeats::LastWins, NameCase::Any},
     keep_format},
    {{"alias", Kind::Text, "", "the command", "Name of a command in its events.", Repeats::LastWins, NameCase::Any},
     keep<&Localfile::alias>},
    {{"frequency", Kind::Special, "seconds, hourly, daily", "360", "How often a command runs."}, keep_frequency},
    {{"only-future-events", Kind::OnlyYes, "yes", "no", "Skip what is there already (event channels)."},
     keep<&Localfile::only_future_events>},
    {{"query", Kind::Text, "", "", "Filter of an event channel."}, keep<&Localfile::query>},
};

void check_formats(const Localfile& l, SectionReader& reader) {
  const bool runs = l.log_format == "command" || l.log_format == "full_command";
  if (runs && l.command.empty()) {
    reader.warning({"C108",
                    "a <localfile> of format " + l.log_format + " has no <command> and is ignored",
                    l.at,
                    9,
                    {},
                    {reader.error_line(0, "Missing 'command' argument. This option will be ignored.")}});
  }
  if (l.log_format == "json") {
    reader.warning({"C108",
                    "format json is read as syslog is: a line is a record",
                    l.at,
                    9,
                    "write syslog, which OSSEC knows too",
                    {}});
  }
  if (l.log_format == "eventlog" && l.location != "Application" && l.location != "System" && l.location != "Security") {
    reader.warning({"C108",
                    "'" + l.location + "' is none of the standard event logs",
                    l.at,
                    9,
                    {},
                    {reader.line(1907, "INFO", "Non-standard event log set: '" + l.location + "'.")}});
  }
}

bool is_repeated(const Localfile& l, const Config& config, SectionReader& reader) {
  if (l.location.empty()) return false;
  const bool found = std::any_of(config.localfiles.begin(), config.localfiles.end(),
                                 [&](const Localfile& other) { return other.location == l.location; });
  if (!found) return false;
  reader.warning({"C107",
                  "'" + l.location + "' is collected already; this entry is left out",
                  l.at,
                  9,
                  {},
                  {reader.line(0, "WARN", "Duplicated log file given: '" + l.location + "'.")}});
  return true;
}

void read_localfile(const XmlElement& section, Config& config, SectionReader& reader) {
  Localfile l;
  l.at = reader.at(section);
  if (!read_options(kLocalfileOptions, section, l, reader)) return;
  if (l.log_format.empty()) {
    reader.error({"C012",
                  "<localfile> has no <log_format>",
                  l.at,
                  9,
                  {},
                  {reader.error_line(1901, "Missing 'log_format' element.")}});
    return;
  }
  if (l.location.empty() && l.command.empty()) {
    reader.error({"C012",
                  "<localfile> has neither <location> nor <command>",
                  l.at,
                  9,
                  {},
                  {reader.error_line(1902, "Missing 'location' element.")}});
    return;
  }
  check_formats(l, reader);
  if (!is_repeated(l, config, reader)) config.localfiles.push_back(std::move(l));
}

std::vector<OptionInfo> localfile_infos() {
  return infos<Localfile>(kLocalfileOptions);
}

}  // namespace

Section localfile_section() {
  return {"localfile",    Pass::NotAnalysis, "A source of log lines, one block each.",
          read_localfile, localfile_infos,   {}};
}

}  // namespace gander::config
