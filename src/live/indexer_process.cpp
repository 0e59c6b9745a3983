#include "live/indexer_process.h"

#include <sys/resource.h>

#include <utility>

#include "base/json_text.h"
#include "live/alert_log_source.h"
#include "store/day_close.h"
#include "store/index_file.h"

namespace gander::live {
namespace {

constexpr std::chrono::seconds kLook{60};  // at the calendar
constexpr std::chrono::seconds kRetry{2};
constexpr int kNice = 10;
constexpr uint64_t kMegabyte = 1'000'000;

}  // namespace

IndexerProcess::IndexerProcess(HostSettings settings, base::Descriptor supervisor)
    : Process(Role::Indexer, std::move(settings), std::move(supervisor)) {}

bool IndexerProcess::start() {
  // The index comes behind: it must not take the processor from those who judge.
  ::setpriority(PRIO_PROCESS, 0, kNice);
  config_ = load_config(settings());
  store::IndexerOptions options;
  options.home = settings().home;
  options.zone = settings().zone;
  options.now = moment_now().wall;
  options.rebuild = log_of_day(settings().home);
  auto opened = store::Indexer::open(std::move(options));
  if (!opened) {
    log(Severity::Error, opened.error().message);
    return false;
  }
  indexer_ = std::move(*opened);
  tell_notes();
  return true;
}

void IndexerProcess::tell_notes() {
  for (const std::string& note : indexer_->take_notes()) log(Severity::Warning, note);
}

void IndexerProcess::add_descriptors(std::vector<pollfd>& wanted) {
  wanted.push_back(readable(indexer_->descriptor()));
}

std::optional<collect::Steady> IndexerProcess::step(collect::Moment now) {
  indexer_->drain();
  const Result<size_t> done = indexer_->step();
  tell_notes();
  if (!done) {
    if (trouble_ != done.error().message) log(Severity::Error, done.error().message);
    trouble_ = done.error().message;
    return now.steady + kRetry;
  }
  trouble_.clear();
  indexed_ += *done;
  if (*done > 0) return now.steady;  // perhaps more
  if (!next_look_ || now.steady >= *next_look_) close_days(now);
  return next_look_;
}

// A day is closed a while after midnight: the analysis has gone on to the next day's files by then.
void IndexerProcess::close_days(collect::Moment now) {
  next_look_ = now.steady + kLook;
  const auto wait = base::Seconds(config_.internal.get("monitord.day_wait"));
  const store::Day today = store::Day::of(settings().zone.civil(now.wall - wait));
  store::DayCloseOptions options;
  options.home = settings().home;
  options.compress = config_.internal.get("monitord.compress") != 0 ? store::Compress::Yes : store::Compress::No;
  options.keep_going = [this] { return !stopping(); };
  for (const store::Day& day : store::days_to_close(settings().home, today, options.compress)) {
    const auto lines = store::close_day(options, day);
    if (!lines) {
      log(Severity::Error, lines.error().message);
      return;
    }
    for (const std::string& line : *lines) log(Severity::Note, line);
  }
  store::Retention retention;
  retention.most_days = config_.internal.get("index.days");
  retention.most_bytes = static_cast<uint64_t>(config_.internal.get("index.max_mb")) * kMegabyte;
  for (const std::string& gone : store::remove_old_indexes(settings().home, retention, today)) {
    log(Severity::Note, "the index of an old day was removed: " + gone);
  }
}

std::string IndexerProcess::reload() {
  HostConfig next = load_config(settings());
  if (next.diagnostics.has_errors()) return errors_of(next.diagnostics);
  config_ = std::move(next);
  return {};
}

std::string IndexerProcess::status() {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.number("indexed", indexed_);
  json.string_if_any("trouble", trouble_);
  json.close_object();
  return out;
}

}  // namespace gander::live
