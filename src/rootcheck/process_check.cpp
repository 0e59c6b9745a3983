#include "rootcheck/process_check.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <vector>

#include "base/descriptor.h"
#include "base/file.h"

namespace gander::rootcheck {
namespace {

constexpr int kOssecHighest = 32768;
constexpr int kMostHidden = 15;
constexpr int kBetweenPauses = 64;

// 0: the name is no number.
int number_in(std::string_view name) {
  int value = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
  return error == std::errc() && end == name.data() + name.size() && value > 0 ? value : 0;
}

int highest_id(bool exact) {
  if (exact) return kOssecHighest;
  const Result<std::string> text = base::read_file("/proc/sys/kernel/pid_max");
  const int most = text ? number_in(text->substr(0, text->find('\n'))) : 0;
  return most > 0 ? most : kOssecHighest;
}

std::set<int> by_library(const std::string& proc) {
  std::set<int> out;
  DIR* const d = ::opendir(proc.c_str());
  if (!d) return out;
  while (const dirent* e = ::readdir(d)) {
    if (const int pid = number_in(e->d_name); pid > 0) out.insert(pid);
  }
  ::closedir(d);
  return out;
}

// getdents64 itself: a library that is preloaded has no say in it.
std::set<int> by_kernel(const std::string& proc) {
  struct Entry {
    uint64_t inode;
    int64_t offset;
    uint16_t size;
    uint8_t type;
  };
  constexpr size_t kName = 19;  // offset of the name
  std::set<int> out;
  const base::Descriptor fd(
      static_cast<int>(::syscall(SYS_openat, AT_FDCWD, proc.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
  std::array<char, 32 * 1024> buffer;
  for (;;) {
    const long got = ::syscall(SYS_getdents64, fd.get(), buffer.data(), buffer.size());
    if (got <= 0) return out;
    for (long at = 0; at + static_cast<long>(kName) < got;) {
      Entry e{};
      std::memcpy(&e, buffer.data() + at, kName);
      if (e.size <= kName) return out;
      const char* const name = buffer.data() + at + kName;
      if (const int pid = number_in({name, ::strnlen(name, e.size - kName)}); pid > 0) out.insert(pid);
      at += e.size;
    }
  }
}

bool answered(long result) {
  return result != -1 || errno == EPERM;
}

ProcessView view_of(int pid, const std::string& proc, dev_t device) {
  ProcessView v;
  v.kill = answered(::kill(pid, 0));
  v.session = answered(::getsid(pid));
  v.group = answered(::getpgid(pid));
  struct stat s {};
  // Something else may be mounted over it.
  v.entry = ::stat((proc + "/" + std::to_string(pid)).c_str(), &s) == 0 && s.st_dev == device;
  return v;
}

bool is_thread_of_another(int pid, const std::string& proc) {
  const std::string id = std::to_string(pid);
  const Result<std::string> status = base::read_file(proc + "/" + id + "/status");
  if (status) {
    const size_t at = status->find("\nTgid:\t");
    if (at != std::string::npos) {
      const std::string_view text = std::string_view(*status).substr(at + 7);
      return number_in(text.substr(0, text.find('\n'))) != pid;
    }
  }
  for (const int other : by_kernel(proc)) {
    if (base::exists(proc + "/" + std::to_string(other) + "/task/" + id) && other != pid) return true;
  }
  return base::exists(proc + "/." + id);
}

class Check {
 public:
  Check(const ProcessAsker& asker, Sink& sink) : asker_(asker), sink_(sink) {}

  void run() {
    const int own = ::getpid();
    std::vector<int> odd;
    for (int from = 1; from <= asker_.highest; from += kBetweenPauses) {
      if (!sink_.go_on()) return;
      // Fresh for each piece: processes come and go.
      std::set<int> listed;
      bool is_listed = false;
      for (int pid = from; pid < from + kBetweenPauses && pid <= asker_.highest; ++pid) {
        const ProcessView v = asker_.view(pid);
        if (pid == own || v.none()) continue;
        if (!std::exchange(is_listed, true)) listed = asker_.listed_by_library();
        if (!v.all() || !listed.contains(pid)) odd.push_back(pid);
      }
    }
    for (const int pid : odd) {
      if (!sink_.go_on() || !look_again(pid)) return;
    }
  }

 private:
  // False: enough.
  bool look_again(int pid) {
    const std::string text = what_hides(pid);
    // A process that came or went between two calls looks hidden once.
    if (text.empty() || !sink_.pause() || what_hides(pid) != text) return true;
    if (++hidden_ > kMostHidden) {
      sink_.finding(
          "Excessive number of hidden processes. It maybe a false-positive or something really bad is going on.");
      return false;
    }
    sink_.finding(text);
    return true;
  }

  std::string what_hides(int pid) {
    const ProcessView v = asker_.view(pid);
    if (v.none()) return {};
    // A zombie.
    if (v.kill && !v.session && !v.group) return {};
    const std::string start = "Process '" + std::to_string(pid) + "' hidden from ";
    const auto number = [](bool b) { return std::string(b ? "1" : "0"); };
    if (v.kill != v.session) {
      return start + "kill (" + number(v.kill) + ") or getsid (" + number(v.session) +
             "). Possible kernel-level rootkit.";
    }
    if (v.kill != v.group || !v.kill) {
      return start + "kill (" + number(v.kill) + "), getsid (" + number(v.session) +
             ") or getpgid. Possible kernel-level rootkit.";
    }
    if (asker_.is_thread(pid)) return {};
    if (!v.entry || !asker_.listed_by_kernel().contains(pid)) {
      return start + "/proc. Possible kernel level rootkit.";
    }
    if (!asker_.listed_by_library().contains(pid)) return start + "ps. Possible trojaned version installed.";
    return {};
  }

  const ProcessAsker& asker_;
  Sink& sink_;
  int hidden_ = 0;
};

// Others' processes are hidden by the administrator's own wish.
bool hides_by_option(const std::string& proc) {
  const Result<std::string> mounts = base::read_file("/proc/self/mountinfo");
  if (!mounts || mounts->find("hidepid=") == std::string::npos) return false;
  return answered(::kill(1, 0)) && !base::exists(proc + "/1");
}

}  // namespace

ProcessAsker system_asker(const Settings& settings) {
  const std::string proc = settings.proc;
  struct stat s {};
  const dev_t device = ::stat(proc.c_str(), &s) == 0 ? s.st_dev : 0;
  ProcessAsker out;
  out.view = [proc, device](int pid) { return view_of(pid, proc, device); };
  out.listed_by_library = [proc] { return by_library(proc); };
  out.listed_by_kernel = [proc] { return by_kernel(proc); };
  out.is_thread = [proc](int pid) { return is_thread_of_another(pid, proc); };
  out.highest = highest_id(settings.exact());
  return out;
}

void check_processes(const ProcessAsker& asker, Sink& sink) {
  Check(asker, sink).run();
}

void check_processes(const Settings& settings, Sink& sink) {
  if (hides_by_option(settings.proc)) {
    return sink.log(
        Severity::Warning,
        "hidden processes are not looked for: /proc is mounted with hidepid, and CAP_SYS_PTRACE is missing");
  }
  check_processes(system_asker(settings), sink);
}

}  // namespace gander::rootcheck
