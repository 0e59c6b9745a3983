// Layout: where configuration, rules and state lie.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/arguments.h"

namespace gander::cli {

struct Layout {
  std::string home;    // relative names of the configuration resolve here
  std::string state;   // queue/ and logs/ are kept here
  std::string config;  // the ossec.conf to read
};

// `--home` if given; else for OSSEC names /var/ossec if it holds a configuration; else the installed home, else the
// checkout the program was built in (its rules, with state in ./var). Fails with C043 when none has a configuration.
Result<Layout> find_layout(const RulesetArguments& arguments);

// What came with the program: beside it where it is installed, or the checkout it was built in. Fails with C043.
Result<Layout> find_shipped_layout();
// Whether this ossec.conf is the one that came with the program.
bool is_shipped(const std::string& config);
// Where an installed Gander keeps configuration and state.
std::string installed_home();

}  // namespace gander::cli
