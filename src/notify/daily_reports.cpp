#include "notify/daily_reports.h"

#include <algorithm>

#include "notify/mail_builder.h"
#include "notify/report_mail.h"

namespace gander::notify {
namespace {

constexpr const char* kDay = "reports day";    // the first day that is not reported yet
constexpr const char* kNext = "reports next";  // the first report of that day that is not made yet

int64_t day_of(base::Instant now, const base::TimeZone& zone) {
  const base::Civil c = zone.civil(now);
  return base::days_from_civil(c.year, c.month, c.day);
}

base::Instant midnight(int64_t day, const base::TimeZone& zone) {
  return zone.instant(base::civil_from_days(day));
}

}  // namespace

DailyReports::DailyReports(const Settings& settings, MailSpool& spool, StateFile& state)
    : settings_(settings), spool_(spool), state_(state), self_(std::make_shared<DailyReports*>(this)) {}

std::string DailyReports::title() const {
  return report_title(settings_.config.reports[jobs_.front().report]);
}

void DailyReports::find_jobs(base::Instant now) {
  const int64_t today = day_of(now, settings_.zone);
  const auto kept = state_.number(kDay);
  const int64_t first = kept ? static_cast<int64_t>(*kept) : today;
  if (!kept || first > today) state_.set(kDay, static_cast<uint64_t>(std::max<int64_t>(0, today)));
  const base::Seconds wait{settings_.internal.get("monitord.day_wait")};
  if (first >= today || now < midnight(today, settings_.zone) + wait) return;
  const int64_t from = std::max(first, today - kMostDays);
  for (int64_t day = from; day < today; ++day) {
    const size_t begin = day == first ? static_cast<size_t>(state_.number(kNext).value_or(0)) : 0;
    for (size_t i = begin; i < settings_.config.reports.size(); ++i) jobs_.push_back({i, day});
  }
  if (jobs_.empty()) {
    state_.set(kDay, static_cast<uint64_t>(today));
    state_.set(kNext, uint64_t{0});
  }
}

void DailyReports::start() {
  const Job job = jobs_.front();
  settings_.log(Severity::Note, "reports: making '" + title() + "'");
  busy_ = true;
  const std::weak_ptr<DailyReports*> self = self_;
  const base::Civil day = base::civil_from_days(job.day);
  settings_.report_maker(settings_.config.reports[job.report], day, [self](Result<ReportText> text) {
    const std::shared_ptr<DailyReports*> alive = self.lock();
    if (alive) (*alive)->made(std::move(text));
  });
}

void DailyReports::made(Result<ReportText> text) {
  if (!busy_) return;
  busy_ = false;
  if (!text) {
    settings_.log(Severity::Error, "reports: '" + title() + "': " + text.error().message);
    return over();
  }
  if (text->text.empty()) {
    settings_.log(Severity::Note, "reports: '" + title() + "': no alert passed, no mail");
    return over();
  }
  ready_ = std::move(*text);
}

bool DailyReports::mail_it(base::Instant now) {
  const config::Report& report = settings_.config.reports[jobs_.front().report];
  const SpooledMail mail = report_mail(settings_, {title(), report.email_to, ready_->text, ready_->html}, now);
  if (const Result<void> written = spool_.put({&mail, 1}, std::nullopt); !written) {
    settings_.log(Severity::Error, "reports: " + written.error().message);
    retry_.failed(now);
    return false;
  }
  retry_.succeeded();
  ready_.reset();
  mailed_ = true;
  over();
  return true;
}

void DailyReports::over() {
  const Job job = jobs_.front();
  jobs_.pop_front();
  const bool day_ends = jobs_.empty() || jobs_.front().day != job.day;
  state_.set(kDay, static_cast<uint64_t>(day_ends ? job.day + 1 : job.day));
  state_.set(kNext, static_cast<uint64_t>(day_ends ? 0 : job.report + 1));
}

std::optional<base::Instant> DailyReports::step(base::Instant now) {
  if (settings_.config.reports.empty() || !settings_.report_maker) return std::nullopt;
  retry_.clock_moved(now);
  if (jobs_.empty() && !busy_) find_jobs(now);
  while (!jobs_.empty() && !busy_) {
    if (!retry_.due(now)) return retry_.next();
    if (ready_) {
      if (!mail_it(now)) return retry_.next();
    } else {
      start();
    }
  }
  if (busy_) return std::nullopt;  // whoever calls done() calls step()
  const base::Seconds wait{settings_.internal.get("monitord.day_wait")};
  const int64_t today = day_of(now, settings_.zone);
  const base::Instant due = midnight(today, settings_.zone) + wait;
  return due > now ? due : midnight(today + 1, settings_.zone) + wait;
}

}  // namespace gander::notify
