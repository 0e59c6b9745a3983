#include "live/standing_responder.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/file.h"

namespace gander::live {
namespace {

std::string distrust_of_path(const std::string& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return path + ": " + std::strerror(errno);
  if (s.st_uid != 0) return fmt::format("{} belongs to user {}", path, s.st_uid);
  const bool by_group = (s.st_mode & S_IWGRP) != 0 && s.st_gid != 0;
  if ((s.st_mode & S_IWOTH) != 0 || by_group) return path + " can be written by others";
  return {};
}

int complain(std::string_view text) {
  const std::string line = fmt::format("gander: {}\n", text);
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
  return 2;
}

Result<respond::LocalSocket> listen_for(const std::string& path, const passwd* user) {
  Result<respond::LocalSocket> listener = respond::listen_at(path);
  if (!listener || user == nullptr || user->pw_uid == ::geteuid()) return listener;
  // Only they can open it, and each who connects is asked for.
  if (::lchown(path.c_str(), ::geteuid(), user->pw_gid) != 0 || ::chmod(path.c_str(), 0660) != 0) {
    return fail("V004", path + ": it cannot be given to " + user->pw_name + ": " + std::strerror(errno));
  }
  return listener;
}

}  // namespace

std::string distrust_of(const HostSettings& settings) {
  if (::geteuid() != 0) return {};
  std::error_code error;
  const std::filesystem::path config = std::filesystem::canonical(settings.config, error);
  if (error) return settings.config + ": " + error.message();
  for (const std::string& path :
       {config.string(), config.parent_path().string(), std::filesystem::absolute(settings.rules_home).string()}) {
    if (std::string why = distrust_of_path(path); !why.empty()) return why;
  }
  return {};
}

StandingResponder::StandingResponder(HostSettings settings, Door& door)
    : ResponderProcess(std::move(settings), base::Descriptor()), door_(door) {}

bool StandingResponder::start() {
  if (const std::string why = distrust_of(settings()); !why.empty()) {
    log(Severity::Error, why + "; what it names would be run as root");
    return false;
  }
  return ResponderProcess::start();
}

void StandingResponder::add_descriptors(std::vector<pollfd>& wanted) {
  ResponderProcess::add_descriptors(wanted);
  wanted.push_back(readable(door_.listener.get()));
  wanted.push_back(readable(door_.signals.get()));
}

void StandingResponder::admit() {
  for (;;) {
    base::Descriptor fd(::accept4(door_.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!fd) return;
    const std::optional<uid_t> peer = respond::peer_user(fd.get());
    if (!peer || (*peer != 0 && *peer != door_.user)) {
      log(Severity::Warning, fmt::format("user {} is not let in", peer ? std::to_string(*peer) : "?"));
    } else if (has_supervisor()) {
      log(Severity::Warning, "a second supervisor is not let in");
    } else {
      serve_new_supervisor(std::move(fd));
    }
  }
}

bool StandingResponder::outlives_supervisor() {
  drop_peers();
  log(Severity::Note, "the supervisor has gone; what is in force stays, and the next one is waited for");
  return true;
}

void StandingResponder::read_signals() {
  signalfd_siginfo info{};
  while (::read(door_.signals.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo == SIGHUP) {
      door_.service.tell("RELOADING=1");
      const std::string trouble = reload();
      door_.service.tell("READY=1");
      if (!trouble.empty()) log(Severity::Error, "the new configuration is refused, the old one stays:\n" + trouble);
      continue;
    }
    if (!door_.told_to_end) door_.service.tell("STOPPING=1");
    door_.told_to_end = true;
    end(info.ssi_signo == SIGUSR1 || system_goes_down() ? kKeepState : std::string_view());
  }
}

void StandingResponder::beat(collect::Moment now) {
  const auto every = door_.service.heartbeat();
  if (!every || now.steady < next_beat_) return;
  door_.service.tell("WATCHDOG=1");
  next_beat_ = now.steady + *every;
}

std::optional<collect::Steady> StandingResponder::step(collect::Moment now) {
  if (!std::exchange(door_.announced, true)) door_.service.tell("READY=1");
  beat(now);
  read_signals();
  if (!stopping()) admit();
  auto until = ResponderProcess::step(now);
  if (stopping()) return now.steady;
  if (door_.service.heartbeat()) until = until ? std::min(*until, next_beat_) : next_beat_;
  return until;
}

bool StandingResponder::stop(collect::Moment now) {
  beat(now);
  read_signals();  // the whole unit may be told to end while a supervisor's stop is carried out
  return ResponderProcess::stop(now);
}

void StandingResponder::log_alone(Severity severity, std::string_view text) {
  constexpr std::array<std::string_view, 3> kWords = {"INFO", "WARN", "ERROR"};
  const std::string line = fmt::format("gander-responder: {}: {}\n", kWords[static_cast<size_t>(severity)], text);
  static_cast<void>(!::write(STDERR_FILENO, line.data(), line.size()));
}

int run_standing_responder(const StandingOptions& options) {
  Door door;
  const passwd* const user = options.user.empty() ? nullptr : ::getpwnam(options.user.c_str());
  door.user = user ? user->pw_uid : ::geteuid();
  Result<respond::LocalSocket> listener = listen_for(options.socket, user);
  if (!listener) return complain(listener.error().message);
  door.listener = std::move(*listener);
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set, s);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  door.signals = base::Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!door.signals) return complain(std::strerror(errno));
  int status = 0;
  while (status == 0 && !door.told_to_end) status = StandingResponder(options.settings, door).run();
  ::unlink(options.socket.c_str());
  return status;
}

}  // namespace gander::live
