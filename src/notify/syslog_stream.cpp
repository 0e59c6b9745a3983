#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <array>

#include "base/file.h"
#include "notify/syslog_channel.h"

namespace gander::notify {
namespace {

constexpr size_t kMostInFlight = 1024;  // messages written and not acknowledged
constexpr base::Seconds kNoAnswer{60};  // nothing acknowledged for so long: the connection is given up
constexpr std::chrono::milliseconds kLookAgain{20};
constexpr long kConnectSeconds = 10;

std::string url_of(const config::SyslogOutput& o) {
  const bool ipv6 = o.server.find(':') != std::string::npos && o.server.front() != '[';
  const std::string host = ipv6 ? "[" + o.server + "]" : o.server;
  const std::string scheme = o.protocol == config::SyslogOutput::Protocol::Tls ? "https://" : "http://";
  return scheme + host + ":" + std::to_string(o.port) + "/";
}

// As OSSEC finds it at its start: from `/`; else below the home.
std::string ca_file(const std::string& name, const std::string& home) {
  if (name.empty()) return {};
  const std::string from_root = name.front() == '/' ? name : "/" + name;
  return base::exists(from_root) ? from_root : base::join(home, name.front() == '/' ? name.substr(1) : name);
}

}  // namespace

SyslogStream::SyslogStream(const Settings& settings, const config::SyslogOutput& output, EventLoop& events,
                           CurlLoop& loop)
    : SyslogChannel(settings, output), events_(events), loop_(loop) {}

SyslogStream::~SyslogStream() {
  if (socket_ >= 0) events_.unwatch(socket_);
}

void SyslogStream::take(Place place, const model::StoredAlert& alert) {
  ++counters_.taken;
  last_taken_ = place;
  if (passes(alert)) {
    ++counters_.wanted;
    unsent_.push_back({place, message_of(alert)});
  } else if (unsent_.empty()) {
    safe_ = place;
  }
}

void SyslogStream::connect() {
  easy_ = std::make_unique<Easy>(loop_);
  easy_->set(CURLOPT_URL, url_of(output_).c_str());
  easy_->set(CURLOPT_PROTOCOLS_STR, "http,https");
  easy_->set(CURLOPT_CONNECT_ONLY, 1L);
  easy_->set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  easy_->set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  easy_->set(CURLOPT_TIMEOUT, 0L);
  easy_->set(CURLOPT_TCP_KEEPALIVE, 1L);
  easy_->set(CURLOPT_FRESH_CONNECT, 1L);
  easy_->set_trust({output_.tls_verify, ca_file(output_.tls_ca, settings_.home)});
  easy_->start([this](CURLcode code) { connected(code); });
}

void SyslogStream::connected(CURLcode code) {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (code == CURLE_OK) curl().easy_getinfo(easy_->get(), CURLINFO_ACTIVESOCKET, &socket);
  if (code != CURLE_OK || socket == CURL_SOCKET_BAD) {
    failed_ = code == CURLE_OK ? CURLE_COULDNT_CONNECT : code;
    return;
  }
  socket_ = socket;
  ready_ = true;
  watch_for(EPOLLIN);
}

void SyslogStream::watch_for(uint32_t events) {
  // Being woken is all that is needed: step() follows.
  events_.watch(socket_, events, [](uint32_t) {});
}

void SyslogStream::drop(const std::string& problem, base::Instant now) {
  if (socket_ >= 0) events_.unwatch(socket_);
  socket_ = -1;
  ready_ = false;
  easy_.reset();
  failed_.reset();
  written_ = 0;
  partly_ = 0;
  if (problem.empty()) return;  // closed with nothing under way
  retry_.failed(now);
  say(problem);
}

bool SyslogStream::peer_has_gone() {
  std::array<char, 512> ignored{};
  for (;;) {
    size_t count = 0;
    const CURLcode code = curl().easy_recv(easy_->get(), ignored.data(), ignored.size(), &count);
    if (code == CURLE_AGAIN) return false;
    if (code != CURLE_OK || count == 0) return true;
  }
}

void SyslogStream::settle(base::Instant now) {
  int queued = 0;
  if (written_ == 0 || partly_ != 0 || ::ioctl(socket_, SIOCOUTQ, &queued) != 0 || queued != 0) return;
  safe_ = unsent_[written_ - 1].place;
  counters_.told += written_;
  unsent_.erase(unsent_.begin(), unsent_.begin() + static_cast<std::ptrdiff_t>(written_));
  written_ = 0;
  progress_ = now;
  retry_.succeeded();
  works();
  if (unsent_.empty()) safe_ = last_taken_;
}

void SyslogStream::write(base::Instant now) {
  if (written_ == 0 && partly_ == 0) progress_ = now;
  while (written_ < unsent_.size() && (written_ < kMostInFlight || partly_ != 0)) {
    const std::string& bytes = unsent_[written_].bytes;
    size_t sent = 0;
    const CURLcode code = curl().easy_send(easy_->get(), bytes.data() + partly_, bytes.size() - partly_, &sent);
    if (code == CURLE_AGAIN) return watch_for(EPOLLIN | EPOLLOUT);
    if (code != CURLE_OK) {
      failed_ = code;
      return;
    }
    partly_ += sent;
    if (partly_ < bytes.size()) continue;
    partly_ = 0;
    ++written_;
  }
  watch_for(EPOLLIN);
}

std::optional<base::Instant> SyslogStream::step(base::Instant now) {
  retry_.clock_moved(now);
  if (progress_ > now) progress_ = now;
  if (failed_ && easy_ != nullptr) drop(easy_->problem(*failed_), now);
  if (ready_) {
    settle(now);
    if (peer_has_gone()) drop(written_ == 0 && partly_ == 0 ? "" : "the server closed the connection", now);
  }
  if (unsent_.empty()) return std::nullopt;
  if (easy_ == nullptr) {
    if (!retry_.due(now)) return retry_.next();
    connect();
  }
  if (!ready_) return std::nullopt;  // the descriptor tells
  write(now);
  if (!failed_) settle(now);
  if (!failed_ && now - progress_ > kNoAnswer) drop("the server takes nothing any more", now);
  if (failed_) return now;
  return unsent_.empty() ? std::nullopt : std::optional<base::Instant>(now + kLookAgain);
}

}  // namespace gander::notify
