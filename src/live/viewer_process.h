// ViewerProcess: alerts on standard output as they come, a line each, for whoever started `gander run` at a terminal.
#pragma once

#include <optional>

#include "live/process.h"
#include "model/stored_alert.h"
#include "store/spool.h"

namespace gander::live {

enum class Colours { No, Yes };

class ViewerProcess final : public Process {
 public:
  ViewerProcess(HostSettings settings, Colours colours, base::Descriptor supervisor);

 private:
  bool start() override;
  std::optional<collect::Steady> step(collect::Moment now) override;
  void add_descriptors(std::vector<pollfd>& wanted) override;

  void show(const model::StoredAlert& alert, std::string_view level, std::string& out) const;

  Colours colours_;
  std::optional<store::SpoolReader> reader_;
};

}  // namespace gander::live
