// Golden case response-argv: messages through the engine, the Decider, the way between the processes and the Executor,
// down to the words that scripts see; in both modes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "config/config.h"
#include "engine/engine.h"
#include "respond/decider.h"
#include "respond/executor.h"
#include "respond/testing/response_home.h"

namespace gander::respond {
namespace {

using model::Compat;

const std::string kCase = std::string(GANDER_SOURCE_DIR) + "/tests/golden/cases/response-argv/";
constexpr const char* kScripts[] = {"ip.sh", "usr.sh", "both.sh", "none.sh", "file.sh"};

std::vector<std::string> lines_of(const std::string& file) {
  std::istringstream in(base::read_file(kCase + file).value());
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string json_text(const std::string& word) {
  std::string out = "\"";
  for (const char c : word) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// A noted call as the golden file has it, TIME for the time of the id.
std::string as_json(const std::string& call) {
  std::string argv;
  std::istringstream in(call.substr(0, call.find("\t<")));
  for (std::string word; std::getline(in, word, '\t');) {
    if (word.starts_with("1709632800.")) word.replace(0, 10, "TIME");
    argv += (argv.empty() ? "" : ", ") + json_text(word);
  }
  return R"({"argv": [)" + argv + R"(], "stdin": ")" + call.substr(call.find("\t<") + 2) + "\"}";
}

struct Message {
  std::string mode;
  std::string location;
  std::string text;
};

// "1:LOCATION:TEXT"; the text of these messages begins at a date, that of syscheck at its numbers.
Message split(const std::string& message) {
  const size_t end = message.starts_with("8:") ? message.find(':', 2) : message.find(":Mar ");
  return {message.substr(0, 1), message.substr(2, end - 2), message.substr(end + 1)};
}

class ResponseArgv : public ::testing::TestWithParam<Compat> {
 protected:
  void SetUp() override {
    for (const char* const name : kScripts) home_.noting_script(name);
    Diagnostics diagnostics;
    config::LoadOptions load;
    load.compat = GetParam();
    config_ = config::load_config(kCase + "ossec.conf", load, diagnostics);
    engine::RulesetFiles files;
    files.decoders.push_back({"decoder.xml", kCase + "decoder.xml", false, false});
    files.rules.push_back({"rules.xml", kCase + "rules.xml", "rules//rules.xml"});
    engine::RulesetOptions options;
    options.compat = GetParam();
    ruleset_ = engine::Ruleset::load(files, options, diagnostics);
    for (const Diagnostic& d : diagnostics.entries()) {
      if (d.severity == Severity::Error) FAIL() << render(d, Colour::Off);
    }
    engine::EngineOptions engine_options;
    engine_options.compat = GetParam();
    engine_ = std::make_unique<engine::Engine>(ruleset_, engine_options, state_);
    decider_ = std::make_unique<Decider>(config_, GetParam());
    guard_ = std::make_unique<Guard>(host_, AllowList(config_.global, GetParam()));
    ExecutorOptions executor_options;
    executor_options.home = home_.path();
    executor_options.compat = GetParam();
    executor_options.lookup_program.clear();
    executor_ = std::make_unique<Executor>(executor_options, ResponseList::from_config(config_, GetParam()), *guard_,
                                           Notices{});
    ASSERT_TRUE(executor_->open(now_));
  }

  // The wire carries it; what comes out is what went in.
  void ask(const Occasion& occasion) {
    const Decider::Answer& answer = decider_->decide(occasion);
    for (const ResponseRequest& request : answer.requests) {
      const Result<ResponseRequest> received = decode_request(encode(request));
      ASSERT_TRUE(received);
      if (received->target == Target::Here) executor_->submit(*received, now_);
    }
    log_.insert(log_.end(), answer.log.begin(), answer.log.end());
    testing::settle(*executor_, now_);
  }

  std::string next_id() { return "1709632800." + std::to_string(++alerts_); }

  void syslog_message(const Message& message) {
    prepared_.event.reset();
    engine_->prepare(message.text, message.location, now_.wall, worker_, prepared_);
    const engine::Decision& decision = engine_->decide(prepared_);
    if (!decision.fired) return;
    const std::string id = next_id();
    const std::string stable_id = "message" + std::to_string(alerts_);
    ask(occasion_of(decision.rule->info, decision.rule->no_active_response ? RuleAnswers::Never : RuleAnswers::Yes,
                    prepared_.event, id, stable_id));
  }

  // What the integrity database makes of its messages: the first of a file is stored, then it changed, then it is gone.
  void syscheck_message(const Message& message) {
    const std::string file = message.text.substr(message.text.find(' ') + 1);
    const bool deleted = message.text.starts_with("-1 ");
    if (!deleted && known_files_.insert(file).second) return;
    const rules::Rule* const rule = ruleset_->tree().find(deleted ? 553 : 550);
    ASSERT_NE(rule, nullptr);
    model::Event event;
    event.time = now_.wall;
    event.location = message.location;
    event.set(model::Field::Filename, file);
    const std::string id = next_id();
    ask(occasion_of(rule->info, RuleAnswers::Yes, event, id, "message" + std::to_string(alerts_)));
  }

  void take_calls(const std::string& of) {
    for (const std::string& call : home_.new_calls()) got_.push_back(of + "\t" + as_json(call));
  }

  testing::ResponseHome home_;
  testing::FakeHost host_;
  config::Config config_;
  std::shared_ptr<const engine::Ruleset> ruleset_;
  model::MemoryStateStore state_;
  std::unique_ptr<engine::Engine> engine_;
  engine::Worker worker_{GetParam()};
  engine::Prepared prepared_;
  std::unique_ptr<Decider> decider_;
  std::unique_ptr<Guard> guard_;
  std::unique_ptr<Executor> executor_;
  const Moment now_ = testing::at(1709632800);
  uint64_t alerts_ = 0;
  std::set<std::string> known_files_;
  std::vector<std::string> got_;
  std::vector<std::string> log_;
};

TEST_P(ResponseArgv, CallsAndWarnings) {
  size_t number = 0;
  std::string last;
  for (const std::string& line : lines_of("input.messages")) {
    const Message message = split(line.substr(line.find('\t') + 1));
    ++number;
    if (message.mode == "8") {
      syscheck_message(message);
    } else if (message.text != last) {  // an exact repeat is dropped before the rules
      last = message.text;
      syslog_message(message);
    }
    take_calls(std::to_string(number));
  }
  executor_->stop(now_);
  testing::settle(*executor_, now_);
  take_calls("end");
  EXPECT_THAT(got_, ::testing::UnorderedElementsAreArray(
                        lines_of(GetParam() == Compat::Ossec43 ? "expected.calls" : "expected.mended")));
  std::erase_if(log_, [](const std::string& line) { return line.starts_with("gander: "); });
  EXPECT_EQ(log_, lines_of("expected.warnings"));
}

INSTANTIATE_TEST_SUITE_P(Modes, ResponseArgv, ::testing::Values(Compat::Mended, Compat::Ossec43));

}  // namespace
}  // namespace gander::respond
