// The supervisor's half of a responder that is not its child, and what it gives up when it has none that is.

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "live/supervisor.h"

namespace gander::live {
namespace {

constexpr std::chrono::milliseconds kPause{100};  // after one that worked
constexpr std::chrono::seconds kCallAgain{1};

}  // namespace

// A responder that stays root stands for itself; this process and all that it starts need not be root then.
bool Supervisor::give_up_rights() {
  const HostSettings& s = options_.settings;
  const bool changes_user = ::geteuid() == 0 && !s.user.empty();
  if (!s.responder_socket.empty()) {
    responder_ = responder_unit(s.responder_socket);
  } else if (changes_user) {
    responder_ = responder_that_stays_root([this](base::Descriptor end) { be(Role::Responder, std::move(end)); });
    if (!responder_) {
      log_.write(Role::Supervisor, Severity::Error, std::string("no process: ") + std::strerror(errno),
                 moment_now().wall);
      return false;
    }
  }
  if (!responder_) {
    protections_.missing.emplace_back("confinement: the responder, its child, would inherit it (--responder, --user)");
    return true;
  }
  child(Role::Responder)->elsewhere = true;
  protections_ = confine(profile_for(Role::Supervisor, s), s);
  return true;
}

// The one that is elsewhere. It is asked for again and again; why it is not there is told once.
void Supervisor::call(Child& c, collect::Moment now) {
  Result<ConnectedResponder> found = responder_->connect();
  c.started = now.steady;
  if (found) {
    c.pid = found->pid;
    c.ready = false;
    c.link.emplace(std::move(found->socket));
    return;
  }
  c.next_start = now.steady + kCallAgain;
  if (c.trouble == found.error().message) return;
  c.trouble = found.error().message;
  log_.write(Role::Supervisor, Severity::Warning,
             fmt::format("no {}: {}; what it would run waits", role_name(c.role), c.trouble), now.wall);
}

void Supervisor::link_ended(Child& c, collect::Moment now) {
  if (!c.elsewhere || !c.link || c.link->state() == Link::State::Open) return;
  const bool was_ready = std::exchange(c.ready, false);
  c.pid = -1;
  c.link.reset();
  c.status = "{}";
  for (Question& q : questions_) q.outstanding.erase(c.role);
  if (stopping_) return;
  c.next_start = now.steady + (was_ready ? collect::Steady(kPause) : collect::Steady(kCallAgain));
  ++c.restarts;
  const std::string text =
      fmt::format("the {} at {} has gone; it is called again", role_name(c.role), responder_->place());
  if (was_ready) {
    log_.write(Role::Supervisor, Severity::Warning, text, now.wall);
    c.trouble.clear();
  } else if (c.trouble.empty()) {
    c.trouble = text;
  }
}

}  // namespace gander::live
