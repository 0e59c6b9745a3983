#include "rootcheck/system_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <unordered_map>

#include "base/descriptor.h"
#include "rootcheck/file_checks.h"
#include "rootcheck/presence.h"

namespace gander::rootcheck {
namespace {

constexpr int kMostDepth = 512;
constexpr const char* kFolders[] = {"bin",  "sbin",    "usr/bin",   "usr/sbin", "dev",     "lib",     "etc",
                                    "root", "var/log", "var/mail",  "var/lib",  "var/www", "usr/lib", "usr/include",
                                    "tmp",  "boot",    "usr/local", "var/tmp",  "sys"};
constexpr const char* kReadBelow[] = {"bin", "sbin", "usr/bin", "usr/sbin", "dev", "etc", "boot"};

struct FileSystem {
  bool keeps_links = true;
  bool network = false;
};

FileSystem file_system_of(const std::string& path) {
  struct statfs fs {};
  FileSystem out;
  if (::statfs(path.c_str(), &fs) != 0) return out;
  constexpr unsigned kBtrfs = 0x9123683E;
  constexpr unsigned kAufs = 0x61756673;
  constexpr unsigned kOverlay = 0x794C7630;
  constexpr unsigned kNfs = 0x6969;
  constexpr unsigned kCifs = 0xFF534D42;
  const auto type = static_cast<unsigned>(fs.f_type);
  out.keeps_links = type != kBtrfs && type != kAufs && type != kOverlay;
  out.network = type == kNfs || type == kCifs;
  return out;
}

// Names in a directory; false: it cannot be read.
bool list(const std::string& path, std::vector<std::string>& names) {
  names.clear();
  DIR* const d = ::opendir(path.c_str());
  if (!d) return false;
  while (const dirent* e = ::readdir(d)) {
    const std::string_view name = e->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  ::closedir(d);
  std::sort(names.begin(), names.end());
  return true;
}

class Walk {
 public:
  Walk(const std::vector<FileSignature>& signatures, const Settings& settings, Sink& sink)
      : settings_(settings), sink_(sink) {
    for (const FileSignature& s : signatures) {
      if (s.global) names_.emplace(s.path, s.name);
    }
    for (const char* const folder : kReadBelow) read_below_.push_back(settings.below_base(folder) + "/");
  }

  void run() {
    if (settings_.options.scanall) {
      top(settings_.options.base_directory.empty() ? "/" : settings_.options.base_directory);
      return;
    }
    for (const char* const folder : kFolders) {
      if (!stopped_) top(settings_.below_base(folder));
    }
  }

 private:
  void top(const std::string& path) {
    struct stat s {};
    if (::stat(path.c_str(), &s) != 0 || !S_ISDIR(s.st_mode)) return;
    // /bin is often a link to /usr/bin.
    if (!tops_.insert({s.st_dev, s.st_ino}).second && !settings_.exact()) return;
    directory(path, s, s.st_dev, 0);
  }

  bool enters(const std::string& path) const {
    if (path.find("/dev/fd") != std::string::npos) return false;
    if (path == settings_.below_base("proc") || path == settings_.below_base("sys")) return false;
    const auto& ignored = settings_.options.ignore;
    return std::find(ignored.begin(), ignored.end(), path) == ignored.end();
  }

  void directory(const std::string& path, const struct stat& s, dev_t parent_device, int depth) {
    if (s.st_size == 0 || depth > kMostDepth) return;
    const auto& ignored = settings_.options.ignore;
    if (std::find(ignored.begin(), ignored.end(), path) != ignored.end()) return;
    if (!(stopped_ = !sink_.go_on())) entries(path, s, parent_device, depth);
  }

  void entries(const std::string& path, const struct stat& s, dev_t parent_device, int depth) {
    const FileSystem& system = system_of(s.st_dev, path);
    if (settings_.options.skip_nfs && system.network) return;
    std::vector<std::string> names;
    if (!list(path, names)) return;
    uint64_t folders = 2;  // . and ..
    for (const std::string& name : names) {
      const std::string child = path.ends_with('/') ? path + name : path + "/" + name;
      if (const auto known = names_.find(name); known != names_.end()) {
        sink_.finding(rootkit_text(known->second, child));
      }
      struct stat c {};
      if (::lstat(child.c_str(), &c) != 0) {
        if (errno == ENOENT) hidden_from_stat(path, name, child);
        continue;
      }
      if (S_ISDIR(c.st_mode)) {
        ++folders;
        if (enters(child)) directory(child, c, s.st_dev, depth + 1);
      } else if (S_ISREG(c.st_mode)) {
        file(child, c);
      }
      if (stopped_) return;
    }
    if (system.keeps_links && s.st_nlink != folders) links(path, s.st_dev != parent_device);
  }

  // It may have gone between the two looks: then readdir does not show it again.
  void hidden_from_stat(const std::string& path, const std::string& name, const std::string& child) {
    std::vector<std::string> again;
    struct stat c {};
    if (!list(path, again) || !std::binary_search(again.begin(), again.end(), name)) return;
    if (::lstat(child.c_str(), &c) == 0 || errno != ENOENT) return;
    sink_.finding("Anomaly detected in file '" + child +
                  "'. Hidden from stats, but showing up on readdir. Possible kernel level rootkit.");
  }

  // Counted anew: directories come and go.
  void links(const std::string& path, bool new_device) {
    struct stat before {};
    struct stat after {};
    std::vector<std::string> names;
    if (::stat(path.c_str(), &before) != 0 || !list(path, names)) return;
    uint64_t folders = 2;
    for (const std::string& name : names) {
      struct stat c {};
      if (::lstat((path + "/" + name).c_str(), &c) == 0 && S_ISDIR(c.st_mode)) ++folders;
    }
    if (::stat(path.c_str(), &after) != 0 || before.st_nlink != after.st_nlink) return;
    const auto count = static_cast<uint64_t>(after.st_nlink);
    if (count == folders || (new_device && count == folders + 1)) return;
    // One link for every directory: the file system does not count.
    if (count < 2 && !settings_.exact()) return;
    sink_.finding("Files hidden inside directory '" + path + "'. Link count does not match number of files (" +
                  std::to_string(folders) + "," + std::to_string(count) + ").");
  }

  void file(const std::string& path, const struct stat& s) {
    if ((s.st_mode & S_IWOTH) != 0 && s.st_uid == 0) {
      sink_.finding("File '" + path + "' is owned by root and has write permissions to anyone.");
    }
    const bool below = std::any_of(read_below_.begin(), read_below_.end(),
                                   [&](const std::string& folder) { return path.starts_with(folder); });
    if (below || settings_.options.readall) size(path, s);
  }

  void size(const std::string& path, const struct stat& s) {
    if (path.ends_with("/dev/bus/usb/.usbfs/devices")) return;
    const base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW));
    if (!fd) return;
    std::array<char, 128 * 1024> buffer;
    uint64_t bytes = 0;
    for (;;) {
      const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return;
      if (got == 0) break;
      bytes += static_cast<uint64_t>(got);
      if ((stopped_ = !sink_.go_on())) return;
    }
    if (bytes == static_cast<uint64_t>(s.st_size)) return;
    struct stat after {};
    if (::lstat(path.c_str(), &after) != 0 || after.st_size != s.st_size || after.st_ino != s.st_ino) return;
    sink_.finding("Anomaly detected in file '" + path +
                  "'. File size doesn't match what we found. Possible kernel level rootkit." + digests_of(path));
  }

  const FileSystem& system_of(dev_t device, const std::string& path) {
    const auto found = systems_.find(device);
    return found != systems_.end() ? found->second : systems_.emplace(device, file_system_of(path)).first->second;
  }

  const Settings& settings_;
  Sink& sink_;
  std::unordered_map<std::string, std::string> names_;
  std::vector<std::string> read_below_;
  std::set<std::pair<dev_t, ino_t>> tops_;
  std::unordered_map<dev_t, FileSystem> systems_;
  bool stopped_ = false;
};

}  // namespace

void walk_system(const std::vector<FileSignature>& signatures, const Settings& settings, Sink& sink) {
  Walk(signatures, settings, sink).run();
}

}  // namespace gander::rootcheck
