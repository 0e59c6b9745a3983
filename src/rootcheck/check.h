// What every check of a run is given: the settings, where findings go, and whether to go on.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "config/sections.h"
#include "model/compat.h"

namespace gander::rootcheck {

// The role behind a run.
class Sink {
 public:
  virtual ~Sink() = default;
  // One message of OSSEC's queue 9; analysis remembers which it has seen.
  virtual void finding(std::string text) = 0;
  virtual void log(Severity severity, std::string text) = 0;
  // Asked between small pieces of work; may wait, so that the run takes its share of the machine and no more.
  // False: the run ends.
  virtual bool go_on() = 0;
  // A pause before a look that failed is taken again. False: the run ends.
  virtual bool pause() = 0;
};

struct Settings {
  config::Rootcheck options;  // paths as they are to be opened
  model::Compat compat = model::Compat::Mended;
  std::string proc = "/proc";  // the view that is compared with the system calls

  bool exact() const { return compat == model::Compat::Ossec43; }
  // Below base_directory: "/usr/bin" for "usr/bin".
  std::string below_base(std::string_view path) const {
    std::string out = options.base_directory;
    while (!out.empty() && out.back() == '/') out.pop_back();
    if (!path.starts_with('/')) out += '/';
    return out.append(path);
  }
};

}  // namespace gander::rootcheck
