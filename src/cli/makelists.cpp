// `gander makelists` and `ossec-makelists`: the configuration's lists, compiled for look-up.

#include <iostream>
#include <vector>

#include "cli/commands.h"
#include "cli/layout.h"
#include "cli/session.h"
#include "config/expand_rules.h"
#include "manager/input_clock.h"
#include "rules/make_lists.h"

namespace gander::cli {
namespace {

std::string text_path_of(const std::string& cdb_path) {
  constexpr std::string_view kEnding = ".cdb";
  return cdb_path.ends_with(kEnding) ? cdb_path.substr(0, cdb_path.size() - kEnding.size()) : cdb_path;
}

}  // namespace

int run(const MakelistsArguments& arguments) {
  const bool ossec = arguments.door == Door::Ossec;
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) {
    std::cerr << "gander: " << layout.error().message << "\n";
    return ossec ? 1 : 2;
  }
  Diagnostics diagnostics;
  config::LoadOptions load;
  load.compat = arguments.compat;
  load.scope = config::Scope::Analysis;
  load.shown = arguments.config;
  load.program = "ossec-makelists";
  const config::Config config = config::load_config(layout->config, load, diagnostics);
  const config::RulesetSources sources = config::expand_rules(config, layout->home, arguments.compat, diagnostics);
  if (diagnostics.has_errors()) {
    show_findings(diagnostics, Findings::Errors);
    return ossec ? 1 : 2;
  }
  std::vector<rules::ListSource> lists;
  for (const config::ListSource& list : sources.lists) lists.push_back({list.name, text_path_of(list.path), list.path});
  const base::TimeZone zone = base::TimeZone::local();
  const size_t failed = rules::make_lists(
      lists, arguments.force ? rules::MakeLists::All : rules::MakeLists::Outdated, std::cout, std::cerr,
      [&](const std::string& text) { std::cerr << log_line(zone, manager::wall_now(), text); });
  std::cout.flush();
  return failed > 0 && !ossec ? 1 : 0;
}

}  // namespace gander::cli
