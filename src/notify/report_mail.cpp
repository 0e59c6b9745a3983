#include "notify/report_mail.h"

#include <algorithm>

#include "notify/mail_builder.h"

namespace gander::notify {

std::string report_title(const config::Report& report) {
  return report.title.empty() ? "OSSEC Report (unnamed)" : report.title;
}

SpooledMail report_mail(const Settings& settings, const ReportMail& mail, base::Instant now) {
  const auto others = settings.compat == model::Compat::Ossec43 ? MailMessage::Others::ManyTo : MailMessage::Others::To;
  return text_mail(settings, mail.to, {mail.title, mail.text, mail.html, others}, now);
}

Result<void> queue_report(const Settings& settings, const ReportMail& mail, base::Instant now) {
  const config::Global& g = settings.config.global;
  if (g.smtp_server.empty() || !is_plain_address(g.email_from)) {
    return fail("N003", "mail needs <smtp_server> and <email_from> in <global>");
  }
  const bool all =
      std::all_of(mail.to.begin(), mail.to.end(), [](const std::string& to) { return is_plain_address(to); });
  if (mail.to.empty() || !all) return fail("N003", "mail needs recipients that are mail addresses");
  const SpooledMail spooled = report_mail(settings, mail, now);
  return MailSpool::add(settings.home, {&spooled, 1});
}

}  // namespace gander::notify
