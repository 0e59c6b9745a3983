// Maintenance: the mode in which changes of an agent's files are taken into the baseline without an event.
//
// Owns:    the state of the markers `.syscheck.maint`, `.(NAME) IP.maint` in queue/syscheck, as last read.
// Threads: one thread.
// Cost:    one stat a question; "on" is believed for two seconds.
// Fails:   a marker that cannot be read is "off"; one that cannot be written stays as it was.
// OSSEC:   4.3's marker, log file (logs/fim_maintenance.log) and log lines.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gander::integrity {

class Maintenance {
 public:
  Maintenance(std::string folder, std::string log) : folder_(std::move(folder)), log_(std::move(log)) {}

  // `location` as in messages: `syscheck`, `(web1) 10.0.0.5->syscheck-registry`.
  bool active(std::string_view location, int64_t now);
  // `kind`: new or modify.
  void accepted(std::string_view location, std::string_view kind, std::string_view path, int64_t now,
                std::string_view date);
  void completed(std::string_view location);

  std::vector<std::string> take_notes() { return std::exchange(notes_, {}); }

  struct Marker {
    bool on = false;
    int64_t enabled_at = 0;
    bool pending_end = false;
    uint64_t silent_updates = 0;
  };
  static Marker read(const std::string& file);
  static bool write(const std::string& file, const Marker& marker);
  std::string file_of(std::string_view location) const;

 private:
  struct Known {
    bool on = false;
    int64_t looked_at = 0;
    int64_t warned_at = 0;
  };
  std::string folder_;
  std::string log_;
  std::map<std::string, Known, std::less<>> known_;
  std::vector<std::string> notes_;
};

}  // namespace gander::integrity
