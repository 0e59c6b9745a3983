#include "collect/command_runner.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

#include "collect/child_process.h"
#include "collect/command_output.h"
#include "collect/outlet.h"
#include "collect/place.h"

namespace gander::collect {

namespace {

constexpr uint64_t kVersion = 1;
constexpr size_t kMostRuns = 16;  // beside each other
constexpr size_t kPiece = size_t{64} * 1024;
constexpr size_t kMostErrorText = 4096;  // of one run, at debug level
// A child that keeps the output open after the shell's end.
constexpr Steady kGrace = std::chrono::seconds(5);
constexpr Steady kAsk = std::chrono::milliseconds(100);

struct Run {
  Run(CommandOutput::Kind kind, const std::string& name, const CommandOptions& o)
      : output(kind, name, o.compat, o.longest_record) {}

  ChildProcess child;
  CommandOutput output;
  std::string origin;
  base::Instant started{};
  Steady deadline{};
  std::optional<Steady> ended;  // the shell
  bool timed_out = false;
  bool cut_off = false;  // printed too much
  bool listening = false;
  size_t error_text = 0;
};

struct Job {
  config::Localfile block;
  std::string id;
  std::string name;
  bool full = false;
  bool configured = true;
  base::Instant last{};    // start of the last run, or when it was first seen
  base::Instant before{};  // the same while a run goes on: of the one before
  bool known = false;
  Steady next{};
  std::unique_ptr<Run> run;
  std::string trouble;
  Counts counts;
  Counts batch;
  uint64_t runs = 0;
  uint64_t failed = 0;

  Steady frequency() const { return std::chrono::seconds(std::max(block.frequency, 1)); }
};

bool is_command(const config::Localfile& block) {
  return (block.log_format == "command" || block.log_format == "full_command") && !block.command.empty();
}

}  // namespace

struct CommandRunner::Impl {
  Impl(CommandOptions o, const std::vector<KeptPlace>& kept)
      : options(o), outlet(o.window_bytes), places(kept), epoll(::epoll_create1(EPOLL_CLOEXEC)) {}
  ~Impl() {
    jobs.clear();
    if (epoll >= 0) ::close(epoll);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void configure();
  void add(const config::Localfile& block);
  void recall(Job& job);
  void start(Job& job);
  void serve(Job& job);
  void read_output(Job& job);
  void read_errors(Job& job);
  void finish(Job& job);
  void send(Job& job, std::string_view origin);
  void listen(Run& run, bool on) const;
  Steady timeout(const Job& job) const;
  size_t running() const;

  CommandOptions options;
  Outlet outlet;
  std::vector<KeptPlace> places;
  int epoll;
  std::vector<config::Localfile> blocks;
  bool reconfigure = true;
  std::vector<std::unique_ptr<Job>> jobs;
  Moment now;
  std::optional<Steady> waited_from;  // the window was full at the last step
  CutList cuts;
  std::vector<Record> records;
};

void CommandRunner::Impl::configure() {
  reconfigure = false;
  for (auto& job : jobs) job->configured = false;
  for (const config::Localfile& block : blocks) {
    if (is_command(block)) add(block);
  }
  std::erase_if(jobs, [](const auto& job) { return !job->configured; });
}

void CommandRunner::Impl::add(const config::Localfile& block) {
  const std::string base = block.log_format + ":" + (block.alias.empty() ? block.command : block.alias);
  std::string id = base;
  const auto with_id = [&] {
    return std::find_if(jobs.begin(), jobs.end(), [&](const auto& j) { return j->id == id; });
  };
  for (int copy = 2; with_id() != jobs.end() && (*with_id())->configured; ++copy)
    id = base + "#" + std::to_string(copy);
  if (const auto old = with_id(); old != jobs.end()) {
    Job& job = **old;
    job.configured = true;
    if (job.block.command == block.command && job.block.frequency == block.frequency &&
        job.block.timeout == block.timeout)
      return;
    job.block = block;
    job.run.reset();
    job.next = std::min(job.next, now.steady + job.frequency());
    return;
  }
  auto job = std::make_unique<Job>();
  job->block = block;
  job->id = id;
  job->name = command_name(block.alias, block.command);
  job->full = block.log_format == "full_command";
  recall(*job);
  outlet.say(NoticeLevel::Info,
             log_line(0, "INFO",
                      std::string(job->full ? "Monitoring full output of command(" : "Monitoring output of command(") +
                          std::to_string(block.frequency) + "): " + block.command));
  if (!job->known) send(*job, {});
  jobs.push_back(std::move(job));
}

// When it ran last; a clock that jumped must not put off or repeat runs.
void CommandRunner::Impl::recall(Job& job) {
  job.last = now.wall;
  job.next = now.steady + job.frequency();
  const auto kept = std::find_if(places.begin(), places.end(), [&](const KeptPlace& p) { return p.source == job.id; });
  if (kept == places.end()) return;
  PlaceReader r(kept->place);
  const uint64_t version = r.number();
  const uint64_t last = r.number();
  places.erase(kept);
  if (version != kVersion || !r.ended_well() || last > INT64_MAX) return;
  job.known = true;
  job.last = base::Instant(std::chrono::microseconds(static_cast<int64_t>(last)));
  const Steady due = job.last - now.wall + job.frequency();
  job.next = now.steady + std::clamp(due, Steady{}, job.frequency());
}

Steady CommandRunner::Impl::timeout(const Job& job) const {
  if (job.block.timeout > 0) return std::chrono::seconds(job.block.timeout);
  return std::min<Steady>(options.timeout, job.frequency());
}

size_t CommandRunner::Impl::running() const {
  return static_cast<size_t>(std::count_if(jobs.begin(), jobs.end(), [](const auto& j) { return j->run != nullptr; }));
}

void CommandRunner::Impl::start(Job& job) {
  job.before = std::exchange(job.last, now.wall);
  job.next = now.steady + job.frequency();
  auto run =
      std::make_unique<Run>(job.full ? CommandOutput::Kind::Full : CommandOutput::Kind::Lines, job.name, options);
  run->started = now.wall;
  run->origin = std::to_string(now.wall.time_since_epoch().count());
  run->deadline = now.steady + timeout(job);
  if (const int error = run->child.start(job.block.command); error != 0) {
    ++job.failed;
    job.trouble = std::generic_category().message(error);
    outlet.say(NoticeLevel::Error, log_line(0, "ERROR", "Unable to execute command: '" + job.block.command + "'."));
    return;
  }
  job.run = std::move(run);
  listen(*job.run, true);
}

void CommandRunner::Impl::listen(Run& run, bool on) const {
  if (std::exchange(run.listening, on) == on) return;
  for (const int descriptor : {run.child.output(), run.child.errors(), run.child.exit_descriptor()}) {
    if (descriptor < 0) continue;
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    ::epoll_ctl(epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, descriptor, &event);
  }
}

void CommandRunner::Impl::serve(Job& job) {
  Run& run = *job.run;
  if (!outlet.has_room()) return listen(run, false);
  listen(run, true);
  read_output(job);
  read_errors(job);
  if (!run.ended && run.child.ended()) {
    run.ended = now.steady;
    // It is readable for ever now.
    if (run.child.exit_descriptor() >= 0) ::epoll_ctl(epoll, EPOLL_CTL_DEL, run.child.exit_descriptor(), nullptr);
  }
  const bool silent = run.child.output() < 0;
  if (run.ended && (silent || now.steady - *run.ended >= kGrace)) return finish(job);
  if (run.cut_off) return finish(job);
  if (now.steady < run.deadline) return;
  run.timed_out = !run.ended;
  finish(job);
}

void CommandRunner::Impl::read_output(Job& job) {
  Run& run = *job.run;
  char room[kPiece];
  for (int piece = 0; piece < 8; ++piece) {
    const ssize_t got = run.child.read_output(room);
    if (got <= 0) break;
    run.output.add({room, static_cast<size_t>(got)}, cuts);
    if (run.output.is_full() || (!job.full && run.output.bytes() >= options.most_output)) {
      run.cut_off = true;
      break;
    }
  }
  if (!cuts.records.empty()) send(job, run.origin);
}

void CommandRunner::Impl::read_errors(Job& job) {
  Run& run = *job.run;
  char room[kPiece];
  for (int piece = 0; piece < 8; ++piece) {
    const ssize_t got = run.child.read_errors(room);
    if (got <= 0) return;
    const size_t told = std::min(static_cast<size_t>(got), kMostErrorText - run.error_text);
    run.error_text += told;
    std::string_view text(room, told);
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      text.remove_prefix(std::min(line.size() + 1, text.size()));
      outlet.say(NoticeLevel::Debug, log_line(0, "DEBUG", "'" + job.name + "': " + std::string(line)));
    }
  }
}

void CommandRunner::Impl::finish(Job& job) {
  const std::unique_ptr<Run> run = std::move(job.run);
  if (run->listening) listen(*run, false);
  const ChildProcess::Exit exit = run->child.reap();
  // A shell that we killed in its grace ended well before.
  const bool killed = run->timed_out || (exit.by_signal && !run->cut_off);
  const auto how = killed ? CommandOutput::Ended::Killed : CommandOutput::Ended::Well;
  run->output.end(how, cuts);
  if (run->cut_off && options.compat == model::Compat::Mended) ++job.batch.truncated;
  job.batch.bytes += run->output.bytes();
  job.batch.lines += run->output.lines();
  job.known = true;
  ++job.runs;
  job.trouble.clear();
  if (run->timed_out) {
    job.trouble = "did not end within " +
                  std::to_string(std::chrono::duration_cast<std::chrono::seconds>(timeout(job)).count()) + " s";
  } else if (killed) {
    job.trouble = "ended by signal " + std::to_string(exit.code);
  } else if (run->cut_off) {
    job.trouble = "printed more than is read and was ended";
  }
  if (killed) ++job.failed;
  if (!job.trouble.empty())
    outlet.say(NoticeLevel::Warning, log_line(0, "WARN", "Command '" + job.block.command + "' " + job.trouble + "."));
  send(job, run->origin);
}

// The place names the last run that is over: one that was cut short by a restart runs again.
void CommandRunner::Impl::send(Job& job, std::string_view origin) {
  records.clear();
  for (const CutList::Cut& cut : cuts.records) records.push_back({'1', job.name, cut.text, cut.at});
  job.batch.records += records.size();
  job.batch.truncated += cuts.truncated;
  PlaceWriter w;
  w.number(kVersion);
  const base::Instant last = job.run ? job.before : job.last;
  w.number(static_cast<uint64_t>(std::max<int64_t>(last.time_since_epoch().count(), 0)));
  const std::string bytes = w.take();
  Batch batch;
  batch.source = job.id;
  batch.origin = origin;
  batch.records = records;
  batch.place = bytes;
  batch.counts = std::exchange(job.batch, {});
  job.counts += batch.counts;
  outlet.send(batch);
  cuts.clear();
}

CommandRunner::CommandRunner(const std::vector<config::Localfile>& localfiles, CommandOptions options,
                             const std::vector<KeptPlace>& kept)
    : impl_(std::make_unique<Impl>(options, kept)) {
  impl_->blocks = localfiles;
}
CommandRunner::~CommandRunner() = default;
CommandRunner::CommandRunner(CommandRunner&&) noexcept = default;
CommandRunner& CommandRunner::operator=(CommandRunner&&) noexcept = default;

int CommandRunner::poll_fd() const {
  return impl_->epoll;
}

Steady CommandRunner::next_deadline(Moment now) const {
  const Impl& i = *impl_;
  if (!i.outlet.has_room()) return now.steady + std::chrono::seconds(1);
  if (i.reconfigure) return now.steady;
  Steady next = now.steady + std::chrono::seconds(60);
  const bool crowded = i.running() >= kMostRuns;
  for (const auto& job : i.jobs) {
    if (!job->run) {
      if (!crowded) next = std::min(next, job->next);
      continue;
    }
    next = std::min(next, job->run->deadline);
    if (job->run->ended) next = std::min(next, *job->run->ended + kGrace);
    if (!job->run->listening) next = now.steady;
    if (job->run->child.exit_descriptor() < 0) next = std::min(next, now.steady + kAsk);
  }
  return std::max(next, now.steady);
}

void CommandRunner::step(Moment now, Sink& sink) {
  Impl& i = *impl_;
  i.now = now;
  i.outlet.open(sink);
  if (i.reconfigure && i.outlet.has_room()) i.configure();
  // What waits for us is not late.
  if (i.waited_from) {
    for (const auto& job : i.jobs) {
      if (job->run) job->run->deadline += std::max(Steady{}, now.steady - *i.waited_from);
    }
  }
  for (const auto& job : i.jobs) {
    if (job->run) i.serve(*job);
  }
  for (const auto& job : i.jobs) {
    if (job->run || now.steady < job->next || !i.outlet.has_room() || i.running() >= kMostRuns) continue;
    i.start(*job);
  }
  i.waited_from = i.outlet.has_room() ? std::nullopt : std::optional(now.steady);
  i.outlet.close();
}

void CommandRunner::acknowledge(uint64_t number) {
  impl_->outlet.acknowledge(number);
}
size_t CommandRunner::unacknowledged_bytes() const {
  return impl_->outlet.unacknowledged();
}

void CommandRunner::reload(const std::vector<config::Localfile>& localfiles) {
  impl_->blocks = localfiles;
  impl_->reconfigure = true;
}

std::vector<SourceStatus> CommandRunner::status() const {
  std::vector<SourceStatus> all;
  for (const auto& job : impl_->jobs) {
    SourceStatus s;
    s.source = job->id;
    s.name = job->block.alias.empty() ? job->block.command : job->block.alias;
    s.trouble = job->trouble;
    s.counts = job->counts;
    s.running = job->run != nullptr;
    s.runs = job->runs;
    s.failed_runs = job->failed;
    all.push_back(std::move(s));
  }
  return all;
}

}  // namespace gander::collect
