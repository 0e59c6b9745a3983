// `gander report --mail`: a report to the recipients of the configuration, through the mail spool of the home.
//
// Threads: one thread.
// Cost:    waits up to a minute for the mail server when no notifier runs in the home.
// Fails:   N003 without server, sender or recipients; I002; what the server says is printed.
#pragma once

#include <vector>

#include "cli/layout.h"
#include "notify/report_mail.h"
#include "notify/settings.h"

namespace gander::cli {

// Configuration and internal options of the layout; findings are shown. False: they hold an error.
bool load_mail_settings(const Layout& layout, model::Compat compat, const base::TimeZone& zone,
                        notify::Settings& settings);
// Puts the mails into the spool; a notifier that runs there takes them, else they are sent now. Exit status.
int send_reports(notify::Settings settings, const std::vector<notify::ReportMail>& mails);

}  // namespace gander::cli
