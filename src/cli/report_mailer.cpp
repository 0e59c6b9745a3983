#include "cli/report_mailer.h"

#include <poll.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

#include "base/file.h"
#include "cli/session.h"
#include "cli/version.h"
#include "manager/input_clock.h"
#include "notify/notifier.h"

namespace gander::cli {
namespace {

constexpr base::Seconds kLongest{60};

int say(const Error& error) {
  std::cerr << "gander: " << error.message << "\n";
  return 2;
}

// Sends what lies in the spool.
int send_now(notify::Settings settings) {
  settings.config.global.email_notification = false;
  settings.config.syslog_outputs.clear();
  settings.config.webhooks.clear();
  settings.config.reports.clear();
  auto notifier = notify::Notifier::open(std::move(settings));
  if (!notifier && notifier.error().code == "N001") {
    std::cerr << "gander: the running Gander sends the mail\n";
    return 0;
  }
  if (!notifier) return say(notifier.error());
  std::signal(SIGPIPE, SIG_IGN);
  const base::Instant end = manager::wall_now() + kLongest;
  while (!notifier->idle()) {
    const base::Instant now = manager::wall_now();
    notifier->step(now);
    if (!notifier->mail_trouble().empty() || now > end) {
      std::cerr << "gander: not sent yet: " << notifier->mail_trouble() << "; the mail waits in queue/mail\n";
      return 1;
    }
    pollfd ready{notifier->descriptor(), POLLIN, 0};
    ::poll(&ready, 1, 50);
  }
  return notifier->mail().failed == 0 ? 0 : 1;
}

}  // namespace

bool load_mail_settings(const Layout& layout, model::Compat compat, const base::TimeZone& zone,
                        notify::Settings& settings) {
  Diagnostics diagnostics;
  config::LoadOptions load;
  load.compat = compat;
  settings.config = config::load_config(layout.config, load, diagnostics);
  settings.internal = config::InternalOptions::load(base::join(layout.home, "etc"), load, diagnostics);
  settings.compat = compat;
  settings.home = layout.state;
  settings.zone = zone;
  settings.version = kVersion;
  settings.log = [](Severity severity, const std::string& text) {
    if (severity != Severity::Note) std::cerr << "gander: " << text << "\n";
  };
  return show_findings(diagnostics, Findings::Errors) == 0;
}

int send_reports(notify::Settings settings, const std::vector<notify::ReportMail>& mails) {
  for (const notify::ReportMail& mail : mails) {
    if (const Result<void> queued = notify::queue_report(settings, mail, manager::wall_now()); !queued) {
      return say(queued.error());
    }
  }
  if (mails.empty()) {
    std::cerr << "gander: no alert passed, no mail\n";
    return 0;
  }
  if (settings.config.global.smtp_server.starts_with('/')) {
    std::cerr << "gander: the mail waits for the running Gander, which alone starts "
              << settings.config.global.smtp_server << "\n";
    return 0;
  }
  return send_now(std::move(settings));
}

}  // namespace gander::cli
