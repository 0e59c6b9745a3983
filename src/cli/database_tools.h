// What syscheck_control and rootcheck_control have in common: whom they speak of, how they refuse, what they clear.
#pragma once

#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/known_agents.h"

namespace gander::cli {

int run_syscheck_control(const DatabaseArguments& arguments, const std::string& home);
int run_rootcheck_control(const DatabaseArguments& arguments, const std::string& home);

// Codes of refuse_database().
constexpr int kNoAgentWithRoots = 10;
constexpr int kNoAgentWithFiles = 30;
// Tells why not, in the form that was asked for; the exit status. `code`: of the JSON form.
int refuse_database(const DatabaseArguments& arguments, int code, std::string_view text);

// "local system 'host - 127.0.0.1'" or "agent 'web1 (001) - 10.0.0.5/32'".
std::string shown_agent(const KnownAgent& agent);

// Empties files of `folder` (below the home): those of the agent that `id` means, or with "all" every one; their marks
// (.LOCATION.cpt, .LOCATION.maint) go. `done`: what is said then. Gander sees it at once.
int clear_databases(const DatabaseArguments& arguments, const std::string& home, std::string_view folder,
                    std::string_view done);

}  // namespace gander::cli
