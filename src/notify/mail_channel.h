// MailChannel: alerts with the mail flag, grouped into mails and written to the mail spool.
//
// After an alert more are waited for until none came for kQuiet, at most kLongest; do_not_delay sends all that wait at
// once, do_not_group sends those that wait and then the alert by itself. Over email_maxperhour batches in a clock hour
// alerts are held: mended on the disk, for a digest that names each; as OSSEC 4.3 the newest 96 in memory.
//
// Owns:    the alerts that wait.
// Threads: one thread.
// Cost:    does not wait for anything but the disk.
// Fails:   a full disk: nothing is taken until the batch could be written.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "notify/channel.h"
#include "notify/held_alerts.h"
#include "notify/mail_plan.h"
#include "notify/mail_spool.h"
#include "notify/retry.h"
#include "notify/settings.h"
#include "notify/state_file.h"

namespace gander::notify {

class MailChannel : public Channel {
 public:
  static constexpr base::Seconds kQuiet{10};
  static constexpr base::Seconds kLongest{60};
  static constexpr size_t kMostAlerts = 500;  // of one mail
  static constexpr size_t kMostBytes = size_t{4} * 1024 * 1024;
  static constexpr size_t kMostHeldOssec = 96;
  static constexpr uint64_t kMostHeld = 20'000;  // a digest goes out when so many are held, whatever the hour

  MailChannel(const Settings& settings, MailSpool& spool, StateFile& state);

  bool wants() const override;
  void take(Place place, const model::StoredAlert& alert) override;
  std::optional<base::Instant> step(base::Instant now) override;
  bool idle() const override { return fresh_.empty() && waiting_.empty(); }
  std::string trouble() const override { return trouble_; }

  void flush(base::Instant now);
  uint64_t held() const { return held_.count() + held_in_memory_.size(); }

 private:
  struct Waiting {
    Place place;
    std::optional<Place> before;  // the place taken before it
    model::StoredAlert alert;
    Selection selection;
  };
  using Batch = std::vector<Waiting>;

  bool ossec() const { return settings_.compat == model::Compat::Ossec43; }
  void look_at_fresh(base::Instant now);
  // False: it could not be written and still waits.
  bool send_alone(base::Instant now);
  bool send_waiting(base::Instant now);
  bool send(Batch& batch, MailPlan::Batch kind, base::Instant now);
  bool hold(Batch& batch, base::Instant now);
  bool put(const std::vector<SpooledMail>& mails, std::optional<Place> upto, MailSpool::Held held, base::Instant now);
  bool new_hour(base::Instant now);
  bool send_digest(base::Instant now);
  bool send_held_as_ossec(base::Instant now);
  std::vector<SpooledMail> mails_for(const Batch& batch, MailPlan::Batch kind, base::Instant now) const;
  SpooledMail make_mail(const PlannedMail& plan, const Batch& batch, base::Instant now) const;
  void add_digests(const PlannedMail& plan, const std::vector<model::StoredAlert>& alerts, base::Instant now,
                   std::vector<SpooledMail>& out) const;
  void settle_safe();
  void trouble(const Error& error, base::Instant now);

  const Settings& settings_;
  MailSpool& spool_;
  StateFile& state_;
  HeldAlerts held_;
  MailPlan plan_;
  std::deque<Waiting> fresh_;  // taken, not looked at yet
  Batch waiting_;
  bool behind_others_ = false;  // the first of fresh_ is a do_not_group alert that found others waiting
  Batch held_in_memory_;        // as OSSEC
  size_t bytes_ = 0;            // of fresh_ and waiting_
  base::Instant first_at_{};
  base::Instant last_at_{};
  std::optional<Place> last_place_;  // taken
  int64_t hour_ = 0;
  int sent_this_hour_ = 0;
  Retry disk_{base::Seconds{1}, base::Seconds{30}};
  std::string trouble_;
};

}  // namespace gander::notify
