// IndexerProcess: fills the index of alerts from the spool, and closes days that have ended: sums, compression,
// retention.
#pragma once

#include <memory>
#include <optional>

#include "live/process.h"
#include "store/indexer.h"

namespace gander::live {

class IndexerProcess final : public Process {
 public:
  IndexerProcess(HostSettings settings, base::Descriptor supervisor);

 private:
  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;
  std::string reload() override;
  std::string status() override;

  void close_days(collect::Moment now);
  void tell_notes();

  HostConfig config_;
  std::unique_ptr<store::Indexer> indexer_;
  std::optional<collect::Steady> next_look_;  // at days that ended
  uint64_t indexed_ = 0;
  std::string trouble_;
};

}  // namespace gander::live
