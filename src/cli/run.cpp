// `gander run`: watch this host. `gander status`, `reload`, `restart` and `stop` speak with the one that does.

#include <pwd.h>
#include <unistd.h>

#include <iostream>

#include "base/file.h"
#include "cli/commands.h"
#include "cli/host_status.h"
#include "cli/layout.h"
#include "cli/session.h"
#include "cli/version.h"
#include "live/control_socket.h"
#include "live/standing_responder.h"
#include "live/supervisor.h"

namespace gander::cli {
namespace {

std::string system_host_name() {
  char buffer[512] = {};
  return ::gethostname(buffer, sizeof buffer - 1) == 0 ? buffer : "localhost";
}

int complain(const Error& error) {
  std::cerr << "gander: " << error.message << "\n";
  return 2;
}

// What both halves of a host have.
Result<live::HostSettings> settings_of(const RulesetArguments& arguments, const std::string& state,
                                       const std::string& user) {
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) return tl::unexpected(layout.error());
  if (!user.empty() && !::getpwnam(user.c_str())) return fail("C045", "there is no user '" + user + "'");
  live::HostSettings s;
  s.rules_home = layout->home;
  s.home = state.empty() ? layout->state : state;
  s.config = layout->config;
  s.shipped_config = is_shipped(layout->config);
  s.compat = arguments.compat;
  s.zone = base::TimeZone::local();
  s.host_name = system_host_name();
  s.version = kVersion;
  return s;
}

Result<live::SupervisorOptions> options_of(const RunArguments& arguments) {
  const Result<live::HostSettings> settings = settings_of(arguments, arguments.state, arguments.user);
  if (!settings) return tl::unexpected(settings.error());
  live::SupervisorOptions options;
  live::HostSettings& s = options.settings;
  s = *settings;
  if (!arguments.zone.empty()) {
    const Result<base::TimeZone> named = base::TimeZone::named(arguments.zone);
    if (!named) return tl::unexpected(named.error());
    s.zone = *named;
  }
  if (!arguments.hostname.empty()) s.host_name = arguments.hostname;
  s.responder_socket = arguments.responder;
  s.user = arguments.user;
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  options.show_alerts = terminal || arguments.show_alerts;
  options.colour = colour_for(STDOUT_FILENO) == Colour::On;
  options.echo = arguments.quiet ? live::Echo::No : live::Echo::Yes;
  return options;
}

// What the socket of the watched home answers to `word`.
Result<std::string> ask(const HostArguments& arguments, std::string_view word) {
  const Result<Layout> layout = find_layout(arguments);
  if (!layout) return tl::unexpected(layout.error());
  const std::string home = arguments.state.empty() ? layout->state : arguments.state;
  Result<std::string> answer = live::ControlSocket::ask(base::join(home, "run/gander.sock"), word);
  if (!answer) return fail(answer.error().code, "gander does not run on " + home + " (" + answer.error().message + ")");
  return answer;
}

}  // namespace

int run(const RunArguments& arguments) {
  const Result<live::SupervisorOptions> options = options_of(arguments);
  if (!options) return complain(options.error());
  return live::Supervisor(*options).run();
}

int run(const ResponderArguments& arguments) {
  const Result<live::HostSettings> settings = settings_of(arguments, arguments.state, arguments.user);
  if (!settings) return complain(settings.error());
  return live::run_standing_responder({*settings, arguments.socket, arguments.user});
}

int run(const HostArguments& arguments) {
  const Result<std::string> answer = ask(arguments, arguments.word);
  if (!answer) {
    std::cerr << "gander: " << answer.error().message << "\n";
    return 1;
  }
  const bool refused = answer->starts_with("error:");
  if (arguments.word == "status" && !refused) {
    if (arguments.output == "json") {
      std::cout << *answer;
      return 0;
    }
    return show_status(*answer, std::cout) ? 0 : 1;
  }
  (refused ? std::cerr : std::cout) << *answer;
  return refused ? 2 : 0;
}

}  // namespace gander::cli
