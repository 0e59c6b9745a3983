// MailPlan: who gets which alerts of a batch, by <global> and <email_alerts>.
//
// Mended, the recipients of <global> get the whole batch in one mail, a granular recipient gets what his entries select
// and nothing else (recipients with the same selection share a mail). As OSSEC 4.3 there is one mail, and whoever is
// selected by one alert gets all.
//
// Owns:    its filters.
// Threads: one thread.
// Cost:    each entry looks at each alert.
// Fails:   cannot; recipients that are no mail address are left out (open says so in the log).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/config.h"
#include "model/compat.h"
#include "model/stored_alert.h"
#include "notify/alert_filter.h"

namespace gander::notify {

// What the entries say of one alert.
struct Selection {
  std::vector<size_t> entries;  // that select it
  bool do_not_delay = false;
  bool do_not_group = false;
};

struct PlannedMail {
  std::vector<std::string> to;
  std::vector<size_t> alerts;  // indices into the batch, ascending
};

class MailPlan {
 public:
  MailPlan(const config::Config& config, model::Compat compat);

  bool has_recipients() const { return !global_.empty() || !entries_.empty(); }
  // Addresses of the configuration that cannot be mailed to.
  const std::vector<std::string>& bad_addresses() const { return bad_; }

  Selection select(const model::StoredAlert& alert);
  // `ungrouped_last`: the batch is one do_not_group alert that came while others waited; OSSEC 4.3 then forgets its
  // do_not_group recipients.
  enum class Batch { Usual, UngroupedBehindOthers };
  std::vector<PlannedMail> plan(std::span<const Selection> batch, Batch kind) const;

 private:
  struct Entry {
    std::string to;
    AlertFilter filter;
    bool do_not_delay;
    bool do_not_group;
  };
  std::vector<PlannedMail> one_for_all(std::span<const Selection> batch, Batch kind) const;

  model::Compat compat_;
  std::vector<std::string> global_;
  std::vector<Entry> entries_;
  std::vector<std::string> bad_;
};

}  // namespace gander::notify
