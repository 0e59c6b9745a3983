#include "live/confinement.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "base/descriptor.h"
#include "base/file.h"
#include "base/json_text.h"

// Rights that the headers of Debian 12 do not know yet; the kernel says by its ABI number whether it does.
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

namespace gander::live {
namespace {

constexpr uint64_t kRead = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr uint64_t kWrite = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                            LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                            LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REFER;
constexpr uint64_t kOther = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                            LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
constexpr int kLeastAbi = 2;
constexpr int kTruncateAbi = 3;

std::string with_reason(const std::string& what) {
  return what + ": " + std::strerror(errno);
}

bool add_path(int ruleset, const std::string& path, uint64_t access) {
  const base::Descriptor fd(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!fd) return errno == ENOENT;
  struct stat s {};
  if (::fstat(fd.get(), &s) == 0 && !S_ISDIR(s.st_mode)) {
    access &= LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE;
  }
  landlock_path_beneath_attr rule{};
  rule.allowed_access = access;
  rule.parent_fd = fd.get();
  return ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

// False: errno says why.
bool restrict_files(const Profile& profile) {
  const long abi = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < kLeastAbi) {
    if (abi >= 0) errno = ENOSYS;
    return false;
  }
  const uint64_t write = kWrite | (abi >= kTruncateAbi ? LANDLOCK_ACCESS_FS_TRUNCATE : 0);
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = kRead | write | kOther;
  const base::Descriptor ruleset(
      static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0)));
  if (!ruleset) return false;
  bool good = true;
  for (const std::string& path : profile.readable) good = add_path(ruleset.get(), path, kRead) && good;
  for (const std::string& path : profile.writable) good = add_path(ruleset.get(), path, kRead | write) && good;
  return good && ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0;
}

void deny(scmp_filter_ctx filter, std::initializer_list<int> calls, int error) {
  for (const int call : calls) {
    if (call != __NR_SCMP_ERROR) seccomp_rule_add(filter, SCMP_ACT_ERRNO(static_cast<uint16_t>(error)), call, 0);
  }
}

// Threads go or not, processes do not: the flags of clone() say which; of clone3() they cannot be seen, and who is told
// ENOSYS takes clone().
void deny_processes(scmp_filter_ctx filter, bool threads) {
  deny(filter, {SCMP_SYS(fork), SCMP_SYS(vfork)}, EPERM);
  deny(filter, {SCMP_SYS(clone3)}, ENOSYS);
  if (!threads) return deny(filter, {SCMP_SYS(clone)}, EPERM);
  seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
}

// No new program, no look into other processes, no change of the system; no network for those who need none. What is
// refused gives an error and is survived.
bool restrict_calls(const Profile& profile) {
  const std::unique_ptr<void, void (*)(scmp_filter_ctx)> filter(seccomp_init(SCMP_ACT_ALLOW), seccomp_release);
  if (!filter) return false;
  deny(filter.get(),
       {SCMP_SYS(execve),
        SCMP_SYS(execveat),
        SCMP_SYS(ptrace),
        SCMP_SYS(process_vm_readv),
        SCMP_SYS(process_vm_writev),
        SCMP_SYS(mount),
        SCMP_SYS(umount2),
        SCMP_SYS(pivot_root),
        SCMP_SYS(chroot),
        SCMP_SYS(setns),
        SCMP_SYS(unshare),
        SCMP_SYS(init_module),
        SCMP_SYS(finit_module),
        SCMP_SYS(delete_module),
        SCMP_SYS(kexec_load),
        SCMP_SYS(bpf),
        SCMP_SYS(perf_event_open),
        SCMP_SYS(userfaultfd),
        SCMP_SYS(keyctl),
        SCMP_SYS(add_key),
        SCMP_SYS(request_key),
        SCMP_SYS(reboot),
        SCMP_SYS(swapon),
        SCMP_SYS(swapoff),
        SCMP_SYS(settimeofday),
        SCMP_SYS(clock_settime),
        SCMP_SYS(sethostname),
        SCMP_SYS(iopl),
        SCMP_SYS(ioperm),
        SCMP_SYS(mknod),
        SCMP_SYS(mknodat)},
       EPERM);
  if (profile.network == Profile::Network::None) {
    deny(filter.get(), {SCMP_SYS(socket), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen), SCMP_SYS(accept4)},
         EPERM);
    deny_processes(filter.get(), profile.threads);
  }
  if (profile.network == Profile::Network::Probe) {
    deny(filter.get(), {SCMP_SYS(connect), SCMP_SYS(listen), SCMP_SYS(accept), SCMP_SYS(accept4)}, EPERM);
    deny_processes(filter.get(), true);
  }
  return seccomp_load(filter.get()) == 0;
}

bool keep_only(const Profile& profile) {
  const std::unique_ptr<_cap_struct, int (*)(void*)> none(cap_init(), cap_free);
  if (!none) return false;
  const std::unique_ptr<_cap_struct, int (*)(void*)> now(cap_get_proc(), cap_free);
  const auto keep = [&](cap_value_t capability, cap_flag_value_t effective) {
    cap_flag_value_t held = CAP_CLEAR;
    if (!now || cap_get_flag(now.get(), capability, CAP_PERMITTED, &held) != 0 || held != CAP_SET) return;
    cap_set_flag(none.get(), CAP_PERMITTED, 1, &capability, CAP_SET);
    cap_set_flag(none.get(), CAP_EFFECTIVE, 1, &capability, effective);
  };
  if (profile.read_all == Profile::ReadAll::Yes) keep(CAP_DAC_READ_SEARCH, CAP_SET);
  if (profile.read_all == Profile::ReadAll::PassOn) keep(CAP_DAC_READ_SEARCH, CAP_CLEAR);
  if (profile.look_around == Profile::LookAround::Yes) {
    keep(CAP_SYS_PTRACE, CAP_SET);
    keep(CAP_NET_BIND_SERVICE, CAP_SET);
  }
  ::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  return cap_set_proc(none.get()) == 0;
}

bool become(const HostSettings& settings, const Profile& profile) {
  const passwd* const user = ::getpwnam(settings.user.c_str());
  if (!user) return false;
  std::vector<gid_t> groups = {user->pw_gid};
  if (profile.read_all != Profile::ReadAll::No) {
    for (const char* const name : {"systemd-journal", "adm"}) {
      if (const group* const g = ::getgrnam(name)) groups.push_back(g->gr_gid);
    }
  }
  ::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0);
  return ::setgroups(groups.size(), groups.data()) == 0 && ::setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0 &&
         ::setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0;
}

}  // namespace

Profile profile_for(Role role, const HostSettings& s) {
  Profile p;
  const std::string& home = s.home;
  const auto below = [&](const char* name) { return base::join(home, name); };
  p.readable = {s.rules_home,          below("etc"), base::join(s.rules_home, "etc"), s.config, home, "/etc/localtime",
                "/usr/share/zoneinfo", "/proc",      "/sys/devices/system/cpu"};
  switch (role) {
    case Role::Collector:
      p.read_all = Profile::ReadAll::Yes;
      p.readable = {"/"};
      break;
    case Role::Analysis:
      p.threads = true;
      p.writable = {below("logs"), below("queue"), below("stats"), below("etc")};
      break;
    case Role::Indexer:
      p.writable = {below("logs"), below("queue")};
      break;
    case Role::Notifier:
      p.network = Profile::Network::Allowed;
      // The resolver and the certificates of authorities, with the libraries that the resolver loads.
      for (const char* const path : {"/etc", "/usr/lib", "/lib", "/usr/share/ca-certificates",
                                     "/usr/local/share/ca-certificates", "/run/systemd/resolve", "/dev/urandom"}) {
        p.readable.emplace_back(path);
      }
      p.writable = {below("queue"), below("logs")};
      break;
    case Role::Viewer:
      break;
    case Role::Scanner:
      p.network = Profile::Network::Probe;
      p.read_all = Profile::ReadAll::Yes;
      p.look_around = Profile::LookAround::Yes;
      // In a Landlock domain links of /proc that belong to others are refused.
      p.files = Profile::Files::All;
      break;
    case Role::Supervisor:
      // What any of its children may; it runs nothing, and only where the responder is not its child.
      p.network = Profile::Network::Allowed;
      p.read_all = Profile::ReadAll::PassOn;
      p.readable = {"/"};
      p.writable = {below("logs"), below("queue"), below("stats"), below("etc"), below("run"), below("var/run")};
      break;
    case Role::Responder:
      p.confined = false;
      break;
  }
  return p;
}

std::string json_members(const Protections& protections) {
  std::string out;
  const auto list = [&](std::string_view name, const std::vector<std::string>& texts) {
    out.append("\"").append(name).append("\":[");
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) out.push_back(',');
      base::append_json_string(out, texts[i], base::DamagedUtf8::Replace);
    }
    out.append("]");
  };
  list("protection", protections.active);
  out.push_back(',');
  list("missing_protection", protections.missing);
  return out;
}

Protections confine(const Profile& profile, const HostSettings& settings) {
  Protections out;
  const auto note = [&](bool good, const std::string& what) {
    good ? out.active.push_back(what) : out.missing.push_back(with_reason(what));
  };
  if (!profile.confined) {
    out.missing.emplace_back("confinement: what it runs would inherit it");
    return out;
  }
  if (::geteuid() == 0) {
    if (settings.user.empty()) {
      out.missing.emplace_back("a user of its own: it runs as root (--user NAME)");
    } else {
      note(become(settings, profile), "user " + settings.user);
    }
  }
  if (::geteuid() != 0 || settings.user.empty()) note(keep_only(profile), "capabilities");
  note(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges");
  if (profile.files == Profile::Files::Listed) note(restrict_files(profile), "files (Landlock)");
  note(restrict_calls(profile), "system calls (seccomp)");
  return out;
}

}  // namespace gander::live
