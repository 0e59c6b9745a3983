#include "live/watch_group.h"

#include <fcntl.h>
#include <sys/fanotify.h>

#include <cerrno>
#include <cstring>
#include <set>
#include <string>

#include "base/file.h"
#include "integrity/watch_source.h"

namespace gander::live {
namespace {

// Blanks and the like stand as \040 in mountinfo.
std::string unescaped(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size()) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

// The fifth word of each line of /proc/self/mountinfo.
std::set<std::string> mount_points() {
  std::set<std::string> out;
  const Result<std::string> content = base::read_file("/proc/self/mountinfo");
  if (!content) return out;
  for (std::string_view rest = *content; !rest.empty();) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    for (int word = 0; word < 4; ++word) {
      const size_t end = line.find(' ');
      line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    out.insert(unescaped(line.substr(0, line.find(' '))));
  }
  return out;
}

}  // namespace

Result<base::Descriptor> open_watch_group(const integrity::WatchPlan& plan) {
  const unsigned flags = integrity::fanotify_flags();
  base::Descriptor group(::fanotify_init(flags, O_RDONLY | O_CLOEXEC));
  // Kernels before 5.15 know no pidfd.
  if (!group && errno == EINVAL) {
    group = base::Descriptor(::fanotify_init(flags & ~static_cast<unsigned>(FAN_REPORT_PIDFD), O_RDONLY | O_CLOEXEC));
  }
  if (!group) return fail("I024", std::string("fanotify: ") + std::strerror(errno));
  const std::set<std::string> mounts = mount_points();
  const auto mark = [&](const std::string& path) {
    return ::fanotify_mark(group.get(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM, integrity::fanotify_events(), AT_FDCWD,
                           path.c_str()) == 0;
  };
  for (const integrity::WatchRoot& root : plan.roots()) {
    if ((root.checks & config::WatchedPaths::Realtime) == 0) continue;
    if (!mark(root.path) && errno != ENOENT) {
      return fail("I024", "fanotify: " + root.path + ": " + std::strerror(errno));
    }
    for (const std::string& mount : mounts) {
      // What cannot be marked (a pseudo file system) is seen by scans.
      if (integrity::is_below(mount, root.path)) mark(mount);
    }
  }
  return group;
}

}  // namespace gander::live
