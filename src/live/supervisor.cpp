#include "live/supervisor.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/file.h"
#include "base/json_text.h"
#include "live/roles.h"
#include "store/alert_chain.h"

namespace gander::live {
namespace {

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::seconds kLongestPause{5};
constexpr std::chrono::seconds kHealthy{30};    // a process that lived as long starts afresh
constexpr std::chrono::seconds kAnswerTime{2};  // for a status
constexpr std::chrono::seconds kReloadTime{25};
constexpr std::chrono::seconds kStopPatience{
    30};  // for each process (scripts may undo what they did), then it is killed

sigset_t watched_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&set, s);
  return set;
}

}  // namespace

Supervisor::Supervisor(SupervisorOptions options)
    : options_(std::move(options)), log_(options_.settings.home, options_.settings.zone, options_.echo) {
  for (const Role role : roles_for(options_)) {
    children_.emplace_back();
    children_.back().role = role;
  }
}

Supervisor::~Supervisor() = default;

// Configuration stays root's, so the key of the hash chain is made here, for the user to read.
void Supervisor::make_key(const passwd& user) {
  const std::string path = base::join(options_.settings.home, "etc/alerts.key");
  if (!store::ChainKey::load(path, store::ChainKey::Missing::Make) ||
      ::lchown(path.c_str(), static_cast<uid_t>(-1), user.pw_gid) != 0) {
    log_.write(Role::Supervisor, Severity::Warning, path + ": it cannot be made for " + options_.settings.user,
               moment_now().wall);
  }
}

// They stand before the processes are confined to them; started by root for a user, they are that user's.
bool Supervisor::make_folders() {
  const HostSettings& s = options_.settings;
  const passwd* const user = ::geteuid() == 0 && !s.user.empty() ? ::getpwnam(s.user.c_str()) : nullptr;
  for (const char* const name : {"etc", "logs", "queue", "run", "stats", "var/run"}) {
    const std::string path = base::join(s.home, name);
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) {
      log_.write(Role::Supervisor, Severity::Error, path + ": " + error.message(), moment_now().wall);
      return false;
    }
    if (!user) continue;
    const auto give = [&](const std::string& what) { return ::lchown(what.c_str(), user->pw_uid, user->pw_gid) == 0; };
    if (std::string_view(name) == "etc") {
      make_key(*user);
      continue;
    }
    bool good = give(path);
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path, error)) {
      // What the responder keeps is root's.
      if (entry.path().string().find("/queue/responses") == std::string::npos) good = give(entry.path()) && good;
    }
    if (!good)
      log_.write(Role::Supervisor, Severity::Warning, path + ": not all of it could be given to " + s.user,
                 moment_now().wall);
  }
  return true;
}

bool Supervisor::block_signals() {
  const sigset_t set = watched_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  signals_ = base::Descriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  return static_cast<bool>(signals_);
}

Supervisor::Child* Supervisor::child(Role role) {
  const auto found = std::find_if(children_.begin(), children_.end(), [&](const Child& c) { return c.role == role; });
  return found == children_.end() ? nullptr : &*found;
}

int Supervisor::run() {
  if (!make_folders() || !block_signals() || !give_up_rights()) return 2;
  begin_ = moment_now();
  for (collect::Moment now = begin_;; now = moment_now()) {
    read_signals(now);
    reap(now);
    for (Child& c : children_) serve(c, now);
    for (Child& c : children_) link_ended(c, now);
    if (failed_ && !stopping_) begin_stop(now, Blocks::Keep, Then::End);
    announce(now);
    if (stopping_) {
      if (!stop_goes_on(now)) {
        if (then_ == Then::End) break;
        start_again(now);
      }
    } else {
      start_due(now);
    }
    control_.step(now, [&](ControlSocket::Ticket t, const std::string& word) { asked(t, word, now); });
    finish_questions(now);
    if (const auto beat = service_.heartbeat(); beat && now.steady >= next_heartbeat_) {
      service_.tell("WATCHDOG=1");
      next_heartbeat_ = now.steady + *beat;
    }
    wait(next_deadline(now));
  }
  // A second instance that was refused must not take the first one's socket away.
  if (control_opened_) ::unlink(base::join(options_.settings.home, "run/gander.sock").c_str());
  return failed_ ? 2 : 0;
}

void Supervisor::announce(collect::Moment now) {
  if (announced_ || failed_ || stopping_) return;
  if (!std::all_of(children_.begin(), children_.end(), [](const Child& c) {
        // A responder that is elsewhere may come later; until then status names it.
        return c.ready || c.ends_well || !c.trouble.empty();
      }))
    return;
  announced_ = true;
  log_.settled();
  service_.tell("READY=1");
  log_.write(Role::Supervisor, Severity::Note,
             fmt::format("watching; alerts go to {}", base::join(options_.settings.home, "logs/alerts")), now.wall);
}

// The analysis first: it holds the lock on the home and knows whether the rules load.
void Supervisor::start_due(collect::Moment now) {
  for (Child& c : children_) {
    if (c.pid >= 0 || c.link || c.ends_well || now.steady < c.next_start) continue;
    const Child* const analysis = child(Role::Analysis);
    if (c.role != Role::Analysis && analysis && !analysis->ready) continue;
    c.elsewhere ? call(c, now) : start(c, now);
  }
}

void Supervisor::start(Child& c, collect::Moment now) {
  auto [ours, theirs] = Link::pair();
  const pid_t pid = ::fork();
  if (pid == 0) be(c.role, std::move(theirs));
  if (pid < 0) {
    log_.write(Role::Supervisor, Severity::Error,
               fmt::format("cannot start the {}: {}", role_name(c.role), std::strerror(errno)), now.wall);
    c.next_start = now.steady + kLongestPause;
    return;
  }
  c.pid = pid;
  c.ready = false;
  c.started = now.steady;
  c.link.emplace(std::move(ours));
}

// In the child: nothing of the supervisor stays open but standard streams and the link.
void Supervisor::be(Role role, base::Descriptor socket) {
  constexpr int kKept = STDERR_FILENO + 1;
  if (socket.get() != kKept) ::dup2(socket.get(), kKept);
  ::close_range(kKept + 1, ~0U, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  // A terminal's Ctrl-C goes to all; the supervisor stops them in order.
  ::signal(SIGINT, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  const std::string name = fmt::format("gander-{}", role_name(role));
  ::prctl(PR_SET_NAME, name.substr(0, 15).c_str());
  int status = 2;
  try {
    status = make_process(role, options_, base::Descriptor(kKept))->run();
  } catch (const std::exception& e) {
    log_.write(role, Severity::Error, e.what(), moment_now().wall);
  }
  // Descriptors of the parent's objects are numbers of others here: no destructor may run.
  ::_exit(status);
}

// Fresh links between this process and those that run and speak with it.
void Supervisor::connect(Child& c) {
  for (const auto& [a, b] : role_links()) {
    if (a != c.role && b != c.role) continue;
    Child* const other = child(a == c.role ? b : a);
    if (!other || !other->ready || !other->link) continue;
    auto [mine, its] = Link::pair();
    const char my_role = static_cast<char>(c.role);
    const char its_role = static_cast<char>(other->role);
    c.link->send(Frame::Peer, {&its_role, 1}, mine.get());
    other->link->send(Frame::Peer, {&my_role, 1}, its.get());
  }
}

void Supervisor::serve(Child& c, collect::Moment now) {
  if (!c.link) return;
  c.link->flush();
  c.link->pump([&](Frame kind, std::string_view payload) {
    take(c, kind, payload, now);
    return true;
  });
}

void Supervisor::take(Child& c, Frame kind, std::string_view payload, collect::Moment now) {
  switch (kind) {
    case Frame::Log:
      if (const auto line = decode_log(payload)) log_.write(c.role, line->severity, line->text, now.wall);
      break;
    case Frame::Ready:
      c.ready = true;
      c.trouble.clear();
      if (c.role == Role::Analysis) {
        if (const Result<void> opened = control_.open(base::join(options_.settings.home, "run/gander.sock")); !opened) {
          log_.write(Role::Supervisor, Severity::Error, opened.error().message, now.wall);
        } else {
          control_opened_ = true;
        }
      }
      connect(c);
      break;
    case Frame::Status:
      c.status = payload;
      for (Question& q : questions_) {
        if (!q.is_reload) q.outstanding.erase(c.role);
      }
      break;
    case Frame::Reloaded:
      reloaded(c, payload);
      break;
    default:
      break;
  }
}

void Supervisor::read_signals(collect::Moment now) {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof info) == static_cast<ssize_t>(sizeof info)) {
    if (info.ssi_signo == SIGHUP) begin_reload(0, now);
    if (info.ssi_signo == SIGHUP || info.ssi_signo == SIGCHLD || stopping_) continue;
    // SIGUSR1: another one is started at once, as systemd's RestartKillSignal= says.
    const bool keep = info.ssi_signo == SIGUSR1 || system_goes_down();
    begin_stop(now, keep ? Blocks::Keep : Blocks::Undo, Then::End);
  }
}

void Supervisor::reap(collect::Moment now) {
  for (Child& c : children_) {
    int status = 0;
    if (!c.elsewhere && c.pid > 0 && ::waitpid(c.pid, &status, WNOHANG) == c.pid) ended(c, status, now);
  }
}

void Supervisor::ended(Child& c, int status, collect::Moment now) {
  serve(c, now);  // what it had to say
  const bool was_ready = std::exchange(c.ready, false);
  c.pid = -1;
  c.link.reset();
  for (Question& q : questions_) q.outstanding.erase(c.role);
  if (stopping_) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
    c.ends_well = true;
    return;
  }
  if (!announced_ && !was_ready && c.role == Role::Analysis) {
    failed_ = true;
    return;
  }
  const auto doubled = kFirstPause * (1U << std::min<uint64_t>(c.restarts, 6));
  const bool healthy = now.steady - c.started > kHealthy;
  if (healthy) c.restarts = 0;
  c.next_start =
      now.steady + (healthy ? collect::Steady(kFirstPause) : std::min<collect::Steady>(doubled, kLongestPause));
  ++c.restarts;
  const std::string how = WIFSIGNALED(status) ? fmt::format("was killed by signal {}", WTERMSIG(status))
                                              : fmt::format("ended with status {}", WEXITSTATUS(status));
  log_.write(Role::Supervisor, Severity::Warning, fmt::format("the {} {}; it is started again", role_name(c.role), how),
             now.wall);
}

void Supervisor::asked(ControlSocket::Ticket ticket, const std::string& word, collect::Moment now) {
  if (word == "stop") {
    control_.answer(ticket, "stopping\n");
    begin_stop(now, Blocks::Undo, Then::End);
  } else if (word == "restart") {
    control_.answer(ticket, "restarting\n");
    begin_stop(now, Blocks::Keep, Then::StartAgain);
  } else if (word == "reload") {
    begin_reload(ticket, now);
  } else if (word == "status") {
    Question q;
    q.ticket = ticket;
    q.until = now.steady + kAnswerTime;
    for (Child& c : children_) {
      if (!c.link || !c.ready) continue;
      c.link->send(Frame::AskStatus, {});
      q.outstanding.insert(c.role);
    }
    questions_.push_back(std::move(q));
  } else {
    control_.answer(ticket, "error: status, reload, restart or stop\n");
  }
}

// The analysis decides whether the new configuration is good; only then the others read it.
void Supervisor::begin_reload(ControlSocket::Ticket ticket, collect::Moment now) {
  Child* const analysis = child(Role::Analysis);
  if (!analysis || !analysis->ready || !analysis->link) {
    control_.answer(ticket, "error: the analysis does not run\n");
    return;
  }
  service_.tell("RELOADING=1");
  Question q;
  q.ticket = ticket;
  q.is_reload = true;
  q.outstanding.insert(Role::Analysis);
  q.until = now.steady + kReloadTime;
  questions_.push_back(std::move(q));
  analysis->link->send(Frame::Reload, {});
}

void Supervisor::reloaded(Child& c, std::string_view trouble) {
  for (Question& q : questions_) {
    if (!q.is_reload || q.outstanding.erase(c.role) == 0) continue;
    q.trouble.append(trouble);
    if (c.role != Role::Analysis || !trouble.empty()) continue;
    q.analysis_agreed = true;
    for (Child& other : children_) {
      if (other.role == Role::Analysis || !other.link || !other.ready) continue;
      other.link->send(Frame::Reload, {});
      q.outstanding.insert(other.role);
    }
  }
}

void Supervisor::finish_questions(collect::Moment now) {
  std::erase_if(questions_, [&](Question& q) {
    if (!q.outstanding.empty() && now.steady < q.until) return false;
    if (!q.is_reload) {
      control_.answer(q.ticket, status_text());
      return true;
    }
    if (!q.outstanding.empty()) q.trouble += "some processes did not answer in time\n";
    service_.tell("READY=1");
    if (q.trouble.empty()) {
      log_.write(Role::Supervisor, Severity::Note, "configuration and rules were read again", now.wall);
      control_.answer(q.ticket, "reloaded\n");
    } else {
      log_.write(Role::Supervisor, Severity::Error,
                 "the new configuration is refused, the old one stays:\n" + q.trouble, now.wall);
      control_.answer(q.ticket, "error: the new configuration is refused, the old one stays\n" + q.trouble);
    }
    return true;
  });
}

std::string Supervisor::status_text() const {
  const collect::Moment now = moment_now();
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.string("home", options_.settings.home);
  json.string("configuration", options_.settings.config);
  json.number("running_seconds", std::chrono::duration_cast<std::chrono::seconds>(now.steady - begin_.steady).count());
  json.open_array("processes");
  for (const Child& c : children_) {
    json.open_object();
    json.string("role", role_name(c.role));
    json.number("pid", c.pid);
    json.string("state", c.ready              ? "running"
                         : c.ends_well        ? "not needed"
                         : !c.trouble.empty() ? "missing"
                                              : "starting");
    json.string_if_any("trouble", c.ready ? std::string() : c.trouble);
    json.number("restarts", c.restarts);
    json.close_object();
  }
  json.close_array();
  out.append(",\"supervisor\":{").append(json_members(protections_)).append("}");
  for (const Child& c : children_) {
    // Each is an object made by a process of ours.
    out.append(",\"").append(role_name(c.role)).append("\":").append(c.status.empty() ? "{}" : c.status);
  }
  json.close_object();
  out.push_back('\n');
  return out;
}

void Supervisor::begin_stop(collect::Moment now, Blocks blocks, Then then) {
  if (then == Then::End) service_.tell("STOPPING=1");
  stopping_ = now.steady;
  stop_round_ = 0;
  blocks_ = blocks;
  then_ = then;
}

void Supervisor::start_again(collect::Moment now) {
  stopping_.reset();
  for (Child& c : children_) {
    c.ends_well = false;
    c.restarts = 0;
    c.trouble.clear();
    c.next_start = now.steady;
  }
}

// One after the other in their order: sources first, so that what they sent is judged, those who tell last.
bool Supervisor::stop_goes_on(collect::Moment now) {
  static constexpr Role kOrder[] = {Role::Collector, Role::Scanner,  Role::Analysis, Role::Responder,
                                    Role::Indexer,   Role::Notifier, Role::Viewer};
  while (stop_round_ < std::size(kOrder)) {
    Child* const c = child(kOrder[stop_round_]);
    if (!c || !c->link) {
      ++stop_round_;
      stopping_ = now.steady;
      continue;
    }
    if (c->started.count() >= 0) {
      c->link->send(Frame::Stop, blocks_ == Blocks::Keep ? kKeepState : std::string_view());
      c->started = collect::Steady{-1};
      stopping_ = now.steady;
    } else if (now.steady - *stopping_ > kStopPatience) {
      if (c->elsewhere) {
        c->link.reset();  // it is not ours to kill; it goes on as if this process had died
      } else {
        ::kill(c->pid, SIGKILL);
      }
    }
    return true;
  }
  return false;
}

collect::Steady Supervisor::next_deadline(collect::Moment now) const {
  collect::Steady until = now.steady + std::chrono::seconds(60);
  const auto sooner = [&](collect::Steady t) { until = std::min(until, t); };
  for (const Child& c : children_) {
    if (!c.link && !c.ends_well && !stopping_) sooner(std::max(c.next_start, now.steady + kFirstPause));
  }
  for (const Question& q : questions_) sooner(q.outstanding.empty() ? now.steady : q.until);
  if (service_.heartbeat()) sooner(next_heartbeat_);
  if (stopping_) sooner(now.steady + std::chrono::milliseconds(50));
  return until;
}

void Supervisor::wait(collect::Steady until) {
  wanted_.clear();
  wanted_.push_back({signals_.get(), POLLIN, 0});
  for (const Child& c : children_) {
    if (!c.link || c.link->state() == Link::State::Closed) continue;
    wanted_.push_back({c.link->descriptor(), static_cast<short>(POLLIN | (c.link->waiting() > 0 ? POLLOUT : 0)), 0});
  }
  control_.add_descriptors(wanted_);
  const auto left = std::max(collect::Steady{0}, until - moment_now().steady);
  ::poll(wanted_.data(), wanted_.size(), static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
}

}  // namespace gander::live
