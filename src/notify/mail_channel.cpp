#include "notify/mail_channel.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"
#include "notify/mail_builder.h"
#include "notify/mail_digest.h"

namespace gander::notify {
namespace {

constexpr size_t kDigestPart = size_t{1024} * 1024;

int64_t clock_hour(base::Instant now, const base::TimeZone& zone) {
  const int64_t seconds = base::unix_seconds(now) + zone.civil(now).offset;
  return seconds / 3600;
}

size_t size_of(const model::StoredAlert& alert) {
  size_t size = 512;
  for (const std::string& line : alert.log) size += line.size() + 64;
  return size;
}

}  // namespace

MailChannel::MailChannel(const Settings& settings, MailSpool& spool, StateFile& state)
    : Channel("mail"),
      settings_(settings),
      spool_(spool),
      state_(state),
      held_(spool.held_path()),
      plan_(settings.config, settings.compat) {
  for (const std::optional<Place> told : {spool.told(), held_.told()}) {
    if (told && (!safe_ || *told > *safe_)) safe_ = told;
  }
  hour_ = static_cast<int64_t>(state.number("mail hour").value_or(0));
  sent_this_hour_ = static_cast<int>(state.number("mail sent").value_or(0));
  for (const std::string& bad : plan_.bad_addresses()) {
    settings.log(Severity::Warning, "mail: '" + base::printable(bad) + "' is no mail address and gets no mail");
  }
}

bool MailChannel::wants() const {
  return fresh_.size() + waiting_.size() < 2 * kMostAlerts && bytes_ < 2 * kMostBytes && disk_.failures() == 0;
}

void MailChannel::take(Place place, const model::StoredAlert& alert) {
  ++counters_.taken;
  const std::optional<Place> before = last_place_ ? last_place_ : safe_;
  last_place_ = place;
  if (alert.mail && plan_.has_recipients()) {
    ++counters_.wanted;
    bytes_ += size_of(alert);
    fresh_.push_back({place, before, alert, plan_.select(alert)});
  }
  settle_safe();
}

void MailChannel::settle_safe() {
  const Waiting* const first = !held_in_memory_.empty() ? &held_in_memory_.front()
                               : !waiting_.empty()      ? &waiting_.front()
                               : !fresh_.empty()        ? &fresh_.front()
                                                        : nullptr;
  if (first == nullptr) {
    if (last_place_) safe_ = last_place_;
  } else if (first->before) {
    safe_ = first->before;
  }
}

void MailChannel::trouble(const Error& error, base::Instant now) {
  if (trouble_ != error.message) settings_.log(Severity::Error, "mail: " + error.message + "; alerts wait");
  trouble_ = error.message;
  ++counters_.retries;
  disk_.failed(now);
}

bool MailChannel::put(const std::vector<SpooledMail>& mails, std::optional<Place> upto, MailSpool::Held held,
                      base::Instant now) {
  if (const Result<void> written = spool_.put(mails, upto, held); !written) {
    trouble(written.error(), now);
    return false;
  }
  disk_.succeeded();
  trouble_.clear();
  return true;
}

std::vector<SpooledMail> MailChannel::mails_for(const Batch& batch, MailPlan::Batch kind, base::Instant now) const {
  std::vector<Selection> selections;
  for (const Waiting& w : batch) selections.push_back(w.selection);
  std::vector<SpooledMail> mails;
  for (const PlannedMail& plan : plan_.plan(selections, kind)) mails.push_back(make_mail(plan, batch, now));
  return mails;
}

SpooledMail MailChannel::make_mail(const PlannedMail& plan, const Batch& batch, base::Instant now) const {
  std::vector<const model::StoredAlert*> alerts;
  for (const size_t i : plan.alerts) alerts.push_back(&batch[i].alert);
  return alert_mail(settings_, plan.to, alerts, now);
}

bool MailChannel::send(Batch& batch, MailPlan::Batch kind, base::Instant now) {
  if (batch.empty()) return true;
  if (!new_hour(now)) return false;
  if (sent_this_hour_ >= settings_.config.global.email_maxperhour) return hold(batch, now);
  const std::vector<SpooledMail> mails = mails_for(batch, kind, now);
  if (!mails.empty()) {
    if (!put(mails, batch.back().place, MailSpool::Held::Keep, now)) return false;
    state_.set("mail sent", static_cast<uint64_t>(++sent_this_hour_));
  }
  counters_.told += batch.size();
  for (const Waiting& w : batch) bytes_ -= std::min(bytes_, size_of(w.alert));
  batch.clear();
  return true;
}

bool MailChannel::hold(Batch& batch, base::Instant now) {
  if (ossec()) {
    for (Waiting& w : batch) {
      bytes_ -= std::min(bytes_, size_of(w.alert));
      held_in_memory_.push_back(std::move(w));
      if (held_in_memory_.size() <= kMostHeldOssec) continue;
      held_in_memory_.erase(held_in_memory_.begin());
      ++counters_.lost;
    }
    batch.clear();
    return true;
  }
  std::vector<HeldAlerts::Held> held;
  for (const Waiting& w : batch) held.push_back({w.place, &w.alert});
  if (const Result<void> written = held_.add(held); !written) {
    trouble(written.error(), now);
    return false;
  }
  disk_.succeeded();
  trouble_.clear();
  counters_.told += batch.size();
  for (const Waiting& w : batch) bytes_ -= std::min(bytes_, size_of(w.alert));
  batch.clear();
  // A flood must not grow one digest without end.
  if (held_.count() >= kMostHeld) send_digest(now);
  return true;
}

bool MailChannel::new_hour(base::Instant now) {
  const int64_t hour = clock_hour(now, settings_.zone);
  if (hour == hour_) return true;
  const bool holds = held() != 0;
  if (held_.count() != 0 && !send_digest(now)) return false;
  if (!held_in_memory_.empty() && !send_held_as_ossec(now)) return false;
  hour_ = hour;
  sent_this_hour_ = holds ? 1 : 0;
  state_.set("mail hour", static_cast<uint64_t>(std::max<int64_t>(0, hour)));
  state_.set("mail sent", static_cast<uint64_t>(sent_this_hour_));
  return true;
}

void MailChannel::add_digests(const PlannedMail& plan, const std::vector<model::StoredAlert>& alerts, base::Instant now,
                              std::vector<SpooledMail>& out) const {
  std::vector<const model::StoredAlert*> chosen;
  for (const size_t i : plan.alerts) chosen.push_back(&alerts[i]);
  for (const DigestPart& part : digest(chosen, settings_.config.global.email_maxperhour, kDigestPart)) {
    out.push_back(text_mail(settings_, plan.to, {part.subject, part.text, {}, MailMessage::Others::Cc}, now));
  }
}

bool MailChannel::send_digest(base::Instant now) {
  std::vector<model::StoredAlert> alerts;
  const uint64_t damaged = held_.each([&](const model::StoredAlert& alert) { alerts.push_back(alert); });
  if (damaged != 0) {
    settings_.log(Severity::Error, "mail: " + std::to_string(damaged) + " damaged lines in " + spool_.held_path());
    counters_.lost += damaged;
  }
  std::vector<Selection> selections;
  for (const model::StoredAlert& alert : alerts) selections.push_back(plan_.select(alert));
  std::vector<SpooledMail> mails;
  for (const PlannedMail& plan : plan_.plan(selections, MailPlan::Batch::Usual)) add_digests(plan, alerts, now, mails);
  if (!mails.empty() && !put(mails, held_.told(), MailSpool::Held::Spent, now)) return false;
  held_.spent();
  return true;
}

bool MailChannel::send_held_as_ossec(base::Instant now) {
  const std::vector<SpooledMail> mails = mails_for(held_in_memory_, MailPlan::Batch::Usual, now);
  if (!mails.empty() && !put(mails, held_in_memory_.back().place, MailSpool::Held::Keep, now)) return false;
  counters_.told += held_in_memory_.size();
  held_in_memory_.clear();
  return true;
}

bool MailChannel::send_waiting(base::Instant now) {
  return send(waiting_, MailPlan::Batch::Usual, now);
}

// The first of fresh_, by itself.
bool MailChannel::send_alone(base::Instant now) {
  behind_others_ |= !waiting_.empty();
  if (!send_waiting(now)) return false;
  Batch alone;
  alone.push_back(fresh_.front());
  if (!send(alone, behind_others_ ? MailPlan::Batch::UngroupedBehindOthers : MailPlan::Batch::Usual, now)) return false;
  fresh_.pop_front();
  behind_others_ = false;
  return true;
}

void MailChannel::look_at_fresh(base::Instant now) {
  const bool grouped = settings_.internal.get("maild.groupping") != 0;
  while (!fresh_.empty()) {
    if (fresh_.front().selection.do_not_group) {
      if (!send_alone(now)) return;
      continue;
    }
    if (waiting_.empty()) first_at_ = now;
    last_at_ = now;
    const bool at_once = !grouped || fresh_.front().selection.do_not_delay;
    waiting_.push_back(std::move(fresh_.front()));
    fresh_.pop_front();
    size_t bytes = 0;
    for (const Waiting& w : waiting_) bytes += size_of(w.alert);
    const bool full = waiting_.size() >= kMostAlerts || bytes >= kMostBytes;
    if ((at_once || full) && !send_waiting(now)) return;
  }
}

void MailChannel::flush(base::Instant now) {
  look_at_fresh(now);
  send_waiting(now);
  settle_safe();
}

std::optional<base::Instant> MailChannel::step(base::Instant now) {
  disk_.clock_moved(now);
  if (!disk_.due(now)) return disk_.next();
  if (last_at_ > now) first_at_ = last_at_ = now;  // the clock was set back
  if (held() != 0) new_hour(now);
  look_at_fresh(now);
  const bool quiet = now - last_at_ >= kQuiet || now - first_at_ >= kLongest;
  if (!waiting_.empty() && quiet && disk_.due(now)) send_waiting(now);
  settle_safe();
  if (!disk_.due(now)) return disk_.next();
  std::optional<base::Instant> next;
  if (!waiting_.empty()) next = std::min(last_at_ + kQuiet, first_at_ + kLongest);
  if (held() != 0) {
    const base::Instant hour = base::from_unix((base::unix_seconds(now) / 60 + 1) * 60);  // looks each minute
    next = next ? std::min(*next, hour) : hour;
  }
  return next;
}

}  // namespace gander::notify
