// ArchiveWriter: archives.log and firewall.log, a line an event.
//
// Owns:    its settings.
// Threads: one thread.
// Fails:   cannot. Mended, no text of an event can begin another line.
// Source:  docs/formats/archives.md.
#pragma once

#include <string>

#include "model/compat.h"
#include "output/alert_time.h"

namespace gander::model {
class Event;
}

namespace gander::output {

class ArchiveWriter {
 public:
  ArchiveWriter(model::Compat compat, base::TimeZone zone);

  // "2024 Mar 05 10:00:00 HOST->FILE LOG"
  void event(std::string& out, const model::Event& event);
  // "2024 Mar 05 10:00:00 HOST->FILE DROP TCP 192.0.2.1:0->192.0.2.2:80"; needs action, addresses and protocol.
  void firewall(std::string& out, const model::Event& event);

 private:
  void head(std::string& out, const model::Event& event);
  void text(std::string& out, std::string_view text) const;

  bool mended_;
  AlertTime time_;
};

}  // namespace gander::output
