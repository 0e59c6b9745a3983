// StandingResponder: the responder as a unit of its own (`gander responder`): root, the only one that hits back.
//
// It listens at a socket for one supervisor at a time, of root or of one user, and stays when that one ends: blocks in
// force keep their time, `gander respond` still works, and the next supervisor is served. A supervisor that stops
// watching has all undone; so has SIGTERM, while SIGUSR1 (a restart) and a system that goes down leave all in force.
//
// Owns:    the socket, the signals.
// Threads: one thread.
// Fails:   run() returns 2 when the configuration cannot be used or trusted, or the socket cannot be made; the reason
// is on
//          standard error.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "live/responder_process.h"
#include "live/service_manager.h"
#include "respond/local_socket.h"

namespace gander::live {

struct StandingOptions {
  HostSettings settings;
  std::string socket;
  std::string user;  // whose supervisor may connect besides root's; empty: this user's
};

int run_standing_responder(const StandingOptions& options);

// What outlives a single life of the responder: a life ends when a supervisor has stopped.
struct Door {
  respond::LocalSocket listener;
  base::Descriptor signals;
  ServiceManager service;
  uid_t user = 0;
  bool announced = false;
  bool told_to_end = false;
};

class StandingResponder final : public ResponderProcess {
 public:
  StandingResponder(HostSettings settings, Door& door);

 private:
  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;
  bool stop(collect::Moment now) override;
  bool outlives_supervisor() override;
  void log_alone(Severity severity, std::string_view text) override;

  void admit();
  void read_signals();
  void beat(collect::Moment now);

  Door& door_;
  collect::Steady next_beat_{0};
};

// Empty, or why root must not run what a configuration names that somebody else can write.
std::string distrust_of(const HostSettings& settings);

}  // namespace gander::live
