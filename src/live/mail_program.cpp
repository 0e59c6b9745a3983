#include "live/mail_program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace gander::live {
namespace {

// -1: could not be started.
pid_t start(const std::string& path, base::Descriptor& input) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return -1;
  base::Descriptor reading(ends[0]);
  input = base::Descriptor(ends[1]);
  ::fcntl(input.get(), F_SETFL, O_NONBLOCK);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, reading.get(), STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);

  const char* const arguments[] = {path.c_str(), nullptr};
  const char* const environment[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C",
                                     nullptr};
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, path.c_str(), &actions, &attributes, const_cast<char* const*>(arguments),
                                   const_cast<char* const*>(environment));
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? pid : -1;
}

}  // namespace

MailProgram::~MailProgram() {
  for (const Run& run : running_) {
    ::kill(-run.pid, SIGKILL);
    ::waitpid(run.pid, nullptr, 0);
  }
}

void MailProgram::run(const std::string& path, uint64_t number, std::string mail, collect::Moment now) {
  Run run;
  run.number = number;
  run.mail = std::move(mail);
  run.begin = now.steady;
  run.pid = start(path, run.input);
  if (run.pid < 0) return done_(number, MailOutcome::TryAgain);
  feed(run);
  running_.push_back(std::move(run));
}

void MailProgram::feed(Run& run) {
  while (run.input && run.written < run.mail.size()) {
    const ssize_t n = ::write(run.input.get(), run.mail.data() + run.written, run.mail.size() - run.written);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) break;  // it reads no more; its status says what became of the mail
    run.written += static_cast<size_t>(n);
  }
  run.input.reset();
}

void MailProgram::add_descriptors(std::vector<pollfd>& wanted) const {
  for (const Run& run : running_) {
    if (run.input) wanted.push_back({run.input.get(), POLLOUT, 0});
  }
}

void MailProgram::step(collect::Moment now) {
  for (auto run = running_.begin(); run != running_.end();) {
    feed(*run);
    int status = 0;
    const pid_t ended = ::waitpid(run->pid, &status, WNOHANG);
    if (ended == 0 && now.steady - run->begin > kPatience) {
      ::kill(-run->pid, SIGKILL);
    }
    if (ended == 0) {
      ++run;
      continue;
    }
    const bool whole = run->written == run->mail.size();
    const bool good = ended == run->pid && WIFEXITED(status) && WEXITSTATUS(status) == 0 && whole;
    const uint64_t number = run->number;
    run = running_.erase(run);
    done_(number, good ? MailOutcome::Accepted : MailOutcome::TryAgain);
  }
}

}  // namespace gander::live
