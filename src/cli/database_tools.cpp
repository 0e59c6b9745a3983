#include "cli/database_tools.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <optional>
#include <vector>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/json_text.h"
#include "base/utf8.h"
#include "cli/commands.h"
#include "cli/layout.h"

namespace gander::cli {
namespace {

constexpr int kNotCleared = 33;

Result<void> empty_file(const std::string& path) {
  const base::Descriptor fd(::open(path.c_str(), O_WRONLY | O_TRUNC | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno != ENOENT) return fail("I002", path + ": " + std::strerror(errno));
  return {};
}

// ".syscheck.cpt", ".syscheck.maint"; the marker of an agent stands for both of its locations.
void drop_marks(const std::string& folder, const std::string& location) {
  ::unlink(base::join(folder, "." + location + ".cpt").c_str());
  const std::string agent = location.substr(0, location.find("->"));
  ::unlink(base::join(folder, "." + agent + ".maint").c_str());
}

}  // namespace

std::string shown_agent(const KnownAgent& agent) {
  const std::string name = base::printable(agent.name);
  if (agent.local()) return fmt::format("local system '{} - {}'", name, agent.address);
  return fmt::format("agent '{} ({}) - {}'", name, agent.id, base::printable(agent.address_with_prefix()));
}

int refuse_database(const DatabaseArguments& arguments, int code, std::string_view text) {
  if (arguments.form == DatabaseArguments::Form::Json) {
    std::string out;
    base::JsonBuilder json(out, base::DamagedUtf8::Replace);
    json.open_object();
    json.number("error", code);
    json.string("description", text);
    json.close_object();
    std::cout << out;
  } else {
    std::cout << "\n** " << base::printable(text) << "\n";
  }
  return 1;
}

int clear_databases(const DatabaseArguments& arguments, const std::string& home, std::string_view folder,
                    std::string_view done) {
  const std::string path = base::join(home, "queue/" + std::string(folder));
  std::vector<std::string> locations;
  if (arguments.id == "all") {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
      const std::string name = entry.path().filename().string();
      if (name.starts_with('.')) {
        ::unlink(entry.path().c_str());
      } else {
        locations.push_back(name);
      }
    }
  } else {
    const std::optional<KnownAgent> agent = find_agent(home, arguments.id);
    if (!agent) {
      return refuse_database(arguments, folder == "rootcheck" ? kNoAgentWithRoots : kNoAgentWithFiles,
                             "Invalid agent id '" + arguments.id + "'.");
    }
    locations.push_back(agent->location(folder));
    if (!agent->local() && folder == "syscheck") locations.push_back(agent->location("syscheck-registry"));
  }
  for (const std::string& location : locations) {
    if (const Result<void> emptied = empty_file(base::join(path, location)); !emptied) {
      return refuse_database(arguments, kNotCleared, emptied.error().message);
    }
    if (folder == "syscheck") drop_marks(path, location);
  }
  if (arguments.form == DatabaseArguments::Form::Json) {
    std::cout << fmt::format(R"({{"error":0,"response":"{}"}})", done);
  } else {
    std::cout << "\n** " << done << ".\n\n";
  }
  return 0;
}

int run(const DatabaseArguments& arguments) {
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) {
    std::cerr << "gander: " << layout.error().message << "\n";
    return 1;
  }
  if (arguments.what == DatabaseArguments::What::Agents) {
    std::cout << agent_list(layout->state, arguments.tool, arguments.active_only, arguments.form);
    return 0;
  }
  return arguments.kind == DatabaseArguments::Kind::Files ? run_syscheck_control(arguments, layout->state)
                                                          : run_rootcheck_control(arguments, layout->state);
}

}  // namespace gander::cli
