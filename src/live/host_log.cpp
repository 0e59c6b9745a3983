#include "live/host_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "base/file.h"

namespace gander::live {
namespace {

std::string_view word(Severity severity) {
  switch (severity) {
    case Severity::Note:
      return "INFO";
    case Severity::Warning:
      return "WARN";
    case Severity::Error:
      return "ERROR";
  }
  return "?";
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n <= 0) return;
    text.remove_prefix(static_cast<size_t>(n));
  }
}

}  // namespace

HostLog::HostLog(const std::string& home, base::TimeZone zone, Echo echo) : zone_(std::move(zone)), echo_(echo) {
  const std::string path = base::join(home, "logs/ossec.log");
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  file_ = base::Descriptor(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0660));
}

void HostLog::write(Role role, Severity severity, std::string_view text, base::Instant now) {
  const base::Civil c = zone_.civil(now);
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty()) continue;
    fmt::format_to(std::back_inserter(out), "{:04}/{:02}/{:02} {:02}:{:02}:{:02} ", c.year, c.month, c.day, c.hour,
                   c.minute, c.second);
    if (!line.starts_with("ossec-")) {
      fmt::format_to(std::back_inserter(out), "gander-{}: {}: ", role_name(role), word(severity));
    }
    out.append(line).push_back('\n');
  }
  if (file_) write_all(file_.get(), out);
  const bool beginning = severity == Severity::Error && !settled_;
  if (echo_ == Echo::Yes || !file_ || beginning) write_all(STDERR_FILENO, out);
}

}  // namespace gander::live
