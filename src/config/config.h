// Config: ossec.conf as typed values, every element checked; the headline header of this module.
//
// Owns:    plain values.
// Threads: values; loading is a function of its arguments and the named file.
// Fails:   findings go to Diagnostics, all at once; the result is usable only when they hold no error.
// OSSEC:   same sections and merging; differences in docs/compat.md.
#pragma once

#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "config/sections.h"
#include "model/compat.h"

namespace gander::config {

// Which sections are checked: all of them, or those that OSSEC's analysis and test tool read (with the lines that they
// print, the closing 1202 lines included; OSSEC stops at its first error, so only that one carries lines).
enum class Scope { Everything, Analysis };

// Whether an agent takes <command> entries from agent.conf (logcollector.remote_commands).
enum class RemoteCommands { Refuse, Accept };

struct LoadOptions {
  model::Compat compat = model::Compat::Mended;
  Scope scope = Scope::Everything;
  std::string program = "ossec-testrule";  // name in OSSEC's lines
  std::string shown = {};                  // the file's name in OSSEC's lines; empty = the path
  RemoteCommands remote_commands = RemoteCommands::Refuse;
};

struct Config {
  std::string file;
  Global global;
  Rules rules;
  Alerts alerts;
  Syscheck syscheck;
  Rootcheck rootcheck;
  Sensitive sensitive;
  std::vector<Localfile> localfiles;
  std::vector<Remote> remotes;
  Client client;
  std::vector<Command> commands;
  std::vector<ActiveResponse> active_responses;
  ResponseSettings responses;
  std::vector<EmailAlert> email_alerts;
  std::vector<Report> reports;
  std::vector<SyslogOutput> syslog_outputs;
  std::vector<Webhook> webhooks;
  Database database;
  std::vector<Agentless> agentless;
};

Config load_config(const std::string& path, const LoadOptions& options, Diagnostics& diagnostics);
// The same for a text in memory; `file` is its name in findings.
Config parse_config(std::string_view text, const std::string& file, const LoadOptions& options,
                    Diagnostics& diagnostics);

}  // namespace gander::config
