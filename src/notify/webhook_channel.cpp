#include "notify/webhook_channel.h"

#include <algorithm>
#include <array>

#include "base/file.h"
#include "base/utf8.h"
#include "notify/webhook_body.h"

namespace gander::notify {
namespace {

constexpr long kSeconds = 30;

std::string type_name(config::Webhook::Type type) {
  switch (type) {
    case config::Webhook::Type::Slack:
      return "slack";
    case config::Webhook::Type::Teams:
      return "teams";
    case config::Webhook::Type::PagerDuty:
      return "pagerduty";
    default:
      return "generic";
  }
}

// Only the host: paths and user names of such URLs are keys.
std::string host_of(const std::string& url) {
  CURLU* const parts = curl().url();
  char* host = nullptr;
  std::string out = "(no host)";
  if (parts != nullptr && curl().url_set(parts, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
      curl().url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
    out = base::printable(host);
  }
  curl().free(host);
  curl().url_cleanup(parts);
  return out;
}

std::string name_of(const config::Webhook& hook) {
  return "webhook " + (hook.name.empty() ? type_name(hook.type) + " " + host_of(hook.url) : base::printable(hook.name));
}

// Others (a key that is refused, an address that has moved, a server in trouble) are for people to mend: alerts wait.
bool about_this_alert(long status) {
  constexpr std::array kStatuses = {400L, 405L, 406L, 411L, 413L, 415L, 422L, 431L};
  return std::find(kStatuses.begin(), kStatuses.end(), status) != kStatuses.end();
}

size_t discard(char*, size_t size, size_t count, void*) {
  return size * count;
}

}  // namespace

WebhookChannel::WebhookChannel(const Settings& settings, const config::Webhook& hook, CurlLoop& loop)
    : Channel(name_of(hook)),
      settings_(settings),
      hook_(hook),
      loop_(loop),
      filter_(hook.level, hook.rule_ids, hook.group, hook.location, settings.compat) {
  headers_ = curl().slist_append(headers_, "Content-Type: application/json");
  headers_ = curl().slist_append(headers_, "Expect:");
  for (const std::string& header : hook.headers) headers_ = curl().slist_append(headers_, header.c_str());
}

WebhookChannel::~WebhookChannel() {
  easy_.reset();
  curl().slist_free_all(headers_);
}

void WebhookChannel::take(Place place, const model::StoredAlert& alert) {
  ++counters_.taken;
  last_taken_ = place;
  if (filter_.passes(alert)) {
    ++counters_.wanted;
    waiting_.push_back({place, webhook_body(hook_, alert)});
  } else if (waiting_.empty()) {
    safe_ = place;
  }
}

void WebhookChannel::start() {
  const std::string& body = waiting_.front().body;
  easy_ = std::make_unique<Easy>(loop_);
  easy_->set(CURLOPT_URL, hook_.url.c_str());
  easy_->set(CURLOPT_PROTOCOLS_STR, "http,https");
  easy_->set(CURLOPT_HTTPHEADER, headers_);
  easy_->set(CURLOPT_USERAGENT, ("Gander/" + settings_.version).c_str());
  easy_->set(CURLOPT_POST, 1L);
  easy_->set(CURLOPT_POSTFIELDS, body.c_str());  // stays in the queue until the answer
  easy_->set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  easy_->set(CURLOPT_TIMEOUT, kSeconds);
  easy_->set(CURLOPT_CONNECTTIMEOUT, kSeconds / 3);
  easy_->set(CURLOPT_WRITEFUNCTION, &discard);
  easy_->set_trust({hook_.tls_verify, hook_.tls_ca.empty() ? "" : base::join(settings_.home, hook_.tls_ca)});
  easy_->start([this](CURLcode code) { result_ = code; });
}

void WebhookChannel::done_with_first() {
  safe_ = waiting_.front().place;
  waiting_.pop_front();
  if (waiting_.empty()) safe_ = last_taken_;
}

void WebhookChannel::try_again(const std::string& problem, base::Seconds at_least, base::Instant now) {
  ++counters_.retries;
  retry_.failed(now, at_least);
  if (trouble_ == problem) return;
  trouble_ = problem;
  settings_.log(Severity::Warning, name() + ": " + problem + "; it is tried again");
}

void WebhookChannel::ended(CURLcode code, base::Instant now) {
  long status = 0;
  curl_off_t wait = 0;
  curl().easy_getinfo(easy_->get(), CURLINFO_RESPONSE_CODE, &status);
  curl().easy_getinfo(easy_->get(), CURLINFO_RETRY_AFTER, &wait);
  const bool answered = code == CURLE_OK || status >= 200;
  const std::string problem = answered ? "the answer was " + std::to_string(status) : easy_->problem(code);
  easy_.reset();
  if (answered && status / 100 == 2) {
    ++counters_.told;
    retry_.succeeded();
    trouble_.clear();
    return done_with_first();
  }
  const bool for_good = answered && about_this_alert(status);
  if (!for_good) return try_again(problem, base::Seconds{std::clamp<curl_off_t>(wait, 0, 3600)}, now);
  ++counters_.refused;
  retry_.succeeded();
  settings_.log(Severity::Error, name() + ": " + problem + "; this alert is not told there");
  trouble_ = problem;
  done_with_first();
}

std::optional<base::Instant> WebhookChannel::step(base::Instant now) {
  retry_.clock_moved(now);
  if (result_) {
    const CURLcode code = *result_;
    result_.reset();
    ended(code, now);
  }
  if (waiting_.empty() || easy_ != nullptr) return std::nullopt;
  if (!retry_.due(now)) return retry_.next();
  start();
  return std::nullopt;
}

}  // namespace gander::notify
