#include "integrity/actor_lookup.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>

#include "base/descriptor.h"

namespace gander::integrity {
namespace {

constexpr size_t kMostKnown = 1024;
constexpr int64_t kBelievedMs = 2000;
constexpr int64_t kUsersMs = 60'000;
constexpr size_t kMostCommand = 4096;

std::string read_small(const std::string& path, size_t most) {
  const base::Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string out(most, '\0');
  const ssize_t got = fd ? ::read(fd.get(), out.data(), out.size()) : 0;
  out.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return out;
}

int64_t number(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  int64_t out = -1;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

int64_t status_field(std::string_view status, std::string_view name) {
  const size_t at = status.find(name);
  return at == std::string_view::npos ? -1 : number(status.substr(at + name.size()));
}

Actor read_actor(int64_t pid) {
  const std::string base = "/proc/" + std::to_string(pid);
  Actor out;
  const std::string status = read_small(base + "/status", 4096);
  if (status.empty()) return out;
  out.pid = pid;
  out.parent = status_field(status, "\nPPid:");
  out.uid = status_field(status, "\nUid:");
  const int64_t login = number(read_small(base + "/loginuid", 32));
  if (login >= 0 && login != 4294967295) out.login_uid = login;
  std::array<char, 4096> exe{};
  const ssize_t size = ::readlink((base + "/exe").c_str(), exe.data(), exe.size());
  if (size > 0) {
    out.executable.assign(exe.data(), static_cast<size_t>(size));
  } else if (status.starts_with("Name:\t")) {
    // Of others it is shown to CAP_SYS_PTRACE only; the name is there for everybody.
    out.executable = status.substr(6, status.find('\n') - 6);
  }
  out.command_line = read_small(base + "/cmdline", kMostCommand);
  while (!out.command_line.empty() && out.command_line.back() == '\0') out.command_line.pop_back();
  std::replace(out.command_line.begin(), out.command_line.end(), '\0', ' ');
  return out;
}

bool still_there(int pidfd) {
  return pidfd < 0 || ::syscall(SYS_pidfd_send_signal, pidfd, 0, nullptr, 0) == 0 || errno == EPERM;
}

}  // namespace

const std::string& ActorLookup::user_name(int64_t uid, int64_t now_ms) {
  if (users_.empty() || now_ms - users_read_ms_ > kUsersMs) {
    users_.clear();
    users_read_ms_ = now_ms;
    std::ifstream in("/etc/passwd");
    for (std::string line; std::getline(in, line);) {
      const size_t name = line.find(':');
      const size_t id = name == std::string::npos ? name : line.find(':', name + 1);
      if (id != std::string::npos) users_.emplace(number(line.substr(id + 1)), line.substr(0, name));
    }
  }
  return users_[uid];
}

Actor ActorLookup::find(int64_t pid, int pidfd, int64_t now_ms) {
  if (const auto fresh = fresh_.find(pid); fresh != fresh_.end()) return fresh->second->actor;
  Actor actor = read_actor(pid);
  // Read first, asked after: had the process ended in between, the id could be another's.
  if (actor.known() && !still_there(pidfd)) actor = Actor();
  const auto before = known_.find(pid);
  if (!actor.known()) {
    if (before != known_.end() && now_ms - before->second.seen_ms < kBelievedMs) return before->second.actor;
    actor.pid = pid;
    return actor;
  }
  if (actor.uid >= 0) actor.user = user_name(actor.uid, now_ms);
  if (known_.size() >= kMostKnown) {
    known_.clear();
    fresh_.clear();
  }
  Known& place = known_[pid];
  place = {actor, now_ms};
  fresh_[pid] = &place;
  return actor;
}

}  // namespace gander::integrity
