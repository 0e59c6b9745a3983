// ResponderProcess: runs what root's own configuration names: response scripts, commands whose output is watched, a
// mail program. Sees no log text but the arguments of a request, which it checks again.
#pragma once

#include <deque>
#include <memory>
#include <optional>

#include "collect/command_runner.h"
#include "live/filter_programs.h"
#include "live/mail_program.h"
#include "live/process.h"
#include "respond/control.h"
#include "respond/executor.h"
#include "respond/guard.h"

namespace gander::live {

class ResponderProcess : public Process, private collect::Sink {
 public:
  static constexpr size_t kMostWaiting = 100'000;  // requests that wait for their turn

  ResponderProcess(HostSettings settings, base::Descriptor supervisor);

 protected:
  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;
  void peer(Role role, base::Descriptor socket) override;
  std::string reload() override;
  std::string status() override;
  bool stop(collect::Moment now) override;
  // The processes it served have gone with their supervisor.
  void drop_peers();

 private:
  void take(const collect::Batch& batch) override;
  void say(const collect::Notice& notice) override;

  void write_response_list();
  void serve_analysis();
  void serve_notifier(collect::Moment now);
  void serve_scanner(collect::Moment now);
  void open_watch();
  void run_requests();
  std::optional<collect::Steady> next_deadline(collect::Moment now) const;

  HostConfig config_;
  respond::LiveHost host_;
  std::unique_ptr<respond::Guard> guard_;
  std::unique_ptr<respond::Executor> executor_;
  std::unique_ptr<respond::ControlServer> control_;
  std::optional<Link> analysis_;
  std::optional<Link> notifier_;
  std::optional<Link> scanner_;
  FilterPrograms filters_;
  std::optional<collect::CommandRunner> commands_;
  std::unique_ptr<MailProgram> mail_;
  std::deque<std::string> requests_;
  bool undoing_ = false;
};

}  // namespace gander::live
