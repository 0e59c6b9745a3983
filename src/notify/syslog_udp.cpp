#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "notify/syslog_channel.h"

namespace gander::notify {
namespace {

constexpr base::Seconds kLookUpEvery{600};
constexpr std::chrono::milliseconds kLookAgain{50};

}  // namespace

SyslogUdp::SyslogUdp(const Settings& settings, const config::SyslogOutput& output) : SyslogChannel(settings, output) {}

SyslogUdp::~SyslogUdp() {
  if (socket_ >= 0) ::close(socket_);
}

void SyslogUdp::take(Place place, const model::StoredAlert& alert) {
  ++counters_.taken;
  last_taken_ = place;
  if (!passes(alert)) {
    if (waiting_.empty()) safe_ = place;
    return;
  }
  ++counters_.wanted;
  waiting_.push_back({place, message_of(alert)});
}

void SyslogUdp::connect(base::Instant now) {
  if (lookup_ == nullptr) {
    if (socket_ >= 0 && now - looked_up_ < kLookUpEvery && looked_up_ <= now) return;
    if (!retry_.due(now)) return;
    lookup_ = std::make_unique<NameLookup>(output_.server, output_.port);
  }
  if (!lookup_->done()) return;
  std::string problem = lookup_->problem();
  int found = -1;
  for (const SocketAddress& a : lookup_->addresses()) {
    found = ::socket(a.address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (found >= 0 && ::connect(found, reinterpret_cast<const sockaddr*>(&a.address), a.length) == 0) break;
    problem = std::strerror(errno);
    if (found >= 0) ::close(found);
    found = -1;
  }
  lookup_.reset();
  looked_up_ = now;
  if (found >= 0) {
    if (socket_ >= 0) ::close(socket_);
    socket_ = found;
    retry_.succeeded();
    works();
  } else if (socket_ < 0) {
    retry_.failed(now);
    say(output_.server + ": " + problem);
  }
}

void SyslogUdp::send_waiting(base::Instant now) {
  while (!waiting_.empty()) {
    const std::string& bytes = waiting_.front().bytes;
    ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // An answer to an earlier message ("port unreachable") is told now.
    if (sent < 0 && errno == ECONNREFUSED) sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == EINTR)) return;
    if (sent < 0) {
      ++counters_.lost;
      say(std::strerror(errno));
      looked_up_ = now - kLookUpEvery;  // perhaps it has another address by now
    } else {
      ++counters_.told;
      works();
    }
    safe_ = waiting_.front().place;
    waiting_.pop_front();
  }
  if (last_taken_) safe_ = last_taken_;
}

std::optional<base::Instant> SyslogUdp::step(base::Instant now) {
  retry_.clock_moved(now);
  if (!waiting_.empty() || lookup_ != nullptr) connect(now);
  if (socket_ >= 0) send_waiting(now);
  if (lookup_ != nullptr) return now + kLookAgain;
  if (waiting_.empty()) return std::nullopt;
  return socket_ >= 0 ? now + kLookAgain : retry_.next();
}

}  // namespace gander::notify
