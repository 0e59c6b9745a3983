// WebhookChannel: alerts posted to one URL, one after the other.
//
// An answer of 2xx moves the place on. 400, 413, 422 and their like refuse this alert for good: it is counted and told
// to the log. Any other answer, or none, is tried again (2 s, doubling to 5 min, or when Retry-After says).
//
// Owns:    at most kMostWaiting alerts.
// Threads: one thread.
// Cost:    does not block; one request at a time.
// Fails:   cannot. The URL and the headers may hold a secret and are never logged.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "notify/alert_filter.h"
#include "notify/channel.h"
#include "notify/curl_loop.h"
#include "notify/retry.h"
#include "notify/settings.h"

namespace gander::notify {

class WebhookChannel final : public Channel {
 public:
  static constexpr size_t kMostWaiting = 256;

  WebhookChannel(const Settings& settings, const config::Webhook& hook, CurlLoop& loop);
  ~WebhookChannel() override;

  bool wants() const override { return waiting_.size() < kMostWaiting; }
  void take(Place place, const model::StoredAlert& alert) override;
  std::optional<base::Instant> step(base::Instant now) override;
  bool idle() const override { return waiting_.empty(); }
  std::string trouble() const override { return trouble_; }

 private:
  struct Waiting {
    Place place;
    std::string body;
  };

  void start();
  void ended(CURLcode code, base::Instant now);
  void done_with_first();
  void try_again(const std::string& problem, base::Seconds at_least, base::Instant now);

  const Settings& settings_;
  config::Webhook hook_;
  CurlLoop& loop_;
  AlertFilter filter_;
  curl_slist* headers_ = nullptr;
  std::deque<Waiting> waiting_;
  std::unique_ptr<Easy> easy_;
  std::optional<CURLcode> result_;  // of easy_, not looked at yet
  std::optional<Place> last_taken_;
  Retry retry_{base::Seconds{2}, base::Seconds{300}};
  std::string trouble_;
};

}  // namespace gander::notify
