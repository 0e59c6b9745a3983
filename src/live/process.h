// Process: what every process of a live host has: a link to its supervisor, a log that goes there, and a loop that
// waits.
//
// Owns:    the link to the supervisor.
// Threads: one thread.
// Fails:   a supervisor that is gone ends the process (stopping() turns true), unless outlives_supervisor().
#pragma once

#include <poll.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "collect/record.h"
#include "live/confinement.h"
#include "live/host_config.h"
#include "live/link.h"
#include "live/wire.h"

namespace gander::live {

// Now, on both clocks.
collect::Moment moment_now();

class Process {
 public:
  Process(Role role, HostSettings settings, base::Descriptor supervisor);
  virtual ~Process() = default;

  // The whole life; the exit status.
  int run();

 protected:
  // Everything is loaded and opened, files that are behind the confinement too. False: log() has said why.
  virtual bool start() = 0;
  // Called after each wait; returns until when the next wait may last, by the steady clock; empty: for ever.
  virtual std::optional<collect::Steady> step(collect::Moment now) = 0;
  // Descriptors to wait for, with their events.
  virtual void add_descriptors(std::vector<pollfd>& wanted) = 0;
  // A link to another process.
  virtual void peer(Role role, base::Descriptor socket) {
    static_cast<void>(role);
    static_cast<void>(socket);
  }
  // A new configuration: empty, or why the old one stays.
  virtual std::string reload() { return {}; }
  // Members of the status object.
  virtual std::string status() { return "{}"; }
  // In order, before the process ends. False: not yet, call again.
  virtual bool stop(collect::Moment now) {
    static_cast<void>(now);
    return true;
  }

  // The supervisor has gone. True: the process goes on and is given another one (serve_new_supervisor).
  virtual bool outlives_supervisor() { return false; }
  // What log() does while there is no supervisor.
  virtual void log_alone(Severity severity, std::string_view text) {
    static_cast<void>(severity);
    static_cast<void>(text);
  }

  const HostSettings& settings() const { return settings_; }
  void log(Severity severity, std::string_view text);
  bool stopping() const { return stopping_; }
  // The host goes on being watched by the next start (a restart, a reboot): what is in force stays.
  bool keeps_state() const { return keeps_state_; }
  // As when a Stop with this payload came.
  void end(std::string_view how);
  bool has_supervisor() const { return supervisor_.state() == Link::State::Open; }
  void serve_new_supervisor(base::Descriptor socket);
  static pollfd readable(int fd) { return {fd, POLLIN, 0}; }
  static pollfd of_link(const Link& link);

 private:
  void serve_supervisor();
  std::string status_with_protections();
  void wait(std::optional<collect::Steady> until);

  Role role_;
  HostSettings settings_;
  Link supervisor_;
  bool had_supervisor_;
  Protections protections_;
  bool stopping_ = false;
  bool keeps_state_ = false;
  std::vector<pollfd> wanted_;
};

}  // namespace gander::live
