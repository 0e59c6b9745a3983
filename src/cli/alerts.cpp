// `gander alerts`: searching and following the stored alerts.

#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <iostream>

#include "base/file.h"
#include "cli/alerts_parts.h"
#include "cli/commands.h"
#include "cli/session.h"
#include "cli/stored_alert_view.h"
#include "manager/input_clock.h"
#include "output/alert_writer.h"
#include "output/output_stream.h"
#include "store/alert_query.h"

namespace gander::cli {
namespace {

size_t terminal_width() {
  winsize size{};
  return ::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

class AlertsRun {
 public:
  AlertsRun(const AlertsArguments& arguments, std::string home)
      : arguments_(arguments), home_(std::move(home)), out_(STDOUT_FILENO, "standard output") {}

  int run() {
    const Result<void> read = read_question();
    if (!read) return refuse(read.error());
    const output::Format form =
        arguments_.output == "table" ? output::Format::Line : *output::format_from(arguments_.output);
    output::WriterOptions options;
    options.zone = zone_;
    options.colour = colour_for(STDOUT_FILENO);
    options.width = terminal_width();
    writer_ = output::make_alert_writer(form, output::Schema::Ossec, options);
    writer_->begin(out_.buffer());
    return arguments_.follow ? follow() : search();
  }

 private:
  static int refuse(const Error& error) {
    std::cerr << "gander: " << error.message << "\n";
    return 2;
  }

  Result<void> read_question() {
    const Result<base::TimeZone> zone = arguments_.zone.empty() ? Result<base::TimeZone>(base::TimeZone::local())
                                                                : base::TimeZone::named(arguments_.zone);
    if (!zone) return tl::unexpected(zone.error());
    zone_ = *zone;
    const base::Instant now = manager::wall_now();
    for (const auto& [text, time] :
         {std::pair(&arguments_.since, &query_.since), std::pair(&arguments_.until, &query_.until)}) {
      if (text->empty()) continue;
      const Result<base::Instant> at = store::query_time(*text, now, zone_);
      if (!at) return tl::unexpected(at.error());
      *time = *at;
    }
    query_.min_level = arguments_.level;
    query_.rules = arguments_.rules;
    query_.group = arguments_.group;
    query_.address = arguments_.address;
    query_.user = arguments_.user;
    query_.host = arguments_.host;
    for (const std::string& word : arguments_.words) query_.text += (query_.text.empty() ? "" : " ") + word;
    if (arguments_.oldest_first) query_.order = store::AlertQuery::Order::OldestFirst;
    // One more shows whether there is more.
    query_.limit = arguments_.limit == 0 ? 0 : arguments_.limit + 1;
    return {};
  }

  // False: the reader of the output has gone, or the disk is full.
  bool show(const model::StoredAlert& alert) {
    writer_->alert(out_.buffer(), view_.of(alert));
    const Result<void> done = arguments_.follow ? out_.flush() : out_.commit();
    if (done) return true;
    failed_ = done.error();
    return false;
  }

  int search() {
    if (store::indexed_days(home_).empty()) {
      std::cerr << "gander: no index below '" << home_ << "'; `gander alerts reindex` makes one from the logs\n";
    }
    uint64_t shown = 0;
    bool more = false;
    const store::AlertSearch::Take take = [&](const model::StoredAlert& alert) {
      if (arguments_.limit != 0 && shown == arguments_.limit) return more = true, false;
      ++shown;
      return show(alert);
    };
    store::AlertSearch search(home_, zone_);
    search.mend_with([&](const store::Day& day) { return reindex_day(home_, day); });
    const Result<uint64_t> count = search.run(query_, take);
    if (!count) return refuse(count.error());
    writer_->end(out_.buffer());
    const Result<void> flushed = out_.flush();
    if (!flushed && !failed_) failed_ = flushed.error();
    for (const std::string& note : search.take_notes()) std::cerr << "gander: " << note << "\n";
    if (more) {
      std::cerr << "gander: there are more than these " << shown << "; --limit N shows more, --limit 0 all\n";
    }
    if (failed_ && failed_->code != "A001") return refuse(*failed_);
    if (!search.damaged_days().empty()) {
      std::cerr << "gander: `gander alerts reindex` makes a damaged index again\n";
      return 2;
    }
    return shown > 0 ? 0 : 1;
  }

  int follow() {
    store::AlertSearch search(home_, zone_);
    const int watch = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    ::inotify_add_watch(watch, base::join(home_, "logs/index").c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO);
    int status = 0;
    while (!failed_) {
      const Result<uint64_t> count = search.run_new(query_, [&](const model::StoredAlert& a) { return show(a); });
      if (!count) {
        status = refuse(count.error());
        break;
      }
      // A folder that is not there yet cannot be watched; a second is soon enough.
      pollfd wait[] = {{watch, POLLIN, 0}, {STDOUT_FILENO, 0, 0}};
      ::poll(wait, 2, 1000);
      if ((wait[1].revents & POLLERR) != 0) break;
      char events[4096];
      while (::read(watch, events, sizeof events) > 0) {
      }
    }
    ::close(watch);
    return failed_ && failed_->code != "A001" ? refuse(*failed_) : status;
  }

  const AlertsArguments& arguments_;
  std::string home_;
  output::OutputStream out_;
  base::TimeZone zone_ = base::TimeZone::utc();
  store::AlertQuery query_;
  std::unique_ptr<output::AlertWriter> writer_;
  StoredAlertView view_;
  std::optional<Error> failed_;
};

}  // namespace

int run(const AlertsArguments& arguments) {
  RulesetArguments where;
  where.home = arguments.home;
  const Result<Layout> layout = find_layout(where);
  if (!layout) {
    std::cerr << "gander: " << layout.error().message << "\n";
    return 2;
  }
  switch (arguments.action) {
    case AlertsArguments::Action::Verify:
      return verify_alerts(arguments, layout->state);
    case AlertsArguments::Action::Reindex:
      return reindex_alerts(arguments, layout->state);
    case AlertsArguments::Action::Query:
      break;
  }
  return AlertsRun(arguments, layout->state).run();
}

}  // namespace gander::cli
