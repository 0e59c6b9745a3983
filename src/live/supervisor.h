// Supervisor: starts the processes of a live host, connects them, starts one again that died, and does nothing else.
//
// Owns:    the children, their links, the log, the control socket.
// Threads: one thread; forks, so it must not be used in a process with others.
// Fails:   run() returns 2 when the first start fails (its reason is in the log and on standard error), 0 after an
// orderly
//          stop.
#pragma once

#include <pwd.h>

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "live/control_socket.h"
#include "live/host_log.h"
#include "live/process.h"
#include "live/responder_line.h"
#include "live/service_manager.h"

namespace gander::live {

struct SupervisorOptions {
  HostSettings settings;
  Echo echo = Echo::No;      // log lines on standard error
  bool show_alerts = false;  // alerts on standard output, as they come
  bool colour = false;
};

class Supervisor {
 public:
  explicit Supervisor(SupervisorOptions options);
  ~Supervisor();

  int run();

 private:
  struct Child {
    Role role;
    pid_t pid = -1;          // -1: not running, or not known
    bool elsewhere = false;  // not a child of this process: its life is that of its link
    std::string trouble;     // why one that is elsewhere is not there
    std::optional<Link> link;
    bool ready = false;
    bool ends_well = false;  // it left on its own and is not needed (nothing to do)
    uint64_t restarts = 0;
    collect::Steady started{0};
    collect::Steady next_start{0};
    std::string status = "{}";
  };
  // A question of the control socket that waits for children.
  struct Question {
    ControlSocket::Ticket ticket = 0;
    std::set<Role> outstanding;
    collect::Steady until{0};
    std::string trouble;  // reload: what was refused
    bool is_reload = false;
    bool analysis_agreed = false;
  };

  bool make_folders();
  void make_key(const passwd& user);
  bool block_signals();
  void announce(collect::Moment now);
  void start_due(collect::Moment now);
  bool give_up_rights();
  void start(Child& child, collect::Moment now);
  void call(Child& child, collect::Moment now);
  [[noreturn]] void be(Role role, base::Descriptor socket);
  void connect(Child& child);
  Child* child(Role role);
  void serve(Child& child, collect::Moment now);
  void take(Child& child, Frame kind, std::string_view payload, collect::Moment now);
  void reap(collect::Moment now);
  void link_ended(Child& child, collect::Moment now);
  void ended(Child& child, int status, collect::Moment now);
  void read_signals(collect::Moment now);
  void asked(ControlSocket::Ticket ticket, const std::string& word, collect::Moment now);
  void begin_reload(ControlSocket::Ticket ticket, collect::Moment now);
  void reloaded(Child& child, std::string_view trouble);
  void finish_questions(collect::Moment now);
  std::string status_text() const;
  // Whether blocks in force stay, for the next start.
  enum class Blocks { Undo, Keep };
  // What comes behind the stop.
  enum class Then { End, StartAgain };
  void begin_stop(collect::Moment now, Blocks blocks, Then then);
  void start_again(collect::Moment now);
  bool stop_goes_on(collect::Moment now);
  collect::Steady next_deadline(collect::Moment now) const;
  void wait(collect::Steady until);

  SupervisorOptions options_;
  HostLog log_;
  ServiceManager service_;
  ControlSocket control_;
  base::Descriptor signals_;
  std::unique_ptr<ResponderLine> responder_;  // null: a child like the others
  Protections protections_;
  std::vector<Child> children_;
  std::vector<Question> questions_;
  bool failed_ = false;                      // the first start did not succeed
  bool control_opened_ = false;              // the socket in the home is ours
  bool announced_ = false;                   // READY was told
  std::optional<collect::Steady> stopping_;  // since; of the process whose turn it is
  size_t stop_round_ = 0;
  Blocks blocks_ = Blocks::Undo;
  Then then_ = Then::End;
  collect::Steady next_heartbeat_{0};
  collect::Moment begin_;
  std::vector<pollfd> wanted_;
};

}  // namespace gander::live
