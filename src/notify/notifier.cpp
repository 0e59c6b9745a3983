#include "notify/notifier.h"

#include <algorithm>
#include <utility>

#include "notify/curl_loop.h"
#include "notify/daily_reports.h"
#include "notify/mail_channel.h"
#include "notify/mail_message.h"
#include "notify/mail_sender.h"
#include "notify/mail_spool.h"
#include "notify/state_file.h"
#include "notify/syslog_channel.h"
#include "notify/webhook_channel.h"

namespace gander::notify {
namespace {

constexpr base::Seconds kLongestSleep{60};
constexpr base::Seconds kSaveEvery{1};

}  // namespace

struct Notifier::Impl {
  Impl(Settings given, MailSpool opened)
      : settings(std::move(given)), curl(events), state(settings.home), spool(std::move(opened)) {}

  void make_channels();
  void give_places();
  void note_places();
  bool save(base::Instant now);

  Settings settings;
  EventLoop events;
  CurlLoop curl;
  StateFile state;
  MailSpool spool;
  std::unique_ptr<MailSender> sender;
  std::unique_ptr<DailyReports> reports;
  std::vector<std::unique_ptr<Channel>> channels;
  MailChannel* mail = nullptr;  // one of them
  uint64_t mails_told = 0;
  base::Instant saved_at{};
  bool save_failed = false;
};

void Notifier::Impl::make_channels() {
  const config::Config& c = settings.config;
  const bool can_mail = !c.global.smtp_server.empty() && is_plain_address(c.global.email_from);
  if (can_mail) {
    sender = std::make_unique<MailSender>(curl, spool, settings);
    reports = std::make_unique<DailyReports>(settings, spool, state);
  } else if (c.global.email_notification || !c.reports.empty()) {
    settings.log(Severity::Warning, "mail: <smtp_server> or <email_from> is missing; no mail is sent");
  }
  if (c.global.email_notification && can_mail) {
    auto channel = std::make_unique<MailChannel>(settings, spool, state);
    mail = channel.get();
    channels.push_back(std::move(channel));
  }
  for (const config::SyslogOutput& o : c.syslog_outputs) {
    channels.push_back(make_syslog_channel(settings, o, events, curl));
  }
  for (const config::Webhook& w : c.webhooks) channels.push_back(std::make_unique<WebhookChannel>(settings, w, curl));
}

// What lies in the mail spool may be newer than the noted place.
void Notifier::Impl::give_places() {
  for (const auto& channel : channels) {
    const auto noted = state.number("place " + channel->name());
    if (noted && (!channel->safe() || *noted > *channel->safe())) channel->start_at(*noted);
  }
}

void Notifier::Impl::note_places() {
  for (const auto& channel : channels) {
    if (const std::optional<Place> safe = channel->safe()) state.set("place " + channel->name(), *safe);
  }
}

bool Notifier::Impl::save(base::Instant now) {
  note_places();
  const uint64_t told = mail == nullptr ? 0 : mail->counters().told;
  const bool at_once = told != mails_told || now - saved_at >= kSaveEvery || saved_at > now;
  Result<void> saved = at_once ? state.save() : state.save_recent();
  if (saved) {
    if (at_once) saved_at = now;
    mails_told = told;
    save_failed = false;
    return true;
  }
  if (!save_failed) settings.log(Severity::Error, "notifier: " + saved.error().message);
  save_failed = true;
  return false;
}

Result<Notifier> Notifier::open(Settings settings) {
  if (!settings.log) settings.log = [](Severity, const std::string&) {};
  Result<MailSpool> spool = MailSpool::open(settings.home);
  if (!spool) return tl::unexpected<Error>(spool.error());
  auto impl = std::make_unique<Impl>(std::move(settings), std::move(*spool));
  impl->make_channels();
  impl->give_places();
  return Notifier(std::move(impl));
}

Notifier::Notifier(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Notifier::Notifier(Notifier&&) noexcept = default;
Notifier& Notifier::operator=(Notifier&&) noexcept = default;
Notifier::~Notifier() = default;

const std::vector<std::unique_ptr<Channel>>& Notifier::channels() const {
  return impl_->channels;
}

std::optional<Place> Notifier::safe() const {
  std::optional<Place> least;
  for (const auto& channel : impl_->channels) {
    const std::optional<Place> place = channel->safe();
    if (place && (!least || *place < *least)) least = place;
  }
  return least;
}

int Notifier::descriptor() const {
  return impl_->events.descriptor();
}

base::Instant Notifier::step(base::Instant now) {
  Impl& n = *impl_;
  n.events.dispatch();
  n.curl.step();
  base::Instant next = now + kLongestSleep;
  const auto sooner = [&](std::optional<base::Instant> at) {
    if (at) next = std::min(next, *at);
  };
  for (const auto& channel : n.channels) sooner(channel->step(now));
  if (n.reports) {
    sooner(n.reports->step(now));
    if (n.reports->mailed()) n.sender->look_again();
  }
  if (n.mail != nullptr && n.mail->counters().told != n.mails_told) n.sender->look_again();
  // A mail must not leave before it is noted that its alerts are told.
  const bool saved = n.save(now);
  if (saved && n.sender) sooner(n.sender->step(now));
  if (!saved || n.state.changed()) sooner(now + kSaveEvery);
  n.curl.step();
  return std::max(next, now);
}

void Notifier::flush(base::Instant now) {
  Impl& n = *impl_;
  if (n.mail != nullptr) n.mail->flush(now);
  if (n.sender) n.sender->look_again();
  n.save(now);
}

bool Notifier::idle() const {
  const Impl& n = *impl_;
  const bool channels = std::all_of(n.channels.begin(), n.channels.end(), [](const auto& c) { return c->idle(); });
  return channels && (!n.sender || n.sender->idle()) && (!n.reports || n.reports->idle());
}

MailCounters Notifier::mail() const {
  MailCounters counters = impl_->sender ? impl_->sender->counters() : MailCounters{};
  if (impl_->mail != nullptr) counters.held = impl_->mail->held();
  return counters;
}

std::string Notifier::mail_trouble() const {
  return impl_->sender ? impl_->sender->trouble() : std::string();
}

}  // namespace gander::notify
