#include "rootcheck/file_checks.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <tuple>

#include "base/descriptor.h"
#include "rootcheck/presence.h"

namespace gander::rootcheck {
namespace {

constexpr size_t kLeastString = 4;
constexpr size_t kMostString = 1023;
constexpr size_t kChunk = 64 * 1024;

// The printable strings of a program, a line each, in chunks.
class Strings {
 public:
  explicit Strings(int fd) : fd_(fd) {}

  // False: there are no more.
  bool next(std::string& chunk) {
    chunk.clear();
    std::array<char, 32 * 1024> buffer;
    while (chunk.size() < kChunk) {
      const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        end_string(chunk);
        return !chunk.empty();
      }
      for (const char c : std::string_view(buffer.data(), static_cast<size_t>(got))) {
        if ((c >= ' ' && c <= '~') || c == '\t') {
          string_ += c;
          if (string_.size() == kMostString) end_string(chunk);
        } else {
          end_string(chunk);
        }
      }
    }
    return true;
  }

 private:
  void end_string(std::string& chunk) {
    if (string_.size() >= kLeastString) chunk.append(string_).push_back('\n');
    string_.clear();
  }

  int fd_;
  std::string string_;
};

class TrojanCheck {
 public:
  TrojanCheck(const Settings& settings, Sink& sink) : settings_(settings), sink_(sink) {}

  // False: the run ends.
  bool file(const std::string& path, const std::vector<const TrojanSignature*>& signatures) {
    const base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    struct stat s {};
    if (!fd || ::fstat(fd.get(), &s) != 0 || !S_ISREG(s.st_mode)) return true;
    std::vector<const TrojanSignature*> left;
    for (const TrojanSignature* t : signatures) {
      const bool seen = !seen_.insert({s.st_dev, s.st_ino, t}).second;
      if (!seen || settings_.exact()) left.push_back(t);
    }
    Strings strings(fd.get());
    std::string chunk;
    while (!left.empty() && strings.next(chunk)) {
      std::erase_if(left, [&](const TrojanSignature* t) {
        if (::regexec(t->expression.get(), chunk.c_str(), 0, nullptr, 0) != 0) return false;
        sink_.finding("Trojaned version of file '" + path + "' detected. Signature used: '" + t->text + "' (" +
                      t->description + ")." + digests_of(path));
        return true;
      });
      if (!sink_.go_on()) return false;
    }
    return true;
  }

 private:
  const Settings& settings_;
  Sink& sink_;
  std::set<std::tuple<dev_t, ino_t, const TrojanSignature*>> seen_;
};

bool is_known_among_devices(std::string_view name) {
  static constexpr std::string_view kNames[] = {
      "MAKEDEV",       "README.MAKEDEV", "MAKEDEV.README", ".udevdb",  ".udev.tdb", ".initramfs-tools",
      "MAKEDEV.local", ".udev",          ".initramfs",     "oprofile", "fd",        "cgroup"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

bool is_known_path(const std::string& path, const Settings& settings) {
  for (const char* const known : {"dev/shm", "dev/shm/sysconfig", "dev/bus/usb/.usbfs", "dev/gpmctl"}) {
    if (path == settings.below_base(known)) return true;
  }
  return false;
}

bool walk_devices(const std::string& directory, int depth, const Settings& settings, Sink& sink) {
  constexpr int kMostDepth = 64;
  if (!sink.go_on()) return false;
  DIR* const listed = depth > kMostDepth ? nullptr : ::opendir(directory.c_str());
  if (!listed) return true;
  std::vector<std::string> names;
  while (const dirent* e = ::readdir(listed)) names.emplace_back(e->d_name);
  ::closedir(listed);
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    if (name == "." || name == ".." || is_known_among_devices(name)) continue;
    const std::string path = directory + "/" + name;
    struct stat s {};
    if (::lstat(path.c_str(), &s) != 0 || is_known_path(path, settings)) continue;
    if (S_ISREG(s.st_mode)) sink.finding("File '" + path + "' present on /dev. Possible hidden file.");
    if (S_ISDIR(s.st_mode) && !walk_devices(path, depth + 1, settings, sink)) return false;
  }
  return true;
}

}  // namespace

std::string rootkit_text(const std::string& name, const std::string& path) {
  return "Rootkit '" + name + "' detected by the presence of file '" + path + "'." + digests_of(path);
}

void check_rootkit_files(const std::vector<FileSignature>& signatures, const Settings& settings, Sink& sink) {
  for (const FileSignature& s : signatures) {
    if (s.global) continue;
    const std::string path = settings.below_base(s.path);
    if (is_present(path)) sink.finding(rootkit_text(s.name, path));
    if (!sink.go_on()) return;
  }
}

void check_trojans(const std::vector<TrojanSignature>& signatures, const Settings& settings, Sink& sink) {
  TrojanCheck check(settings, sink);
  // Signatures of one file are searched in one read of it.
  for (size_t i = 0; i < signatures.size(); ++i) {
    const std::string& file = signatures[i].file;
    const auto same = [&](const TrojanSignature& t) { return t.file == file; };
    if (std::any_of(signatures.begin(), signatures.begin() + static_cast<std::ptrdiff_t>(i), same)) continue;
    std::vector<const TrojanSignature*> all;
    for (const TrojanSignature& t : signatures) {
      if (same(t)) all.push_back(&t);
    }
    if (file.starts_with('/')) {
      if (!check.file(file, all)) return;
      continue;
    }
    for (const char* const folder : {"bin/", "sbin/", "usr/bin/", "usr/sbin/"}) {
      if (!check.file(settings.below_base(folder + file), all)) return;
    }
  }
}

void check_devices(const Settings& settings, Sink& sink) {
  walk_devices(settings.below_base("dev"), 0, settings, sink);
}

}  // namespace gander::rootcheck
