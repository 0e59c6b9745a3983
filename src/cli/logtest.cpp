// `gander logtest` and `ossec-logtest`: one line in, how it decodes and which rule fires out.

#include <strings.h>
#include <unistd.h>

#include <functional>
#include <iostream>

#include "cli/commands.h"
#include "cli/logtest_printer.h"
#include "cli/session.h"
#include "collect/log_reader.h"
#include "manager/home_state.h"
#include "manager/input_clock.h"
#include "output/alert_writer.h"
#include "output/output_stream.h"

namespace gander::cli {
namespace {

struct Expectation {
  std::string rule;
  std::string level;
  std::string decoder;
};

std::optional<Expectation> parse_expectation(const std::string& text) {
  const size_t first = text.find(':');
  const size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  if (second == std::string::npos) return std::nullopt;
  return Expectation{text.substr(0, first), text.substr(first + 1, second - first - 1), text.substr(second + 1)};
}

class Logtest {
 public:
  Logtest(const LogtestArguments& arguments, Session& session, manager::InputClock& clock)
      : arguments_(arguments),
        session_(session),
        clock_(clock),
        now_(clock.start()),
        worker_(arguments.compat),
        out_(STDOUT_FILENO, "standard output"),
        err_(STDERR_FILENO, "standard error"),
        printer_(err_.buffer(), depth(), [this](std::string_view text) { log(text); }) {}

  int run() {
    if (!report_loading()) return arguments_.door == Door::Ossec || compatible() ? 1 : 2;
    if (arguments_.test_only) return finish(0);
    if (arguments_.unit_test) {
      expected_ = parse_expectation(*arguments_.unit_test);
      if (!expected_) {
        log("ossec-testrule: -U requires the matching format to be \"<rule_id>:<alert_level>:<decoder_name>\"");
        return finish(1);
      }
    }
    log("ossec-testrule: INFO: Started (pid: " + std::to_string(::getpid()) + ").");
    if (!arguments_.alerts_only) err_.buffer().append("ossec-testrule: Type one log per line.\n\n");
    if (!flush()) return write_failure();
    return read_lines();
  }

 private:
  bool compatible() const { return arguments_.compat == model::Compat::Ossec43; }

  TraceDepth depth() const {
    if (arguments_.alerts_only) return TraceDepth::None;
    return arguments_.trace ? TraceDepth::Reasons : arguments_.verbose ? TraceDepth::Rules : TraceDepth::None;
  }

  void log(std::string_view text) { err_.buffer().append(log_line(session_.zone, now_, text)); }

  // Tells what loading had to say: as OSSEC does (its lines up to its first error), or all findings with their places.
  bool report_loading() {
    const bool broken = session_.diagnostics.has_errors();
    if (broken && !compatible()) {
      show_findings(session_.diagnostics, Findings::Errors);
      return false;
    }
    for (const Diagnostic& d : session_.diagnostics.entries()) {
      for (const std::string& line : d.ossec_lines) {
        const bool reading = line.find("INFO: Reading decoder file") != std::string::npos;
        if (!(reading && arguments_.quiet)) log(line);
      }
      if (d.severity == Severity::Error) break;
    }
    if (broken) static_cast<void>(flush());
    return !broken;
  }

  int read_lines() {
    manager::HomeState state(session_.layout.state,
                             [this](const std::string& problem) { log("ossec-testrule: WARN: " + problem); });
    engine::EngineOptions options = session_.engine_options;
    options.ignore = rules::IgnoreBehaviour::TestTool;
    options.state_writes = rules::StoreWrites::No;
    engine::Engine engine(session_.ruleset, options, state);
    engine_ = &engine;
    output::WriterOptions writer_options;
    writer_options.compat = arguments_.compat;
    writer_options.zone = session_.zone;
    writer_ = output::make_alert_writer(output::Format::Text, output::Schema::Ossec, writer_options);

    collect::ReadOptions reader_options;
    reader_options.compat = arguments_.compat;
    Result<collect::LogReader> reader = collect::LogReader::open("-", reader_options);
    if (!reader) return read_failure(reader.error());
    clock_.begin_input(std::nullopt);
    collect::Block block;
    for (;;) {
      const Result<bool> more = reader->next(block);
      if (!more) return read_failure(more.error());
      if (!*more) break;
      for (size_t i = 0; i < block.size(); ++i) {
        now_ = clock_.at(block.number(i), block.line(i));
        if (const std::optional<int> status = one_line(block.line(i))) return finish(*status);
      }
      if (!flush()) return write_failure();
    }
    if (!flush()) return write_failure();
    return status_;
  }

  // An exit status ends the program at once.
  std::optional<int> one_line(std::string_view text) {
    if (!session_.ruleset->has_rules()) {
      log("ossec-testrule: Rules in an inconsistent state. Exiting.");
      return 1;
    }
    filled_.clear();
    worker_.decode.filled = arguments_.alerts_only ? nullptr : &filled_;
    engine_->prepare(text, "stdin", now_, worker_, prepared_);
    model::Event& event = prepared_.event;
    if (!arguments_.alerts_only) {
      const bool listed = session_.ruleset->decoders().has_list_for(event);
      printer_.before_rules(event, filled_,
                            listed ? LogtestPrinter::DecoderList::Present : LogtestPrinter::DecoderList::Empty);
    }
    if (event.decoder && event.decoder->accumulate) printer_.accumulated();
    if (!arguments_.alerts_only && !event.decided_elsewhere) printer_.rule_heading();
    const engine::Decision& decision =
        depth() == TraceDepth::None ? engine_->decide(prepared_) : engine_->decide_traced(prepared_, printer_);
    for (const std::string& note : event.notes) log(note);
    event.notes.clear();
    if (arguments_.alerts_only) {
      if (decision.alert) writer_->alert(out_.buffer(), decision.alert_data);
    } else {
      printer_.after_rules(decision);
    }
    if (!commit()) return write_failure();
    return expected_ ? compare(decision) : std::nullopt;
  }

  std::optional<int> compare(const engine::Decision& decision) {
    const model::DecoderInfo* const decoder = prepared_.event.decoder;
    std::string& err = err_.buffer();
    if (!decoder) {
      err.append("decoder matched : 'NULL'\n");
      status_ = 3;
      return std::nullopt;
    }
    err.append("lf->decoder_info->name: '" + decoder->name + "'\nut_decoder_name       : '" + expected_->decoder +
               "'\n");
    if (::strcasecmp(decoder->name.c_str(), expected_->decoder.c_str()) != 0) {
      err.append("decoder matched : '" + decoder->name + "'\ndecoder expected: '" + expected_->decoder + "'\n");
      status_ = 3;
      return std::nullopt;
    }
    if (!decision.rule) {
      err.append("ossec-testrule: No rule matched for decoder '" + decoder->name +
                 "'. Verify that rules exist for this decoder and check if rules have required dependencies (if_sid, "
                 "if_matched_sid, if_matched_group, etc.).\n");
      return 255;
    }
    if (std::to_string(decision.rule->info.id) != expected_->rule)
      status_ = 2;
    else if (std::to_string(decision.rule->info.level) != expected_->level)
      status_ = 1;
    else {
      status_ = 0;
      out_.buffer().append("0\n");
    }
    return std::nullopt;
  }

  bool commit() { return out_.commit().has_value() && err_.commit().has_value(); }

  bool flush() {
    const Result<void> out = out_.flush();
    const Result<void> err = err_.flush();
    if (!out)
      failure_ = out.error();
    else if (!err)
      failure_ = err.error();
    return out.has_value() && err.has_value();
  }

  int finish(int status) { return flush() ? status : write_failure(); }

  int write_failure() {
    static_cast<void>(flush());
    // A reader that has seen enough is no error.
    if (failure_ && failure_->code == "A001") return 0;
    std::cerr << "gander: " << (failure_ ? failure_->message : "writing failed") << "\n";
    return 2;
  }

  int read_failure(const Error& error) {
    static_cast<void>(flush());
    std::cerr << "gander: " << error.message << "\n";
    return 2;
  }

  const LogtestArguments& arguments_;
  Session& session_;
  manager::InputClock& clock_;
  base::Instant now_;
  engine::Worker worker_;
  output::OutputStream out_;
  output::OutputStream err_;
  LogtestPrinter printer_;
  std::unique_ptr<output::AlertWriter> writer_;
  engine::Engine* engine_ = nullptr;
  engine::Prepared prepared_;
  std::vector<decode::FilledField> filled_;
  std::optional<Expectation> expected_;
  std::optional<Error> failure_;
  int status_ = 0;
};

}  // namespace

int run(const LogtestArguments& arguments) {
  Result<Session> session = open_session(arguments, arguments.zone, arguments.hostname, config::Scope::Analysis);
  if (!session) {
    std::cerr << "gander: " << session.error().message << "\n";
    return arguments.door == Door::Ossec ? 1 : 2;
  }
  Result<manager::InputClock> clock =
      manager::InputClock::parse(arguments.clock.empty() ? "wall" : arguments.clock, {session->zone, arguments.year});
  if (!clock) {
    std::cerr << "gander: " << clock.error().message << "\n";
    return 2;
  }
  return Logtest(arguments, *session, *clock).run();
}

}  // namespace gander::cli
