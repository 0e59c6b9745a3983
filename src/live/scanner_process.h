// ScannerProcess: integrity and root checks of this host. Reads everything, runs nothing; its thread (scan_work.h) does
// the work, this one holds the links: analysis keeps what was found, the responder opens fanotify and runs
// prefilter_cmd.
#pragma once

#include <memory>
#include <optional>

#include "live/process.h"
#include "live/scan_outbox.h"
#include "live/scan_work.h"

namespace gander::live {

class ScannerProcess final : public Process {
 public:
  static constexpr std::chrono::seconds kGroupPatience{10};  // with a responder that does not answer

  ScannerProcess(HostSettings settings, base::Descriptor supervisor);

 private:
  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;
  void peer(Role role, base::Descriptor socket) override;
  std::string reload() override;
  std::string status() override;
  bool stop(collect::Moment now) override;

  void serve_analysis(collect::Moment now);
  void serve_responder();
  void begin_work(collect::Moment now);
  bool watches() const;
  void tell_log();

  HostConfig config_;
  ScanOutbox outbox_;
  std::optional<Link> analysis_;
  std::optional<Link> responder_;
  bool attached_ = false;  // the analysis said once what it has
  std::unique_ptr<ScanWork> work_;
  bool begin_ = true;  // (again)
  bool asked_ = false;
  std::optional<collect::Steady> group_until_;
  bool group_answered_ = false;
  base::Descriptor group_;
  std::string group_trouble_;
};

}  // namespace gander::live
