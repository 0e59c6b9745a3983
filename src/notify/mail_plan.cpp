#include "notify/mail_plan.h"

#include <algorithm>
#include <map>
#include <numeric>

#include "notify/mail_message.h"

namespace gander::notify {
namespace {

bool holds(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

std::vector<size_t> all_of(size_t count) {
  std::vector<size_t> out(count);
  std::iota(out.begin(), out.end(), size_t{0});
  return out;
}

}  // namespace

MailPlan::MailPlan(const config::Config& config, model::Compat compat) : compat_(compat) {
  for (const std::string& to : config.global.email_to) {
    if (!is_plain_address(to)) {
      bad_.push_back(to);
    } else if (!holds(global_, to)) {
      global_.push_back(to);
    }
  }
  for (const config::EmailAlert& e : config.email_alerts) {
    if (!is_plain_address(e.email_to)) {
      bad_.push_back(e.email_to);
      continue;
    }
    entries_.push_back({e.email_to, AlertFilter(e.level, e.rule_ids, e.group, e.event_location, compat), e.do_not_delay,
                        e.do_not_group});
  }
}

Selection MailPlan::select(const model::StoredAlert& alert) {
  Selection out;
  for (size_t i = 0; i < entries_.size(); ++i) {
    Entry& e = entries_[i];
    if (!e.filter.asks() || !e.filter.passes(alert)) continue;
    out.entries.push_back(i);
    out.do_not_delay |= e.do_not_delay;
    out.do_not_group |= e.do_not_group;
  }
  return out;
}

std::vector<PlannedMail> MailPlan::one_for_all(std::span<const Selection> batch, Batch kind) const {
  PlannedMail mail{global_, all_of(batch.size())};
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Entry& e = entries_[i];
    if (holds(mail.to, e.to) || (kind == Batch::UngroupedBehindOthers && e.do_not_group)) continue;
    const bool selected = std::any_of(batch.begin(), batch.end(), [&](const Selection& s) {
      return std::find(s.entries.begin(), s.entries.end(), i) != s.entries.end();
    });
    if (selected) mail.to.push_back(e.to);
  }
  if (mail.to.empty()) return {};
  return {std::move(mail)};
}

std::vector<PlannedMail> MailPlan::plan(std::span<const Selection> batch, Batch kind) const {
  if (batch.empty()) return {};
  if (compat_ == model::Compat::Ossec43) return one_for_all(batch, kind);
  std::vector<PlannedMail> out;
  if (!global_.empty()) out.push_back({global_, all_of(batch.size())});
  std::vector<std::string> order;
  std::map<std::string, std::vector<size_t>> selected;
  for (size_t n = 0; n < batch.size(); ++n) {
    for (const size_t i : batch[n].entries) {
      const std::string& to = entries_[i].to;
      if (holds(global_, to)) continue;
      std::vector<size_t>& alerts = selected[to];
      if (alerts.empty()) order.push_back(to);
      if (alerts.empty() || alerts.back() != n) alerts.push_back(n);
    }
  }
  const size_t first_granular = out.size();
  for (const std::string& to : order) {
    const std::vector<size_t>& alerts = selected[to];
    const auto same = std::find_if(out.begin() + static_cast<std::ptrdiff_t>(first_granular), out.end(),
                                   [&](const PlannedMail& m) { return m.alerts == alerts; });
    if (same != out.end()) {
      same->to.push_back(to);
    } else {
      out.push_back({{to}, alerts});
    }
  }
  return out;
}

}  // namespace gander::notify
