// `gander check`: everything that is wrong with a configuration, its decoders, lists and rules, at once.

#include <iostream>

#include "cli/commands.h"
#include "cli/session.h"

namespace gander::cli {

int run(const CheckArguments& arguments) {
  const Result<Session> session = open_session(arguments, "", "", config::Scope::Everything);
  if (!session) {
    std::cerr << "gander: " << session.error().message << "\n";
    return 2;
  }
  const size_t errors = show_findings(session->diagnostics, Findings::All);
  const size_t warnings = session->diagnostics.warning_count();
  std::cout << session->layout.config << ": " << errors << (errors == 1 ? " error, " : " errors, ") << warnings
            << (warnings == 1 ? " warning" : " warnings");
  if (session->ruleset) {
    std::cout << "; " << session->ruleset->decoders().size() << " decoders, " << session->ruleset->tree().rules.size()
              << " rules";
  }
  std::cout << "\n";
  return errors == 0 ? 0 : 1;
}

}  // namespace gander::cli
