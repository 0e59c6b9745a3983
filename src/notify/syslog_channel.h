// SyslogUdp and SyslogStream: alerts to one syslog server.
//
// UDP is sent and forgotten; what cannot be sent is counted as lost. Over TCP and TLS the place moves on only when the
// other side's system has acknowledged the bytes; after a broken connection what it had not is sent again (a repeat is
// possible, a loss is not). A server that is away is tried again after 1 s, doubling to 1 min.
//
// Owns:    the socket; at most kMostUnsent messages.
// Threads: one thread; names are looked up elsewhere.
// Cost:    does not block.
// Fails:   cannot.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "notify/alert_filter.h"
#include "notify/channel.h"
#include "notify/curl_loop.h"
#include "notify/name_lookup.h"
#include "notify/retry.h"
#include "notify/settings.h"

namespace gander::notify {

std::unique_ptr<Channel> make_syslog_channel(const Settings& settings, const config::SyslogOutput& output,
                                             EventLoop& events, CurlLoop& loop);

// What both kinds share: the filter and the form of messages.
class SyslogChannel : public Channel {
 public:
  static constexpr size_t kMostUnsent = 4096;

  SyslogChannel(const Settings& settings, const config::SyslogOutput& output);
  std::string trouble() const override { return trouble_; }

 protected:
  bool passes(const model::StoredAlert& alert) { return filter_.passes(alert); }
  std::string message_of(const model::StoredAlert& alert) const;
  struct Message {
    Place place;
    std::string bytes;
  };
  // Said once until it works again.
  void say(const std::string& problem);
  void works();

  const Settings& settings_;
  const config::SyslogOutput output_;

 private:
  AlertFilter filter_;
  std::string trouble_;
};

class SyslogUdp final : public SyslogChannel {
 public:
  SyslogUdp(const Settings& settings, const config::SyslogOutput& output);
  ~SyslogUdp() override;

  bool wants() const override { return waiting_.size() < kMostUnsent; }
  void take(Place place, const model::StoredAlert& alert) override;
  std::optional<base::Instant> step(base::Instant now) override;
  bool idle() const override { return waiting_.empty(); }

 private:
  void connect(base::Instant now);
  void send_waiting(base::Instant now);

  std::unique_ptr<NameLookup> lookup_;
  int socket_ = -1;
  std::deque<Message> waiting_;  // for the first look-up of the name
  std::optional<Place> last_taken_;
  Retry retry_{base::Seconds{1}, base::Seconds{60}};
  base::Instant looked_up_{};
};

class SyslogStream final : public SyslogChannel {
 public:
  SyslogStream(const Settings& settings, const config::SyslogOutput& output, EventLoop& events, CurlLoop& loop);
  ~SyslogStream() override;

  bool wants() const override { return unsent_.size() < kMostUnsent; }
  void take(Place place, const model::StoredAlert& alert) override;
  std::optional<base::Instant> step(base::Instant now) override;
  bool idle() const override { return unsent_.empty(); }

 private:
  void connect();
  void connected(CURLcode code);
  void write(base::Instant now);
  bool peer_has_gone();
  void settle(base::Instant now);
  void drop(const std::string& problem, base::Instant now);
  void watch_for(uint32_t events);

  EventLoop& events_;
  CurlLoop& loop_;
  std::unique_ptr<Easy> easy_;
  bool ready_ = false;
  int socket_ = -1;
  std::deque<Message> unsent_;
  size_t written_ = 0;  // messages of unsent_ that were written whole
  size_t partly_ = 0;   // bytes of the next one
  std::optional<Place> last_taken_;
  Retry retry_{base::Seconds{1}, base::Seconds{60}};
  std::optional<CURLcode> failed_;
  base::Instant progress_{};  // when something was last acknowledged
};

}  // namespace gander::notify
