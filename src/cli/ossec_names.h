// The parts of the command line of OSSEC's names: one file for each family.
#pragma once

#include <string>

#include "cli/arguments.h"

namespace gander::cli {

// The home whose bin/ holds the link `name` that the program was called by, as with OSSEC's own; empty: none.
std::string home_of_link(const std::string& called, const std::string& name);

bool is_database_tool(const std::string& tool);
std::string database_tool_help(const std::string& tool);
Arguments parse_database_tool(const std::string& tool, int argc, char** argv);

}  // namespace gander::cli
