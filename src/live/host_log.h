// HostLog: logs/ossec.log, and standard error for whoever watches.
//
// Owns:    the open file.
// Threads: one thread.
// Fails:   a line that cannot be written goes to standard error only.
#pragma once

#include <string>

#include "base/descriptor.h"
#include "base/diagnostic.h"
#include "base/time.h"
#include "live/wire.h"

namespace gander::live {

// Whether lines also go to standard error. No: only errors before settled(), for a host that does not start has to say
// why to whoever started it.
enum class Echo { No, Yes };

class HostLog {
 public:
  HostLog(const std::string& home, base::TimeZone zone, Echo echo);

  // One line for each line of `text`: "2026/01/15 12:00:00 gander-ROLE: WARN: text"; a text that names its program as
  // OSSEC's do ("ossec-logcollector(1950): INFO: …") stands as it is.
  void write(Role role, Severity severity, std::string_view text, base::Instant now);

  // The host has started.
  void settled() { settled_ = true; }

 private:
  base::TimeZone zone_;
  Echo echo_;
  bool settled_ = false;
  base::Descriptor file_;
};

}  // namespace gander::live
