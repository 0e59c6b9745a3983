#include "integrity/prefilter.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/descriptor.h"

namespace gander::integrity {
namespace {

constexpr auto kMostTime = std::chrono::seconds(60);

std::vector<std::string> words_of(std::string_view command) {
  std::vector<std::string> words;
  while (!command.empty()) {
    const size_t end = command.find(' ');
    if (end != 0) words.emplace_back(command.substr(0, end));
    if (end == std::string_view::npos) break;
    command.remove_prefix(end + 1);
  }
  return words;
}

}  // namespace

bool hash_output(int fd, Hasher& hasher) {
  std::array<char, 32 * 1024> buffer{};
  const auto until = std::chrono::steady_clock::now() + kMostTime;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
    struct pollfd wait {
      fd, POLLIN, 0
    };
    if (left.count() <= 0) return false;
    const int ready = ::poll(&wait, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return got == 0;
    hasher.add({buffer.data(), static_cast<size_t>(got)});
  }
}

Result<RunningFilter> start_prefilter(std::string_view command, std::string_view path) {
  std::vector<std::string> words = words_of(command);
  if (words.empty()) return fail("I002", "prefilter_cmd: no command");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail("I002", "prefilter_cmd: no pipe");
  RunningFilter out;
  out.output = base::Descriptor(ends[0]);
  const base::Descriptor writing(ends[1]);
  words.emplace_back(path);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string search = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  char* environment[] = {search.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  const int error =
      ::posix_spawn(&out.pid, words.front().c_str(), &actions, &attributes, arguments.data(), environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return fail("I002", "prefilter_cmd: " + words.front() + ": " + std::strerror(error));
  return out;
}

bool Prefilter::fail_with(std::string text) {
  if (note_.empty()) note_ = std::move(text);
  return false;
}

bool Prefilter::digests(std::string_view path, Hasher& hasher, unsigned checks, Digests& out) {
  if (command_.empty()) return false;
  Result<RunningFilter> running = start_prefilter(command_, path);
  if (!running) return fail_with(running.error().message);
  hasher.start(checks);
  const bool whole = hash_output(running->output.get(), hasher);
  if (!whole) ::kill(-running->pid, SIGKILL);
  int status = 0;
  while (::waitpid(running->pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (!whole) return fail_with("prefilter_cmd: it took more than a minute on " + std::string(path));
  out = hasher.finish();
  return true;
}

}  // namespace gander::integrity
