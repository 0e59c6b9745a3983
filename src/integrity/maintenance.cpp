#include "integrity/maintenance.h"

#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <utility>

#include "base/file.h"

namespace gander::integrity {
namespace {

constexpr int64_t kBelieved = 2;
constexpr int64_t kLong = 24 * 3600;
constexpr int64_t kHour = 3600;

bool value_of(std::string_view line, std::string_view name, int64_t& out) {
  if (!line.starts_with(name)) return false;
  line.remove_prefix(name.size());
  return std::from_chars(line.data(), line.data() + line.size(), out).ec == std::errc{};
}

}  // namespace

std::string Maintenance::file_of(std::string_view location) const {
  const size_t arrow = location.rfind("->");
  const std::string_view name = arrow == std::string_view::npos ? "syscheck" : location.substr(0, arrow);
  return folder_ + "/." + std::string(name) + ".maint";
}

Maintenance::Marker Maintenance::read(const std::string& file) {
  Marker out;
  struct stat info {};
  if (::stat(file.c_str(), &info) != 0) return out;
  const Result<std::string> text = base::read_file(file);
  if (!text || !text->starts_with("#!maint")) return out;
  out.on = true;
  out.enabled_at = info.st_mtime;
  std::string_view rest = *text;
  while (!rest.empty()) {
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    int64_t value = 0;
    if (value_of(line, "enabled_at=", value)) out.enabled_at = value;
    if (value_of(line, "pending_end=", value)) out.pending_end = value != 0;
    if (value_of(line, "silent_updates=", value)) out.silent_updates = static_cast<uint64_t>(value);
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return out;
}

bool Maintenance::write(const std::string& file, const Marker& marker) {
  const std::string text = "#!maint\nenabled_at=" + std::to_string(marker.enabled_at) +
                           "\npending_end=" + (marker.pending_end ? "1" : "0") +
                           "\nsilent_updates=" + std::to_string(marker.silent_updates) + "\n";
  return base::write_file_atomically(file, text).has_value();
}

bool Maintenance::active(std::string_view location, int64_t now) {
  const std::string file = file_of(location);
  Known& known = known_[file];
  if (known.on && now - known.looked_at < kBelieved && now >= known.looked_at) return true;
  const Marker marker = read(file);
  known.looked_at = now;
  if (marker.on != known.on) {
    notes_.push_back("INFO: Syscheck maintenance mode " + std::string(marker.on ? "enabled" : "disabled") + " for '" +
                     std::string(location) + "'.");
    known.warned_at = 0;
  }
  known.on = marker.on;
  if (marker.on && now - marker.enabled_at >= kLong && now - known.warned_at >= kHour) {
    known.warned_at = now;
    notes_.push_back("WARN: Syscheck maintenance mode still enabled for '" + std::string(location) + "' for " +
                     std::to_string((now - marker.enabled_at) / kHour) + " hours; FIM changes are silently accepted.");
  }
  return marker.on;
}

void Maintenance::accepted(std::string_view location, std::string_view kind, std::string_view path, int64_t,
                           std::string_view date) {
  if (std::FILE* log = std::fopen(log_.c_str(), "ae")) {
    std::string line(date);
    line.append(" ").append(location).append(" ").append(kind).append(" ").append(path).append("\n");
    std::fwrite(line.data(), 1, line.size(), log);
    std::fclose(log);
  }
  const std::string file = file_of(location);
  Marker marker = read(file);
  if (!marker.on) return;
  ++marker.silent_updates;
  write(file, marker);
}

void Maintenance::completed(std::string_view location) {
  const std::string file = file_of(location);
  const Marker marker = read(file);
  if (!marker.on || !marker.pending_end) return;
  ::unlink(file.c_str());
  known_[file] = {};
  notes_.push_back("INFO: Syscheck maintenance mode ended for '" + std::string(location) + "' after baseline scan.");
}

}  // namespace gander::integrity
