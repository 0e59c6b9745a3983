// `gander report`, `ossec-reportd`, `ossec-reported`: alerts from files or standard input to a summary.

#include "report/report.h"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "cli/commands.h"
#include "cli/report_mailer.h"
#include "cli/session.h"
#include "collect/feed_file.h"
#include "live/day_report.h"
#include "manager/input_clock.h"
#include "output/output_stream.h"
#include "report/alert_reader.h"
#include "report/configured_report.h"

namespace gander::cli {
namespace {

class ReportRun {
 public:
  explicit ReportRun(const ReportArguments& arguments)
      : arguments_(arguments),
        ossec_(arguments.door == Door::Ossec),
        out_(ossec_ ? STDERR_FILENO : STDOUT_FILENO, ossec_ ? "standard error" : "standard output") {}

  int run() {
    if (!read_options()) return ossec_ ? 1 : 2;
    if (arguments_.test_only) return 0;
    if (!arguments_.since.empty() && !find_home()) return 2;
    if (arguments_.mail) return mail();
    if (ossec_) log("ossec-reportd: INFO: Started (pid: " + std::to_string(::getpid()) + ").");
    report::Report report(options_);
    const bool read = arguments_.since.empty() ? read_all(report) : read_home(report);
    const bool written = write(report);
    return read && written ? 0 : 2;
  }

 private:
  void log(const std::string& text) { std::cerr << log_line(base::TimeZone::local(), manager::wall_now(), text); }

  void refuse(const Diagnostic& d) {
    if (ossec_) {
      for (const std::string& line : d.ossec_lines) log(line);
    } else {
      std::cerr << render(d, colour_for(STDERR_FILENO));
    }
  }

  bool read_options() {
    options_.compat = arguments_.compat;
    options_.show_alerts = arguments_.show_alerts;
    if (!arguments_.title.empty()) options_.title = arguments_.title;
    for (const auto& [name, value] : arguments_.filters) {
      const auto set = options_.set_filter(name, value);
      if (!set) return refuse(set.error()), false;
    }
    for (const auto& [name, related] : arguments_.relations) {
      const auto set = options_.set_relation(name, related);
      if (!set) return refuse(set.error()), false;
    }
    return true;
  }

  bool read_all(report::Report& report) {
    report::AlertReader reader(
        arguments_.compat, options_.program, [&](const model::StoredAlert& alert) { report.add(alert); },
        [&](const std::string& problem) { log(problem); });
    std::vector<std::string> files = arguments_.files;
    if (files.empty()) files.emplace_back("-");
    bool all = true;
    for (const std::string& file : files) {
      const Result<void> done = collect::feed_file(file, [&](std::string_view bytes) { reader.feed(bytes); });
      reader.finish();
      if (!done) {
        std::cerr << "gander: " << done.error().message << "\n";
        all = false;
      }
    }
    if (!ossec_ && reader.counters().damaged > 0) {
      std::cerr << "gander: " << reader.counters().damaged << " damaged alerts were left out\n";
    }
    return all;
  }

  bool find_home() {
    RulesetArguments where;
    where.home = arguments_.home;
    where.config = arguments_.config;
    where.compat = arguments_.compat;
    const Result<Layout> layout = find_layout(where);
    if (!layout) return say(layout.error());
    layout_ = *layout;
    if (!arguments_.zone.empty()) {
      const Result<base::TimeZone> zone = base::TimeZone::named(arguments_.zone);
      if (!zone) return say(zone.error());
      zone_ = *zone;
    }
    const Result<live::Period> period =
        live::parse_period(arguments_.since, arguments_.until, manager::wall_now(), zone_);
    if (!period) return say(period.error());
    period_ = *period;
    return true;
  }

  static bool say(const Error& error) {
    std::cerr << "gander: " << error.message << "\n";
    return false;
  }

  bool read_home(report::Report& report) {
    return live::each_alert(
        layout_.state, period_, zone_, arguments_.compat, [&](const model::StoredAlert& a) { report.add(a); },
        [&](const std::string& problem) { std::cerr << "gander: " << problem << "\n"; });
  }

  // False: the alerts could not be read.
  bool add_mail(report::ReportOptions options, const std::string& title, const std::vector<std::string>& to,
                std::vector<notify::ReportMail>& mails) {
    options.title = title;
    report::Report report(std::move(options));
    if (!read_home(report)) return false;
    if (report.summary().passed == 0) return true;
    notify::ReportMail mail{title, to, "", ""};
    render_text(report, [&](std::string_view bytes) { mail.text.append(bytes); });
    render_html(report, [&](std::string_view bytes) { mail.html.append(bytes); });
    mails.push_back(std::move(mail));
    return true;
  }

  int mail() {
    notify::Settings settings;
    if (!load_mail_settings(layout_, arguments_.compat, zone_, settings)) return 2;
    const bool own = !arguments_.filters.empty() || !arguments_.relations.empty() || !arguments_.title.empty();
    std::vector<notify::ReportMail> mails;
    if (own) {
      const std::string title = arguments_.title.empty() ? "Report" : arguments_.title;
      if (!add_mail(options_, title, settings.config.global.email_to, mails)) return 2;
    } else if (settings.config.reports.empty()) {
      std::cerr << "gander: the configuration has no <reports>; -f, -r or -n ask for a report of their own\n";
      return 2;
    }
    for (const config::Report& wanted : settings.config.reports) {
      if (own) break;
      report::ConfiguredReport configured = report::configured(wanted, arguments_.compat);
      for (const std::string& left_out : configured.left_out) std::cerr << "gander: " << left_out << "\n";
      if (!add_mail(std::move(configured.options), notify::report_title(wanted), wanted.email_to, mails)) return 2;
    }
    return send_reports(std::move(settings), mails);
  }

  bool write(const report::Report& report) {
    if (ossec_) log(report.closing_message());
    const auto take = [&](std::string_view bytes) {
      out_.buffer().append(bytes);
      if (const Result<void> committed = out_.commit(); !committed) failed_ = committed.error();
    };
    if (arguments_.output == "json")
      render_json(report, take);
    else if (arguments_.output == "html")
      render_html(report, take);
    else
      render_text(report, take);
    if (const Result<void> flushed = out_.flush(); !flushed) failed_ = flushed.error();
    if (!failed_) {
      if (!ossec_ && report.summary().passed == 0) std::cerr << "gander: no alert passed the filters\n";
      return true;
    }
    if (failed_->code != "A001") std::cerr << "gander: " << failed_->message << "\n";
    return failed_->code == "A001";
  }

  const ReportArguments& arguments_;
  bool ossec_;
  output::OutputStream out_;
  report::ReportOptions options_;
  Layout layout_;
  base::TimeZone zone_ = base::TimeZone::local();
  live::Period period_;
  std::optional<Error> failed_;
};

}  // namespace

int run(const ReportArguments& arguments) {
  return ReportRun(arguments).run();
}

}  // namespace gander::cli
