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

// Bytes of `fd` into the hasher until its end; false: too slow.
bool drain(int fd, Hasher& hasher) {
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

}  // namespace

Prefilter::Prefilter(std::string_view command) {
  while (!command.empty()) {
    const size_t end = command.find(' ');
    if (end != 0) words_.emplace_back(command.substr(0, end));
    if (end == std::string_view::npos) break;
    command.remove_prefix(end + 1);
  }
}

bool Prefilter::fail_with(std::string text) {
  if (note_.empty()) note_ = std::move(text);
  return false;
}

bool Prefilter::digests(std::string_view path, Hasher& hasher, unsigned checks, Digests& out) {
  if (words_.empty()) return false;
  std::array<int, 2> pipe_fds{};
  if (::pipe2(pipe_fds.data(), O_CLOEXEC) != 0) return fail_with("prefilter_cmd: no pipe");
  const base::Descriptor reading(pipe_fds[0]);
  base::Descriptor writing(pipe_fds[1]);
  const std::string file(path);
  std::vector<char*> arguments;
  for (std::string& word : words_) arguments.push_back(word.data());
  arguments.push_back(const_cast<char*>(file.c_str()));
  arguments.push_back(nullptr);
  std::string search = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  char* environment[] = {search.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, writing.get(), 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, words_.front().c_str(), &actions, nullptr, arguments.data(), environment);
  posix_spawn_file_actions_destroy(&actions);
  writing = base::Descriptor();
  if (error != 0) return fail_with("prefilter_cmd: " + words_.front() + ": " + std::strerror(error));
  hasher.start(checks);
  const bool whole = drain(reading.get(), hasher);
  if (!whole) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!whole) return fail_with("prefilter_cmd: " + words_.front() + " took more than a minute on " + file);
  out = hasher.finish();
  return true;
}

}  // namespace gander::integrity
