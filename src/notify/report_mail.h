// Mailing a report by hand (`gander report --mail`): the mail is put into the home's spool, and sent at once when no
// notifier runs there.
//
// Threads: one thread.
// Fails:   N003 when the configuration names no server, sender or recipient; N001 and I002 as Notifier::open.
#pragma once

#include <string>
#include <vector>

#include "notify/settings.h"

namespace gander::notify {

struct ReportMail {
  std::string title;  // mail subject
  std::vector<std::string> to;
  std::string text;  // CR LF line ends
  std::string html;  // whole page; empty = no HTML part
};

// Writes the mail into queue/mail of the home.
Result<void> queue_report(const Settings& settings, const ReportMail& mail, base::Instant now);

}  // namespace gander::notify
