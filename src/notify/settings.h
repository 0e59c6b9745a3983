// Settings: what the notifier is given by the role that drives it.
//
// Owns:    values; the callbacks must outlive the notifier.
// Threads: callbacks are called on the thread that calls step().
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "config/internal_options.h"
#include "model/compat.h"

namespace gander::notify {

// A line for the program's log, without time: "mail: 192.0.2.25 does not answer".
using Log = std::function<void(Severity, const std::string&)>;

// What became of a mail that was handed to a program.
enum class ProgramOutcome { Accepted, TryAgain };
// Runs `smtp_server` when it is a path: `message` (headers, empty line, body, CR LF) goes to its standard input. It may
// call `done` at once or later, once.
using MailProgram =
    std::function<void(const std::string& path, const std::string& message, std::function<void(ProgramOutcome)> done)>;

struct ReportText {
  std::string text;  // CR LF line ends; empty = no alert passed, no mail
  std::string html;  // whole page; empty = none
};
// Makes a daily report over the alerts of one day (year, month, day of `day`). It may call `done` at once or later,
// once.
using ReportMaker = std::function<void(const config::Report& report, const base::Civil& day,
                                       std::function<void(Result<ReportText>)> done)>;

struct Settings {
  config::Config config;
  config::InternalOptions internal;
  model::Compat compat = model::Compat::Mended;
  std::string home;       // queue/mail and queue/notify lie below it
  std::string host_name;  // of this host, with its domain if known
  base::TimeZone zone = base::TimeZone::utc();
  std::string version;  // of Gander, for user agents
  Log log;
  MailProgram mail_program;
  ReportMaker report_maker;
};

}  // namespace gander::notify
