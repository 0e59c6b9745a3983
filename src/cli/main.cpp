// gander, and the names of OSSEC's tools: the name it is called by chooses the door.

#include <csignal>
#include <exception>
#include <iostream>
#include <string>
#include <variant>

#include "cli/commands.h"

namespace {

std::string tool_name(const char* path) {
  const std::string whole = path ? path : "gander";
  return whole.substr(whole.find_last_of('/') + 1);
}

int dispatch(int argc, char** argv) {
  using namespace gander::cli;
  const std::string tool = tool_name(argc > 0 ? argv[0] : nullptr);
  const Arguments arguments =
      is_ossec_tool(tool) ? parse_ossec_arguments(tool, argc, argv) : parse_gander_arguments(argc, argv);
  if (const auto* shown = std::get_if<HelpShown>(&arguments)) return shown->status;
  return std::visit(
      [](const auto& a) {
        if constexpr (std::is_same_v<std::decay_t<decltype(a)>, HelpShown>)
          return a.status;
        else
          return run(a);
      },
      arguments);
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe is an error of one write, told by name, not the end of the program.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return dispatch(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "gander: " << e.what() << "\n";
    return 2;
  }
}
