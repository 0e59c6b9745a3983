#include "collect/watcher.h"

#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

namespace gander::collect {

namespace {

constexpr uint32_t kEvents = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_ATTRIB |
                             IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

struct RemoteFileSystem {
  uint32_t magic;
  const char* name;
};
// Others write there without this kernel's knowledge, or it makes up the content when it is read.
constexpr RemoteFileSystem kUnseen[] = {
    {0x6969, "nfs"},        {0x517B, "smb"},        {0xFF534D42, "cifs"},  {0xFE534D42, "smb2"}, {0x65735546, "fuse"},
    {0x01021997, "9p"},     {0x00C36400, "ceph"},   {0x5346414F, "afs"},   {0x73757245, "coda"}, {0x0BD00BD0, "lustre"},
    {0x01161970, "gfs2"},   {0x7461636F, "ocfs2"},  {0x564C, "ncp"},       {0x9FA0, "proc"},     {0x62656572, "sysfs"},
    {0x786F4256, "vboxsf"}, {0xBACBACBC, "vmhgfs"}, {0x19830326, "beegfs"}};

}  // namespace

std::string unseen_file_system(const std::string& folder) {
  struct statfs info {};
  if (::statfs(folder.c_str(), &info) != 0) return {};
  for (const RemoteFileSystem& f : kUnseen) {
    if (static_cast<uint32_t>(info.f_type) == f.magic) return f.name;
  }
  return {};
}

Watcher::Watcher(Use use) {
  if (use == Use::Never) return;
  descriptor_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor_ < 0) error_ = errno;
}

Watcher::~Watcher() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string Watcher::watch(const std::string& folder) {
  if (descriptor_ < 0) return error_ == 0 ? "as asked for" : "inotify: " + std::generic_category().message(error_);
  if (watches_.contains(folder)) return {};
  if (std::string remote = unseen_file_system(folder); !remote.empty()) return remote;
  const int watch = ::inotify_add_watch(descriptor_, folder.c_str(), kEvents);
  if (watch < 0) {
    if (errno == ENOSPC) return "the limit of inotify watches is reached (fs.inotify.max_user_watches)";
    return "inotify: " + std::generic_category().message(errno);
  }
  watches_[folder] = watch;
  folders_.emplace(watch, folder);
  return {};
}

void Watcher::unwatch(const std::string& folder) {
  const auto at = watches_.find(folder);
  if (at == watches_.end()) return;
  const int watch = at->second;
  watches_.erase(at);
  for (auto [f, end] = folders_.equal_range(watch); f != end; ++f) {
    if (f->second != folder) continue;
    folders_.erase(f);
    break;
  }
  if (folders_.count(watch) == 0) ::inotify_rm_watch(descriptor_, watch);
}

void Watcher::drain(const Seen& seen) {
  if (descriptor_ < 0) return;
  alignas(inotify_event) std::array<char, 64 * 1024> room{};
  for (;;) {
    const ssize_t got = ::read(descriptor_, room.data(), room.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return;
    for (const char* at = room.data(); at < room.data() + got;) {
      const auto* const event = reinterpret_cast<const inotify_event*>(at);
      at += sizeof(inotify_event) + event->len;
      if ((event->mask & IN_Q_OVERFLOW) != 0) {
        seen({}, {});
        continue;
      }
      const bool itself = (event->mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
      std::vector<std::string> names;
      for (auto [f, end] = folders_.equal_range(event->wd); f != end; ++f) names.push_back(f->second);
      for (const std::string& folder : names) {
        if ((event->mask & IN_MOVE_SELF) != 0) unwatch(folder);
        if ((event->mask & IN_IGNORED) != 0) watches_.erase(folder);
        seen(folder, itself || event->len == 0 ? std::string_view{} : std::string_view(event->name));
      }
      if ((event->mask & IN_IGNORED) != 0) folders_.erase(event->wd);
    }
  }
}

}  // namespace gander::collect
