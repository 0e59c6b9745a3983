// Executor: runs response scripts, undoes them when their time is up, and remembers across restarts what it has done.
// The half of active response that runs in the responder process, as root.
//
// Drive it so: open() once; submit() for each request while accepts(); wait on descriptor() for at most wait(now);
// poll() after every wait. A reload hands over a new list by set_responses(). stop() undoes all; poll() until idle(),
// then let go. Without stop() (kill -9, a restart of the process, a reboot) everything pending stays, and open() takes
// it up again: what fell due meanwhile is undone, and after a reboot the rest is put in force again.
//
// Owns:    the state folder (queue/responses of the home, locked), the child processes it started, one epoll
// descriptor. Threads: one thread. Takes no signals; reaps only its own children. Cost:    submit() writes and syncs a
// line or two before a script starts; never waits for a script. Fails:   open() with V002 (another one holds the
// state), V003 (the state cannot be used). Later failures are log lines;
//          while the state cannot be written scripts still run, and the log says so.
// OSSEC:   same argument vectors, texts and offender rules; differences in docs/compat.md#active-response.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/compat.h"
#include "respond/guard.h"
#include "respond/moment.h"
#include "respond/request.h"
#include "respond/response_list.h"

namespace gander::respond {

struct ExecutorOptions {
  std::string home;  // scripts in active-response/bin, state in queue/responses
  model::Compat compat = model::Compat::Mended;
  std::string boot_id;                   // boot_id()
  std::chrono::seconds script_time{60};  // a script that runs longer is killed, with its children
  size_t most_running = 32;              // scripts at once
  size_t most_pending = 65536;           // entries that wait for their undoing
  // Program that resolves names of the allow list ("ahosts NAME"); empty: nobody is asked.
  std::string lookup_program = "/usr/bin/getent";
};

// What became of a request.
enum class Outcome {
  Started,     // the script runs or waits for its turn
  TimerSet,    // the same block is in force: its time starts anew
  SeenBefore,  // this request was answered before
  TooOld,      // the event is older than the response lasts
  Guarded,     // blocking this source would cut off this host, or it is on the allow list
  Unknown,     // no such response
  NotPresent,  // its executable is not on this host, or must not be trusted
  Invalid,     // an argument is not what it should be
  NotHere,     // for an agent
  Disabled,    // active response is switched off, or stopping
  Full,        // most_pending
};
std::string_view words(Outcome outcome);

// A block in force.
struct PendingBlock {
  std::string response;
  std::string executable;
  std::string user;  // "-": none
  std::string srcip;
  std::string alert_id;
  std::string stable_id;
  std::string rule;
  base::Instant added{};
  base::Instant due{};  // by the wall clock, as it is now
  std::chrono::seconds timeout{0};
  int offences = 0;   // how often this source came back
  std::string state;  // waiting, in force, failed, being undone
};

struct Notices {
  std::function<void(const std::string&)> log;    // a line for the program's log, without time
  std::function<void(const std::string&)> event;  // a message to be analysed, e.g. that the guard said no
};

class Executor {
 public:
  Executor(ExecutorOptions options, ResponseList responses, Guard& guard, Notices notices);
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;
  ~Executor();  // kills nothing and undoes nothing

  Result<void> open(Moment now);
  // A new configuration; blocks in force keep their time.
  void set_responses(ResponseList responses);
  const ResponseList& responses() const;

  // False: scripts wait for their turn in large numbers; leave requests where they are and ask again after poll().
  bool accepts() const;
  Outcome submit(const ResponseRequest& request, Moment now);

  // Readable when a script has ended.
  int descriptor() const;
  // How long the caller may sleep before poll() has something to do; nullopt: as long as it likes.
  std::optional<std::chrono::milliseconds> wait(Moment now) const;
  void poll(Moment now);

  void stop(Moment now);
  // No script runs or waits to run.
  bool idle() const;

  std::vector<PendingBlock> pending(Moment now) const;
  // Undoes now what was asked for by this alert (its id or stable id), what this source is blocked with, or "all".
  // Returns how many.
  size_t undo(std::string_view what, Moment now);
  // The same for what one response did to this source or user; empty texts do not restrict.
  size_t undo_of(std::string_view response, std::string_view srcip, std::string_view user, Moment now);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gander::respond
