// IntegrityHome: what every `gander integrity` action needs: the configuration, the plan of what is watched, the folder
// of the baseline.
//
// Owns:    plain values.
#pragma once

#include <optional>
#include <string>

#include "cli/arguments.h"
#include "config/config.h"
#include "integrity/watch_plan.h"

namespace gander::cli {

struct IntegrityHome {
  config::Syscheck settings;
  std::string queue;     // STATE/queue
  std::string analysis;  // STATE/logs
};

// Nothing when the configuration has errors; they are shown then.
std::optional<IntegrityHome> open_integrity_home(const IntegrityArguments& arguments);
// The plan, its findings shown.
integrity::WatchPlan make_plan(const IntegrityHome& home, model::Compat compat);

// "1.4 GB".
std::string shown_bytes(uint64_t bytes);
// Event text or path fit for a terminal: line ends stay, what acts on a display does not.
std::string shown_lines(std::string_view text);

int watch_files(const IntegrityArguments& arguments);  // integrity_watch.cpp

}  // namespace gander::cli
