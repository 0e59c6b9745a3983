#include "live/scan_loop.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "base/file.h"
#include "base/priority.h"
#include "base/utf8.h"
#include "live/scan_loop_parts.h"

namespace gander::live {
namespace {

constexpr std::chrono::seconds kLook{2};  // for the file that asks for a scan
constexpr std::chrono::minutes kAgain{1};
constexpr size_t kMostSent = 8;  // deliveries on their way to the analysis

base::Instant wall_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

bool is_timed(const config::Syscheck& s) {
  return s.scan_time.has_value() || s.scan_days != 0;
}

}  // namespace

Result<void> OutboxSink::deliver(std::span<const integrity::Change> changes) {
  std::vector<ScanLine> lines;
  for (const integrity::Change& change : changes) {
    lines.push_back(
        {'8', integrity::message_body(change, compat_, origin_), change.actor ? change.actor->json() : std::string()});
  }
  if (lines.empty()) return {};
  const size_t count = lines.size();
  sent_.push_back({outbox_.put("integrity", std::move(lines)), count});
  return sent_.size() > kMostSent ? wait_for_oldest() : Result<void>();
}

Result<void> OutboxSink::settle() {
  while (!sent_.empty()) {
    if (const auto kept = wait_for_oldest(); !kept) return kept;
  }
  return {};
}

Result<void> OutboxSink::wait_for_oldest() {
  const Sent oldest = sent_.front();
  sent_.pop_front();
  if (!outbox_.wait_kept(oldest.ticket, stop_)) {
    sent_.clear();
    return fail("I023", "the scanner was stopped before the analysis had kept what changed");
  }
  report_.change([&](ScanStatus& s) { s.changes += oldest.lines; });
  return {};
}

ScanLoop::ScanLoop(ScanSetup setup, ScanOutbox& outbox, integrity::ContentSource& prefilter,
                   const std::atomic<bool>& stop)
    : setup_(std::move(setup)),
      outbox_(outbox),
      prefilter_(prefilter),
      stop_(stop),
      report_([&outbox] { outbox.ring(); }),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

ScanLoop::~ScanLoop() = default;

void ScanLoop::wake() const {
  const uint64_t one = 1;
  static_cast<void>(::write(wake_.get(), &one, sizeof one));
}

void ScanLoop::send(char queue, std::string text) {
  std::vector<ScanLine> lines;
  lines.push_back({queue, std::move(text)});
  outbox_.put(queue == '8' ? "integrity" : "rootcheck", std::move(lines));
}

void ScanLoop::run() {
  base::give_way();
  root_end_ = wall_now();
  root_pending_ = checks_roots() && setup_.syscheck.scan_on_start;
  report_.change([](ScanStatus& s) { s.doing = "waiting"; });
  // As OSSEC's scanner says it when it watches no files.
  if (!watches_files() && checks_roots()) send('8', std::string(integrity::kScanCompleted));
  while (!stop_) {
    work();
    if (!stop_) wait(until_next());
  }
}

// One round: what is due, then what the kernel has told.
void ScanLoop::work() {
  if (watches_files() && !files_ && (!try_again_ || Clock::now() >= *try_again_)) {
    if (!open_files()) try_again_ = Clock::now() + kAgain;
  }
  const bool asked = asked_to_run();
  const bool scan_due = files_ && (asked || files_->schedule.due(wall_now()));
  const bool roots_due = checks_roots() && (asked || root_due() || (scan_due && is_timed(setup_.syscheck) && !first_));
  // The first root check follows the first scan, later ones go before.
  if (first_ && scan_due) {
    scan();
    first_ = false;
    if (root_pending_ || asked) root_checks();
  } else {
    if (roots_due || (root_pending_ && !files_)) root_checks();
    if (scan_due) scan();
  }
  if (files_ && std::exchange(files_->find_again, false)) find_again();
  changes();
}

bool ScanLoop::asked_to_run() const {
  return ::unlink(base::join(setup_.settings.home, "var/run/.syscheck_run").c_str()) == 0;
}

bool ScanLoop::root_due() const {
  constexpr base::Seconds kWeek{604800};
  const base::Seconds pause = is_timed(setup_.syscheck) ? kWeek : base::Seconds(setup_.rootcheck.frequency);
  const base::Instant now = wall_now();
  return !root_pending_ && now - root_end_ > pause;
}

bool ScanLoop::open_files() {
  std::vector<std::string> notes;
  const std::string queue = base::join(setup_.settings.home, "queue");
  Result<integrity::Baseline> baseline = integrity::Baseline::open_fresh(queue, notes);
  for (const std::string& note : notes) report_.log(Severity::Warning, note);
  const std::string trouble = baseline ? std::string() : baseline.error().message;
  if (!baseline && report_.status().trouble != trouble) report_.log(Severity::Error, trouble);
  report_.change([&](ScanStatus& s) { s.trouble = trouble; });
  if (!baseline) return false;
  Diagnostics findings;
  integrity::WatchPlan plan = integrity::WatchPlan::make(setup_.syscheck, setup_.settings.compat, findings);
  for (const Diagnostic& d : findings.entries()) report_.log(d.severity, render(d, Colour::Off));
  const Result<std::optional<std::string>> complete = baseline->meta("complete");
  files_ = std::make_unique<Files>(setup_, std::move(plan), std::move(*baseline), outbox_, report_, prefilter_, stop_);
  // Without a scan at the start, what changed while nobody watched is looked for where changes are told at once.
  files_->find_again = complete && *complete && !setup_.syscheck.scan_on_start;
  files_->prepare([this] { return changes_due(); }, [this] { changes(); });
  open_watch();
  return true;
}

void ScanLoop::open_watch() {
  const auto& roots = files_->plan.roots();
  const bool wanted = std::any_of(roots.begin(), roots.end(), [](const integrity::WatchRoot& r) {
    return (r.checks & config::WatchedPaths::Realtime) != 0;
  });
  if (!wanted) return;
  integrity::Watch::Options options;
  options.group = setup_.group.release();
  Result<integrity::Watch> watch = integrity::Watch::open(files_->plan, options);
  if (!watch) {
    report_.log(Severity::Error, watch.error().message);
    report_.change([&](ScanStatus& s) { s.no_watch = watch.error().message; });
    return;
  }
  files_->watch.emplace(std::move(*watch));
  const std::string means = files_->watch->means();
  std::string why;
  for (const std::string& note : files_->watch->take_notes()) why = note;
  if (means != "fanotify" && !setup_.group_trouble.empty()) why = setup_.group_trouble;
  report_.log(Severity::Note, fmt::format("files are watched by {}{}", means, why.empty() ? "" : " (" + why + ")"));
  report_.change([&](ScanStatus& s) {
    s.watch = means;
    s.no_watch = why;
  });
}

void ScanLoop::scan() {
  report_.change([](ScanStatus& s) { s.doing = "scanning"; });
  send('9', "Starting syscheck scan.");
  const Result<integrity::ScanSummary> done = files_->scanner.scan();
  report_.change([](ScanStatus& s) { s.doing = "waiting"; });
  if (!done || !done->whole) {
    if (stop_) return;
    report_.log(Severity::Error, done ? "the scan did not end" : done.error().message);
    files_.reset();  // and again from the start, later
    try_again_ = Clock::now() + kAgain;
    return;
  }
  send('9', "Ending syscheck scan.");
  send('8', std::string(integrity::kScanCompleted));
  files_->schedule.done(wall_now());
  for (const std::string& note : done->notes) report_.log(Severity::Warning, base::printable(note));
  report_.change([&](ScanStatus& s) {
    s.last_scan = base::unix_seconds(wall_now());
    s.files = done->files;
  });
}

void ScanLoop::find_again() {
  std::vector<integrity::Scanner::Dirty> trees;
  for (const integrity::WatchRoot& root : files_->plan.roots()) {
    if ((root.checks & config::WatchedPaths::Realtime) == 0) continue;
    trees.push_back({root.path, integrity::Scanner::Dirty::Reach::Tree, std::nullopt});
  }
  if (trees.empty()) return;
  if (const auto done = files_->live.check(trees); !done && !stop_) {
    report_.log(Severity::Error, done.error().message);
  }
}

bool ScanLoop::changes_due() {
  if (!files_->watch || stop_) return false;
  files_->watch->read(Clock::now());
  const auto next = files_->watch->next();
  return !files_->failed.empty() || (next && *next <= Clock::now());
}

// What the kernel has told, as far as it has come to rest.
void ScanLoop::changes() {
  if (!files_ || !files_->watch || stop_) return;
  integrity::Watch& watch = *files_->watch;
  watch.read(Clock::now());
  std::vector<integrity::Scanner::Dirty> dirty = watch.take(Clock::now());
  for (const std::string& note : watch.take_notes()) report_.log(Severity::Warning, base::printable(note));
  report_.change([&](ScanStatus& s) { s.overflows = watch.overflows(); });
  // What could not be told before comes first.
  dirty.insert(dirty.begin(), files_->failed.begin(), files_->failed.end());
  files_->failed.clear();
  if (dirty.empty()) return;
  const Result<integrity::ScanSummary> done = files_->live.check(dirty);
  if (done || stop_) return;
  report_.log(Severity::Error, done.error().message);
  files_->failed = std::move(dirty);
}

ScanLoop::Clock::duration ScanLoop::until_next() const {
  Clock::duration most = kLook;
  if (files_ && files_->watch) {
    if (const auto next = files_->watch->next()) most = std::clamp<Clock::duration>(*next - Clock::now(), {}, most);
  }
  return most;
}

void ScanLoop::wait(Clock::duration most) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(most);
  pollfd fds[] = {{wake_.get(), POLLIN, 0}, {files_ && files_->watch ? files_->watch->descriptor() : -1, POLLIN, 0}};
  ::poll(fds, 2, static_cast<int>(left.count()));
}

}  // namespace gander::live
