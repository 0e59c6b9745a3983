// fanotify with file-system marks: events carry the handle of a directory and a name in it.
#include <fcntl.h>
#include <poll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <map>
#include <unordered_map>

#include "base/descriptor.h"
#include "integrity/actor_lookup.h"
#include "integrity/watch_source.h"

namespace gander::integrity {
namespace {

constexpr size_t kMostPaths = 8192;
constexpr size_t kMostNotes = 100;

struct FileSystem {
  fsid_t id{};
  std::vector<std::pair<uint64_t, base::Descriptor>> mounts;  // mount id, a directory on it
};

std::string key_of(const fsid_t& id) {
  return {reinterpret_cast<const char*>(&id), sizeof id};
}

int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

class FanotifySource final : public WatchSource {
 public:
  FanotifySource(const WatchPlan& plan, base::Descriptor group) : plan_(plan), group_(std::move(group)) {}

  int descriptor() const override { return group_.get(); }
  std::string means() const override { return "fanotify"; }
  std::vector<std::string> take_notes() override { return std::exchange(notes_, {}); }

  // False: this file system takes no mark.
  bool mark(const std::string& path) {
    base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) return true;  // not there (yet): nothing to watch
    struct statfs fs {};
    struct statx info {};
    if (::fstatfs(fd.get(), &fs) != 0 || ::statx(fd.get(), "", AT_EMPTY_PATH, STATX_MNT_ID, &info) != 0) return false;
    FileSystem& known = systems_[key_of(fs.f_fsid)];
    for (const auto& [mount, directory] : known.mounts) {
      if (mount == info.stx_mnt_id) return true;
    }
    if (known.mounts.empty()) {
      // A group that was handed over is marked already, and marking may not be allowed here.
      if (::fanotify_mark(group_.get(), FAN_MARK_ADD | FAN_MARK_FILESYSTEM, fanotify_events(), fd.get(), nullptr) !=
              0 &&
          errno != EPERM) {
        note(path + ": its file system cannot be watched: " + std::strerror(errno));
        return false;
      }
    }
    known.mounts.emplace_back(info.stx_mnt_id, std::move(fd));
    return true;
  }

  void add_directory(const std::string& path) override {
    // A directory on a file system that was not met before needs a mark of its own.
    mark(path);
  }

  bool read(News& news) override {
    alignas(fanotify_event_metadata) std::array<char, 64 * 1024> buffer;
    actors_.start_batch();
    ssize_t got = 0;
    do {
      got = ::read(group_.get(), buffer.data(), buffer.size());
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    // Events follow each other at any address: they are copied out before they are looked at.
    for (std::string_view rest(buffer.data(), static_cast<size_t>(got)); rest.size() >= sizeof(Head);) {
      Head head{};
      std::memcpy(&head, rest.data(), sizeof head);
      if (head.event_len < sizeof head || head.event_len > rest.size()) break;
      take(head, rest.substr(0, head.event_len), news);
      rest.remove_prefix(head.event_len);
    }
    return true;
  }

 private:
  using Head = fanotify_event_metadata;
  struct Found {
    fsid_t system{};
    std::string handle;  // a file_handle, with room
    std::string name;
    int pidfd = -1;
  };

  void note(std::string text) {
    if (notes_.size() < kMostNotes) notes_.push_back(std::move(text));
  }

  static Found parts_of(std::string_view event, size_t head_size) {
    Found found;
    for (std::string_view rest = event.substr(head_size); rest.size() >= sizeof(fanotify_event_info_header);) {
      fanotify_event_info_header head{};
      std::memcpy(&head, rest.data(), sizeof head);
      if (head.len < sizeof head || head.len > rest.size()) break;
      const std::string_view part = rest.substr(sizeof head, head.len - sizeof head);
      rest.remove_prefix(head.len);
      if (head.info_type == FAN_EVENT_INFO_TYPE_PIDFD && part.size() >= sizeof found.pidfd) {
        std::memcpy(&found.pidfd, part.data(), sizeof found.pidfd);
      }
      if (head.info_type == FAN_EVENT_INFO_TYPE_DFID_NAME) read_name(part, found);
    }
    return found;
  }

  static void read_name(std::string_view part, Found& found) {
    unsigned bytes = 0;
    constexpr size_t kFixed = sizeof(fsid_t) + sizeof(file_handle);
    if (part.size() < kFixed) return;
    std::memcpy(&found.system, part.data(), sizeof found.system);
    std::memcpy(&bytes, part.data() + sizeof(fsid_t), sizeof bytes);
    if (bytes > MAX_HANDLE_SZ || part.size() < kFixed + bytes) return;
    found.handle = part.substr(sizeof(fsid_t), sizeof(file_handle) + bytes);
    const std::string_view name = part.substr(kFixed + bytes);
    found.name = name.substr(0, name.find('\0'));
  }

  void take(const Head& event, std::string_view bytes, News& news) {
    if (event.mask & FAN_Q_OVERFLOW) {
      news.overflow = true;
      return;
    }
    const Found found = parts_of(bytes, event.metadata_len);
    const base::Descriptor pidfd(found.pidfd);
    // Of the directory itself: its parent tells.
    if (found.handle.empty() || found.name.empty() || found.name == ".") return;
    const bool on_directory = (event.mask & FAN_ONDIR) != 0;
    const std::string* directory = path_of(found);
    const bool moved = on_directory && (event.mask & (FAN_MOVED_FROM | FAN_MOVED_TO | FAN_DELETE)) != 0;
    PathEvent out;
    if (directory && !directory->empty()) out.path = child_path(*directory, found.name);
    if (moved) paths_.clear();  // what was learnt may lie below it
    if (out.path.empty() || !watched(out.path)) return;
    constexpr uint64_t kSettled = FAN_CLOSE_WRITE | FAN_MOVED_TO | FAN_MOVED_FROM | FAN_DELETE | FAN_ATTRIB;
    out.state = (event.mask & kSettled) != 0 ? PathEvent::State::Settled : PathEvent::State::Writing;
    if (on_directory) {
      if ((event.mask & ~static_cast<uint64_t>(FAN_ONDIR | FAN_ATTRIB)) == 0) return;
      const bool made = (event.mask & (FAN_CREATE | FAN_MOVED_TO)) != 0;
      out.entry = made ? PathEvent::Entry::NewDirectory : PathEvent::Entry::GoneDirectory;
      out.state = PathEvent::State::Settled;
    }
    out.actor = actors_.find(event.pid, found.pidfd, now_ms());
    news.events.push_back(std::move(out));
  }

  bool watched(std::string_view path) const {
    for (const WatchRoot& root : plan_.roots()) {
      if ((root.checks & config::WatchedPaths::Realtime) && is_below(path, root.path)) return true;
    }
    return false;
  }

  // Null: not known; empty: nothing of ours.
  const std::string* path_of(const Found& found) {
    std::string key = key_of(found.system);
    const auto system = systems_.find(key);
    if (system == systems_.end()) return nullptr;
    key += found.handle;
    alignas(file_handle) std::array<char, sizeof(file_handle) + MAX_HANDLE_SZ> handle{};
    std::memcpy(handle.data(), found.handle.data(), found.handle.size());
    if (const auto known = paths_.find(key); known != paths_.end()) return &known->second;
    std::string path;
    for (const auto& [mount, directory] : system->second.mounts) {
      const base::Descriptor fd(
          ::open_by_handle_at(directory.get(), reinterpret_cast<file_handle*>(handle.data()), O_PATH | O_CLOEXEC));
      struct stat there {};
      if (!fd || ::fstat(fd.get(), &there) != 0 || there.st_nlink == 0) continue;
      std::array<char, 4096> link{};
      const std::string self = "/proc/self/fd/" + std::to_string(fd.get());
      const ssize_t size = ::readlink(self.c_str(), link.data(), link.size());
      if (size <= 0) continue;
      path.assign(link.data(), static_cast<size_t>(size));
      if (watched(path)) break;
    }
    if (path.empty()) return nullptr;  // gone: the event of its own removal tells
    if (!watched(path)) path.clear();
    if (paths_.size() >= kMostPaths) paths_.clear();
    return &paths_.emplace(std::move(key), std::move(path)).first->second;
  }

  const WatchPlan& plan_;
  base::Descriptor group_;
  std::map<std::string, FileSystem> systems_;
  std::unordered_map<std::string, std::string> paths_;
  ActorLookup actors_;
  std::vector<std::string> notes_;
};

// A handle that can be turned into a path is what all of this stands on.
bool handles_can_be_opened(const std::string& path) {
  alignas(file_handle) std::array<char, sizeof(file_handle) + MAX_HANDLE_SZ> bytes{};
  auto* handle = reinterpret_cast<file_handle*>(bytes.data());
  handle->handle_bytes = MAX_HANDLE_SZ;
  int mount = 0;
  if (::name_to_handle_at(AT_FDCWD, path.c_str(), handle, &mount, 0) != 0) return errno == ENOENT;
  const base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  return fd && base::Descriptor(::open_by_handle_at(fd.get(), handle, O_PATH | O_CLOEXEC));
}

}  // namespace

unsigned fanotify_flags() {
  return FAN_CLASS_NOTIF | FAN_REPORT_DFID_NAME | FAN_REPORT_PIDFD | FAN_NONBLOCK | FAN_CLOEXEC;
}

uint64_t fanotify_events() {
  return FAN_CREATE | FAN_DELETE | FAN_MOVED_FROM | FAN_MOVED_TO | FAN_ATTRIB | FAN_MODIFY | FAN_CLOSE_WRITE |
         FAN_ONDIR | FAN_EVENT_ON_CHILD;
}

std::unique_ptr<WatchSource> open_fanotify(const WatchPlan& plan, int group, std::string& why) {
  base::Descriptor fd(group);
  if (!fd) fd = base::Descriptor(::fanotify_init(fanotify_flags(), O_RDONLY | O_CLOEXEC));
  // Kernels before 5.15 know no pidfd.
  if (!fd && errno == EINVAL) {
    fd = base::Descriptor(
        ::fanotify_init(fanotify_flags() & ~static_cast<unsigned>(FAN_REPORT_PIDFD), O_RDONLY | O_CLOEXEC));
  }
  if (!fd) {
    why = std::string("fanotify: ") + std::strerror(errno);
    return nullptr;
  }
  auto source = std::make_unique<FanotifySource>(plan, std::move(fd));
  for (const WatchRoot& root : plan.roots()) {
    if ((root.checks & config::WatchedPaths::Realtime) == 0) continue;
    if (!handles_can_be_opened(root.path)) {
      why = "fanotify: " + root.path + ": file handles cannot be opened here";
      return nullptr;
    }
    if (!source->mark(root.path)) {
      const std::vector<std::string> notes = source->take_notes();
      why = "fanotify: " + (notes.empty() ? root.path : notes.front());
      return nullptr;
    }
  }
  return source;
}

}  // namespace gander::integrity
