// Drives a Notifier by commands on standard input, one a line; answers "ok …" or "timeout". For notify_test.py.
//
// usage: gander_notify_driver HOME CONFIG COMPAT START HOST     COMPAT: mended | ossec, START: seconds since 1970
//   alerts FILE     alerts of FILE join the stream; each channel takes what it has not taken yet
//   at SECONDS      the clock stands at START + SECONDS
//   until WHAT N    steps until: sent N (mails), failed N, attempts N, waiting N (mails in the spool), held N,
//                   told N, lost N, refused N, retries N (sum over channels), idle 0
//   flush, reopen, safe, status
#include <poll.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "notify/metrics.h"
#include "notify/notifier.h"
#include "report/alert_reader.h"
#include "report/configured_report.h"
#include "report/report.h"

namespace {

using namespace gander;

class Driver {
 public:
  Driver(std::string home, std::string config, model::Compat compat, int64_t start, std::string host)
      : home_(std::move(home)),
        config_(std::move(config)),
        host_(std::move(host)),
        compat_(compat),
        start_(start),
        now_(base::from_unix(start)) {}

  bool open() {
    Diagnostics diagnostics;
    config::LoadOptions load;
    load.compat = compat_;
    notify::Settings s;
    s.config = config::load_config(config_, load, diagnostics);
    s.internal = config::InternalOptions::load(home_ + "/etc", load, diagnostics);
    for (const Diagnostic& d : diagnostics.entries()) std::cerr << render(d, Colour::Off);
    s.compat = compat_;
    s.home = home_;
    s.host_name = host_;
    s.log = [](Severity, const std::string& text) { std::cerr << "log: " << text << std::endl; };
    s.mail_program = [this](const std::string&, const std::string& message, auto done) {
      std::ofstream(home_ + "/program." + std::to_string(++programs_), std::ios::binary) << message;
      done(notify::ProgramOutcome::Accepted);
    };
    s.report_maker = [this](const config::Report& report, const base::Civil& day, auto done) {
      done(make_report(report, day));
    };
    auto opened = notify::Notifier::open(std::move(s));
    if (!opened) {
      std::cerr << opened.error().message << "\n";
      return false;
    }
    notifier_.emplace(std::move(*opened));
    taken_.clear();
    for (const auto& channel : notifier_->channels()) {
      if (!channel->safe()) channel->start_at(0);
      taken_[channel.get()] = *channel->safe();
    }
    return true;
  }

  bool command(const std::string& line) {
    std::istringstream words(line);
    std::string verb;
    std::string what;
    uint64_t number = 0;
    words >> verb >> what >> number;
    if (verb == "alerts") return read_alerts(what);
    if (verb == "at") return now_ = base::from_unix(start_ + std::stoll(what)), step(), say("ok");
    if (verb == "until") return until(what, number);
    if (verb == "flush") return notifier_->flush(now_), step(), say("ok");
    if (verb == "safe") return say("ok " + std::to_string(notifier_->safe().value_or(0)));
    if (verb == "status") return print_metrics(), say("ok");
    if (verb == "reopen") {
      notifier_.reset();
      return open() && say("ok");
    }
    return false;
  }

 private:
  static bool say(const std::string& text) { return std::cout << text << std::endl, true; }

  Result<notify::ReportText> make_report(const config::Report& wanted, const base::Civil& day) {
    char name[64];
    std::snprintf(name, sizeof name, "/day-%04d-%02d-%02d.alerts", day.year, day.month, day.day);
    const Result<std::string> text = base::read_file(home_ + name);
    if (!text) return tl::unexpected<Error>(text.error());
    report::Report report(report::configured(wanted, compat_).options);
    report::AlertReader reader(
        compat_, "driver", [&](const model::StoredAlert& a) { report.add(a); }, [](const std::string&) {});
    reader.feed(*text);
    reader.finish();
    notify::ReportText out;
    report::render_text(report, [&](std::string_view bytes) { out.text.append(bytes); });
    if (report.summary().passed != 0 && compat_ == model::Compat::Mended) {
      report::render_html(report, [&](std::string_view bytes) { out.html.append(bytes); });
    }
    return out;
  }

  bool read_alerts(const std::string& path) {
    const Result<std::string> text = base::read_file(path);
    if (!text) return false;
    report::AlertReader reader(
        compat_, "driver", [&](const model::StoredAlert& a) { stream_.push_back(a); }, [](const std::string&) {});
    reader.feed(*text);
    reader.finish();
    step();
    return say("ok " + std::to_string(stream_.size()));
  }

  void step() {
    for (const auto& channel : notifier_->channels()) {
      notify::Place& taken = taken_[channel.get()];
      while (taken < stream_.size() && channel->wants()) {
        const model::StoredAlert& alert = stream_[taken];
        channel->take(++taken, alert);
      }
    }
    notifier_->step(now_);
  }

  uint64_t count(const std::string& what) const {
    const notify::MailCounters mail = notifier_->mail();
    if (what == "sent") return mail.sent;
    if (what == "failed") return mail.failed;
    if (what == "attempts") return mail.attempts;
    if (what == "held") return mail.held;
    uint64_t sum = 0;
    for (const auto& channel : notifier_->channels()) {
      const notify::ChannelCounters& c = channel->counters();
      sum += what == "told" ? c.told : what == "lost" ? c.lost : what == "refused" ? c.refused : c.retries;
    }
    return sum;
  }

  // Real time only ends a test that hangs.
  bool until(const std::string& what, uint64_t number) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (;;) {
      step();
      const bool there = what == "idle"      ? notifier_->idle()
                         : what == "waiting" ? notifier_->mail().waiting == number
                                             : count(what) >= number;
      if (there) return say("ok");
      if (std::chrono::steady_clock::now() > end) return print_metrics(), say("timeout");
      pollfd ready{notifier_->descriptor(), POLLIN, 0};
      ::poll(&ready, 1, 20);
    }
  }

  void print_metrics() const {
    notify::Snapshot snapshot;
    notify::add_metrics(*notifier_, snapshot);
    std::cerr << notify::prometheus_text(snapshot) << notify::health_json(snapshot);
  }

  std::string home_;
  std::string config_;
  std::string host_;
  model::Compat compat_;
  int64_t start_;
  base::Instant now_;
  int programs_ = 0;
  std::vector<model::StoredAlert> stream_;
  std::map<const notify::Channel*, notify::Place> taken_;
  std::optional<notify::Notifier> notifier_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  const model::Compat compat = std::string(argv[3]) == "ossec" ? model::Compat::Ossec43 : model::Compat::Mended;
  Driver driver(argv[1], argv[2], compat, std::stoll(argv[4]), argv[5]);
  if (!driver.open()) return 3;
  std::cout << "ok" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    if (!driver.command(line)) {
      std::cout << "bad" << std::endl;
      return 2;
    }
  }
  return 0;
}
