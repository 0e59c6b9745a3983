// inotify: a watch a directory, where fanotify is not allowed. It does not say who.
#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <unordered_map>

#include "base/descriptor.h"
#include "integrity/watch_source.h"

namespace gander::integrity {
namespace {

constexpr uint32_t kEvents = IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE |
                             IN_DELETE | IN_DELETE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

class InotifySource final : public WatchSource {
 public:
  InotifySource(const WatchPlan& plan, base::Descriptor fd) : plan_(plan), fd_(std::move(fd)) {}

  int descriptor() const override { return fd_.get(); }
  std::string means() const override { return "inotify"; }
  std::vector<std::string> take_notes() override { return std::exchange(notes_, {}); }

  void add_directory(const std::string& path) override {
    bool is_root = false;
    bool watched = false;
    for (const WatchRoot& root : plan_.roots()) {
      if ((root.checks & config::WatchedPaths::Realtime) == 0 || !is_below(path, root.path)) continue;
      watched = true;
      is_root = is_root || root.path == path;
    }
    if (!watched) return;
    // A root may be a link; nothing below it is followed.
    const int wd = ::inotify_add_watch(fd_.get(), path.c_str(), kEvents | (is_root ? 0U : IN_DONT_FOLLOW));
    if (wd < 0) {
      if (errno == ENOENT || errno == ENOTDIR) return;
      if (++refused_ == 1) {
        notes_.push_back(path + " and perhaps others cannot be watched as they change: " + std::strerror(errno) +
                         (errno == ENOSPC ? " (raise fs.inotify.max_user_watches)" : ""));
      }
      return;
    }
    const auto old = paths_.find(wd);
    if (old != paths_.end()) watches_.erase(old->second);
    paths_[wd] = path;
    watches_[path] = wd;
  }

  bool read(News& news) override {
    alignas(inotify_event) std::array<char, 64 * 1024> buffer;
    ssize_t got = 0;
    do {
      got = ::read(fd_.get(), buffer.data(), buffer.size());
    } while (got < 0 && errno == EINTR);
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof *event + event->len);
      take(*event, news);
    }
    return got > 0;
  }

 private:
  void take(const inotify_event& event, News& news) {
    if (event.mask & IN_Q_OVERFLOW) {
      news.overflow = true;
      return;
    }
    const auto known = paths_.find(event.wd);
    if (known == paths_.end()) return;
    if (event.mask & IN_IGNORED) {
      watches_.erase(known->second);
      paths_.erase(known);
      return;
    }
    PathEvent out;
    if (event.len == 0) {
      if ((event.mask & IN_DELETE_SELF) == 0) return;
      // A root has no parent that is watched.
      out.path = known->second;
      out.entry = PathEvent::Entry::GoneDirectory;
      news.events.push_back(std::move(out));
      return;
    }
    out.path = child_path(known->second, event.name);
    constexpr uint32_t kSettled = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB;
    out.state = (event.mask & kSettled) != 0 ? PathEvent::State::Settled : PathEvent::State::Writing;
    if (event.mask & IN_ISDIR) {
      if ((event.mask & (IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM)) == 0) return;
      const bool made = (event.mask & (IN_CREATE | IN_MOVED_TO)) != 0;
      out.entry = made ? PathEvent::Entry::NewDirectory : PathEvent::Entry::GoneDirectory;
      out.state = PathEvent::State::Settled;
      if (event.mask & IN_MOVED_FROM) forget_below(out.path);
    }
    news.events.push_back(std::move(out));
  }

  // Moved away: its watches would go on under the old names.
  void forget_below(const std::string& path) {
    for (auto at = watches_.lower_bound(path); at != watches_.end() && at->first.starts_with(path);) {
      if (!is_below(at->first, path)) {
        ++at;
        continue;
      }
      ::inotify_rm_watch(fd_.get(), at->second);
      paths_.erase(at->second);
      at = watches_.erase(at);
    }
  }

  const WatchPlan& plan_;
  base::Descriptor fd_;
  std::unordered_map<int, std::string> paths_;
  std::map<std::string, int> watches_;
  uint64_t refused_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace

std::unique_ptr<WatchSource> open_inotify(const WatchPlan& plan, std::string& why) {
  base::Descriptor fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
  if (!fd) {
    why = std::string("inotify: ") + std::strerror(errno);
    return nullptr;
  }
  return std::make_unique<InotifySource>(plan, std::move(fd));
}

}  // namespace gander::integrity
