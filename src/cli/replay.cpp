// `gander replay`: old logs to alerts, or straight to a report.

#include "manager/replay.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <thread>

#include "cli/alert_record.h"
#include "cli/commands.h"
#include "cli/progress.h"
#include "cli/session.h"
#include "manager/home_state.h"
#include "output/alert_writer.h"
#include "output/output_stream.h"
#include "report/report.h"

namespace gander::cli {
namespace {

constexpr const char* kReaderGone = "A001";

size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

int threads_of(const ReplayArguments& arguments) {
  return arguments.threads > 0 ? arguments.threads : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

class ReplayRun {
 public:
  ReplayRun(const ReplayArguments& arguments, Session& session, manager::InputClock& clock)
      : arguments_(arguments),
        session_(session),
        clock_(clock),
        out_(STDOUT_FILENO, "standard output"),
        progress_(!arguments.quiet && ::isatty(STDERR_FILENO) != 0 && !out_.is_terminal() ? Progress::Shown::Yes
                                                                                          : Progress::Shown::No),
        record_(session.zone) {
    report::ReportOptions options;
    options.compat = arguments.compat;
    report_.emplace(options);
    writer_ = output::make_alert_writer(format(), *output::schema_from(arguments.schema), writer_options());
  }

  int run() {
    const auto started = std::chrono::steady_clock::now();
    model::MemoryStateStore memory;
    manager::HomeState home(session_.layout.state, [this](const std::string& text) { say(text); });
    model::StateStore& state = arguments_.keep_state ? static_cast<model::StateStore&>(home) : memory;
    engine::EngineOptions options = session_.engine_options;
    // The compatible mode gives what the test tool gives for the same lines.
    options.ignore =
        arguments_.compat == model::Compat::Ossec43 ? rules::IgnoreBehaviour::TestTool : rules::IgnoreBehaviour::Daemon;
    options.state_writes = arguments_.keep_state ? rules::StoreWrites::Yes : rules::StoreWrites::No;
    engine::Engine engine(session_.ruleset, options, state);
    manager::Replay replay(engine, clock_, replay_options(), sinks());
    if (!arguments_.report) writer_->begin(out_.buffer());
    const Result<manager::ReplaySummary> summary = replay.run(arguments_.files);
    progress_.clear();
    if (!summary) return write_failure(summary.error());
    if (!arguments_.report)
      writer_->end(out_.buffer());
    else
      write_report();
    if (const Result<void> flushed = out_.flush(); !flushed) return write_failure(flushed.error());
    if (!arguments_.quiet) tell(*summary, std::chrono::steady_clock::now() - started);
    return summary->inputs_failed == 0 ? 0 : 1;
  }

 private:
  output::Format format() const {
    if (const auto named = output::format_from(arguments_.output)) return *named;
    return ::isatty(STDOUT_FILENO) != 0 ? output::Format::Line : output::Format::Text;
  }

  output::WriterOptions writer_options() const {
    output::WriterOptions options;
    options.compat = arguments_.compat;
    options.zone = session_.zone;
    options.colour = colour_for(STDOUT_FILENO);
    options.width = terminal_width();
    return options;
  }

  manager::ReplayOptions replay_options() const {
    manager::ReplayOptions options;
    options.compat = arguments_.compat;
    options.threads = threads_of(arguments_);
    options.location = arguments_.location;
    // Byte for byte what `cat FILE | ossec-logtest -a` prints.
    if (options.location.empty() && arguments_.compat == model::Compat::Ossec43) options.location = "stdin";
    return options;
  }

  manager::ReplaySinks sinks() {
    manager::ReplaySinks sinks;
    sinks.alert = [this](const model::Alert& alert) -> Result<void> {
      if (arguments_.report) {
        report_->add(record_.of(alert));
        return {};
      }
      writer_->alert(out_.buffer(), alert);
      return out_.commit();
    };
    sinks.note = [this](base::Instant at, const std::string& text) { std::cerr << log_line(session_.zone, at, text); };
    sinks.problem = [this](const Error& error) { say(error.message); };
    sinks.progress = [this](uint64_t done, uint64_t total) { progress_.update(done, total); };
    return sinks;
  }

  void say(const std::string& text) {
    progress_.clear();
    std::cerr << "gander: " << text << "\n";
  }

  void write_report() {
    const auto take = [this](std::string_view bytes) { out_.buffer().append(bytes); };
    if (arguments_.output == "json")
      render_json(*report_, take);
    else if (arguments_.output == "html")
      render_html(*report_, take);
    else
      render_text(*report_, take);
  }

  int write_failure(const Error& error) {
    if (error.code == kReaderGone) return 0;  // whoever read has seen enough
    say(error.message);
    return 2;
  }

  void tell(const manager::ReplaySummary& s, std::chrono::steady_clock::duration took) const {
    const double seconds = std::chrono::duration<double>(took).count();
    std::string text =
        fmt::format("gander: {} lines ({:.1f} MiB), {} decoded, {} alerts, {:.2f} s ({:.0f} lines/s)\n", s.input.lines,
                    static_cast<double>(s.input.bytes) / 1048576.0, s.engine.decoded, s.engine.alerts, seconds,
                    seconds > 0 ? static_cast<double>(s.input.lines) / seconds : 0);
    const auto also = [&](uint64_t count, const char* what) {
      if (count > 0) text += fmt::format("gander: {} {}\n", count, what);
    };
    also(s.input.skipped, "lines shorter than two bytes were skipped");
    also(s.input.truncated, "lines were cut at the longest length");
    also(s.without_time, "lines carry no time; they have that of the line before");
    also(s.backward_steps, "lines step back in time");
    also(s.engine.limit_hits, "searches ran into the match limit and count as no match");
    also(s.engine.evicted, "remembered events left early because of the cap");
    std::cerr << text;
  }

  const ReplayArguments& arguments_;
  Session& session_;
  manager::InputClock& clock_;
  output::OutputStream out_;
  Progress progress_;
  AlertRecord record_;
  std::optional<report::Report> report_;
  std::unique_ptr<output::AlertWriter> writer_;
};

}  // namespace

int run(const ReplayArguments& arguments) {
  const bool report_form = arguments.output == "html";
  const bool alert_form = arguments.output == "ndjson" || arguments.output == "csv";
  if (arguments.report ? alert_form : report_form) {
    std::cerr << "gander: -o " << arguments.output
              << (arguments.report ? " is no form of a report: text, json, html\n"
                                   : " is a form of a report: add --report\n");
    return 2;
  }
  // An old log must not make this host ask its attackers' name servers.
  RulesetArguments ruleset = arguments;
  const bool ask = arguments.resolve || arguments.compat == model::Compat::Ossec43;
  ruleset.load_threads = threads_of(arguments);
  ruleset.names = ask ? NameLookups::Ask : NameLookups::Never;
  Result<Session> session = open_session(ruleset, arguments.zone, arguments.hostname, config::Scope::Analysis);
  if (!session) {
    std::cerr << "gander: " << session.error().message << "\n";
    return 2;
  }
  show_findings(session->diagnostics, Findings::Errors);
  if (!session->ruleset) return 2;
  if (!session->ruleset->has_rules()) {
    std::cerr << "gander: the configuration names no rules\n";
    return 2;
  }
  Result<manager::InputClock> clock =
      manager::InputClock::parse(arguments.clock.empty() ? "event" : arguments.clock, {session->zone, arguments.year});
  if (!clock) {
    std::cerr << "gander: " << clock.error().message << "\n";
    return 2;
  }
  // Never taken apart: the process ends behind it, and thousands of rules cost milliseconds to free.
  static Session* const kept = new Session(std::move(*session));
  return ReplayRun(arguments, *kept, *clock).run();
}

}  // namespace gander::cli
