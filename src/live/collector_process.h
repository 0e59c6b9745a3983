// CollectorProcess: files and the journal to records, records to the analysis. Keeps nothing: its places come from the
// analysis, which tells it what is kept for good.
#pragma once

#include <memory>
#include <optional>

#include "collect/sources.h"
#include "live/process.h"

namespace gander::live {

class CollectorProcess final : public Process, private collect::Sink {
 public:
  CollectorProcess(HostSettings settings, base::Descriptor supervisor);

 private:
  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;
  void peer(Role role, base::Descriptor socket) override;
  std::string reload() override;
  std::string status() override;

  void take(const collect::Batch& batch) override;
  void say(const collect::Notice& notice) override;

  void serve_analysis();
  collect::SourceOptions options() const;

  HostConfig config_;
  std::optional<Link> analysis_;
  std::optional<collect::Sources> sources_;  // once the places are known
  collect::Moment now_;
};

}  // namespace gander::live
