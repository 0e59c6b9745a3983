// What the command line tells of itself: manual pages and completion scripts, made from its parser.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace gander::cli {

// roff; `command` empty: of the program. Empty: there is no such command.
std::string manual_page_of(const CLI::App& app, const std::string& command);
// Of one of OSSEC's names, from its help: "\nTITLE: what it does\n", then the options.
std::string manual_page_of_tool(const std::string& name, const std::string& help);
// For "bash" or "zsh"; empty for others.
std::string completion_of(const CLI::App& app, const std::string& shell);

}  // namespace gander::cli
