// Reports as mails: those of the night, and by hand (`gander report --mail`), where the mail is put into the home's
// spool for the notifier that runs there.
//
// Threads: one thread.
// Fails:   queue_report() with N003 when the configuration names no server or sender, or no recipient is a mail
// address;
//          I002 when it cannot be written.
#pragma once

#include <string>
#include <vector>

#include "notify/mail_spool.h"
#include "notify/settings.h"

namespace gander::notify {

struct ReportMail {
  std::string title;  // mail subject
  std::vector<std::string> to;
  std::string text;  // CR LF line ends
  std::string html;  // whole page; empty = made of the text
};

// "OSSEC Report (unnamed)" without one.
std::string report_title(const config::Report& report);

SpooledMail report_mail(const Settings& settings, const ReportMail& mail, base::Instant now);

// Writes the mail into queue/mail of the home.
Result<void> queue_report(const Settings& settings, const ReportMail& mail, base::Instant now);

}  // namespace gander::notify
