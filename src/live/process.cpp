#include "live/process.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include "base/json_text.h"

namespace gander::live {

collect::Moment moment_now() {
  using std::chrono::duration_cast;
  using std::chrono::microseconds;
  return {std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now()),
          duration_cast<microseconds>(std::chrono::steady_clock::now().time_since_epoch())};
}

Process::Process(Role role, HostSettings settings, base::Descriptor supervisor)
    : role_(role),
      settings_(std::move(settings)),
      supervisor_(std::move(supervisor)),
      had_supervisor_(supervisor_.state() == Link::State::Open) {}

int Process::run() {
  protections_ = confine(profile_for(role_, settings_), settings_);
  if (!start()) {
    // What was said must reach the supervisor before this end closes.
    while (supervisor_.state() == Link::State::Open && !supervisor_.flush()) wait(std::nullopt);
    return 2;
  }
  supervisor_.send(Frame::Ready, {});
  std::optional<collect::Steady> until = collect::Steady{0};
  for (;;) {
    wait(until);
    serve_supervisor();
    const collect::Moment now = moment_now();
    if (stopping_) {
      if (stop(now)) break;
      until = now.steady + std::chrono::milliseconds(20);
      continue;
    }
    until = step(now);
  }
  supervisor_.flush();
  return 0;
}

void Process::serve_supervisor() {
  supervisor_.flush();
  supervisor_.pump([this](Frame kind, std::string_view payload) {
    switch (kind) {
      case Frame::Peer:
        if (!payload.empty()) peer(static_cast<Role>(payload[0]), supervisor_.take_descriptor());
        break;
      case Frame::Reload:
        supervisor_.send(Frame::Reloaded, reload());
        break;
      case Frame::AskStatus:
        supervisor_.send(Frame::Status, status_with_protections());
        break;
      case Frame::Stop:
        end(payload);
        break;
      default:
        break;
    }
    return true;
  });
  const bool gone = had_supervisor_ && !has_supervisor();
  had_supervisor_ = has_supervisor();
  if (gone && !stopping_ && !outlives_supervisor()) end(kKeepState);
}

void Process::end(std::string_view how) {
  stopping_ = true;
  keeps_state_ = how == kKeepState;
}

void Process::serve_new_supervisor(base::Descriptor socket) {
  supervisor_ = Link(std::move(socket));
  had_supervisor_ = true;
  supervisor_.send(Frame::Ready, {});
}

// The members of status(), with those that every process has.
std::string Process::status_with_protections() {
  std::string out = "{" + json_members(protections_);
  const std::string own = status();
  if (own.size() > 2) out.append(",").append(own, 1);
  if (own.size() <= 2) out.push_back('}');
  return out;
}

pollfd Process::of_link(const Link& link) {
  const auto events = static_cast<short>(POLLIN | (link.waiting() > 0 ? POLLOUT : 0));
  return {link.state() == Link::State::Open ? link.descriptor() : -1, events, 0};
}

void Process::wait(std::optional<collect::Steady> until) {
  wanted_.clear();
  wanted_.push_back(of_link(supervisor_));
  if (!stopping_) add_descriptors(wanted_);
  timespec limit{};
  if (until) {
    const auto left = std::max(collect::Steady{0}, *until - moment_now().steady);
    limit.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
    limit.tv_nsec = std::chrono::nanoseconds(left % std::chrono::seconds(1)).count();
  }
  ::ppoll(wanted_.data(), wanted_.size(), until ? &limit : nullptr, nullptr);
}

void Process::log(Severity severity, std::string_view text) {
  if (!has_supervisor()) return log_alone(severity, text);
  supervisor_.send(Frame::Log, encode(LogLine{severity, std::string(text)}));
}

}  // namespace gander::live
