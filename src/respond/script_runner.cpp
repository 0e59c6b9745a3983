#include "respond/script_runner.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace gander::respond {
namespace {

// Attributes and file actions of a spawn, freed at the end of the scope.
class Spawn {
 public:
  Spawn() {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
    sigset_t none;
    sigemptyset(&none);
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Spawn(const Spawn&) = delete;
  Spawn& operator=(const Spawn&) = delete;
  ~Spawn() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }

  void streams(int output) {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (output >= 0)
      posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    else
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  }

  posix_spawnattr_t attributes{};
  posix_spawn_file_actions_t actions{};
};

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const std::string& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

const std::vector<std::string>& environment() {
  static const std::vector<std::string> kEnvironment = {
      "LC_ALL=C", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"};
  return kEnvironment;
}

std::string take_output(int fd) {
  std::string out(ScriptRunner::kMostOutput, '\0');
  size_t size = 0;
  while (size < out.size()) {
    const ssize_t n = ::read(fd, out.data() + size, out.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    size += static_cast<size_t>(n);
  }
  out.resize(size);
  return out;
}

}  // namespace

ScriptRunner::~ScriptRunner() {
  for (const auto& [pid, child] : children_) {
    ::close(child.pidfd);
    if (child.output >= 0) ::close(child.output);
  }
  if (epoll_ >= 0) ::close(epoll_);
}

Result<void> ScriptRunner::open() {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (epoll_ < 0) return fail("V003", std::string("cannot watch processes: ") + std::strerror(errno));
  return {};
}

std::optional<std::string> ScriptRunner::start(uint64_t id, const std::vector<std::string>& argv,
                                               const std::string& folder, Output output, Up now,
                                               std::chrono::seconds most) {
  int pipe[2] = {-1, -1};
  if (output == Output::Keep && ::pipe2(pipe, O_CLOEXEC | O_NONBLOCK) != 0) return std::strerror(errno);
  Spawn spawn;
  spawn.streams(pipe[1]);
  posix_spawn_file_actions_addchdir_np(&spawn.actions, folder.c_str());
  Child child;
  child.id = id;
  child.output = pipe[0];
  child.limit = now + most;
  const int error = ::posix_spawn(&child.pid, argv[0].c_str(), &spawn.actions, &spawn.attributes, pointers(argv).data(),
                                  pointers(environment()).data());
  if (pipe[1] >= 0) ::close(pipe[1]);
  // The C library's own declaration of it (2.36) cannot be used from C++.
  if (error == 0) child.pidfd = static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0));
  if (error != 0 || child.pidfd < 0) {
    const std::string why = std::strerror(error != 0 ? error : errno);
    if (pipe[0] >= 0) ::close(pipe[0]);
    return why;
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = child.pid;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, child.pidfd, &event);
  children_[child.pid] = child;
  return std::nullopt;
}

std::optional<ScriptEnd> ScriptRunner::reap(Child& child) {
  siginfo_t info{};
  const auto id = static_cast<id_t>(child.pidfd);
  const int seen = ::waitid(P_PIDFD, id, &info, WEXITED | WNOHANG | WNOWAIT);
  if (seen == 0 && info.si_pid == 0) return std::nullopt;
  ScriptEnd end;
  end.id = child.id;
  if (child.told != Child::Told::Nothing) {
    // Its number still belongs to it as long as it is not reaped, so the group is the right one.
    ::kill(-child.pid, SIGKILL);
    end.how = ScriptEnd::How::TimedOut;
  } else if (info.si_code != CLD_EXITED && seen == 0) {
    end.how = ScriptEnd::How::Signalled;
  }
  end.status = info.si_status;
  ::waitid(P_PIDFD, id, &info, WEXITED | WNOHANG);
  ::close(child.pidfd);
  if (child.output >= 0) {
    end.output = take_output(child.output);
    ::close(child.output);
  }
  return end;
}

void ScriptRunner::enforce(Child& child, Up now) {
  if (now < child.limit || child.told == Child::Told::Kill) return;
  const bool first = child.told == Child::Told::Nothing;
  ::kill(-child.pid, first ? SIGTERM : SIGKILL);
  child.told = first ? Child::Told::Term : Child::Told::Kill;
  child.limit = now + kGrace;
}

std::vector<ScriptEnd> ScriptRunner::poll(Up now) {
  std::vector<ScriptEnd> ends;
  for (auto it = children_.begin(); it != children_.end();) {
    if (auto end = reap(it->second)) {
      ends.push_back(std::move(*end));
      it = children_.erase(it);
    } else {
      enforce(it->second, now);
      ++it;
    }
  }
  return ends;
}

std::optional<ScriptRunner::Up> ScriptRunner::next() const {
  std::optional<Up> first;
  for (const auto& [pid, child] : children_) {
    if (child.told != Child::Told::Kill) first = std::min(first.value_or(child.limit), child.limit);
  }
  return first;
}

}  // namespace gander::respond
