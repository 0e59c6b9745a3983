// Where the time of a replay goes: each stage of the engine runs over the same block of lines and is timed apart.
//
// usage: gander_replay_stages HOME compat|mended FILE
// Prints one line a stage: name, nanoseconds an event. One thread, clock frozen, alerts formatted but not written.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "cli/session.h"
#include "collect/log_reader.h"
#include "decode/header.h"
#include "engine/engine.h"
#include "model/state_store.h"
#include "output/alert_writer.h"

namespace {

using namespace gander;
using Clock = std::chrono::steady_clock;

class Stages {
 public:
  template <class Work>
  void time(const char* name, const Work& work) {
    const auto begin = Clock::now();
    work();
    spent_[name] += Clock::now() - begin;
  }
  void print(uint64_t events) const {
    const auto of = [&](const char* name) { return std::chrono::duration<double, std::nano>(spent_.at(name)).count(); };
    const auto tell = [&](const char* name, double ns) {
      std::printf("%s %.1f\n", name, std::max(ns, 0.0) / static_cast<double>(events));
    };
    tell("read", of("read"));
    tell("split", of("lines") - of("read"));
    for (const char* name : {"header", "decode", "scan"}) tell(name, of(name));
    tell("tree", of("match") - of("scan"));
    tell("correlate", of("correlate"));
    tell("format", of("format"));
  }

 private:
  std::map<std::string, Clock::duration> spent_;
};

int run(const cli::Session& session, model::Compat compat, const std::string& path) {
  model::MemoryStateStore state;
  engine::Engine engine(session.ruleset, session.engine_options, state);
  engine::Worker worker(compat);
  const engine::Ruleset& ruleset = *session.ruleset;
  output::WriterOptions options;
  options.compat = compat;
  const auto writer = output::make_alert_writer(output::Format::Text, output::Schema::Ossec, options);
  collect::ReadOptions read_options;
  read_options.compat = compat;
  read_options.block_bytes = 64 * 1024;
  Stages stages;
  Result<collect::InputFile> file = collect::InputFile::open(path);
  if (!file) return std::cerr << file.error().message << "\n", 2;
  std::vector<char> room(read_options.block_bytes);
  stages.time("read", [&] {
    while (file->read(room).value_or(0) > 0) {
    }
  });
  Result<collect::LogReader> reader = collect::LogReader::open(path, read_options);
  if (!reader) return std::cerr << reader.error().message << "\n", 2;

  collect::Block block;
  std::vector<engine::Prepared> prepared;
  std::string out;
  uint64_t events = 0;
  const base::Instant now = base::from_unix(1768478400);
  for (;;) {
    bool more = false;
    stages.time("lines", [&] { more = reader->next(block).value_or(false); });
    if (!more) break;
    if (prepared.size() < block.size()) prepared.resize(block.size());
    stages.time("header", [&] {
      for (size_t i = 0; i < block.size(); ++i) {
        prepared[i].event.reset();
        prepared[i].event.time = now;
        decode::read_header(block.line(i), "stdin", "testhost", prepared[i].event, decode::LineBytes::Borrowed);
      }
    });
    stages.time("decode", [&] {
      for (size_t i = 0; i < block.size(); ++i) ruleset.decoders().decode(prepared[i].event, worker.decode);
    });
    stages.time("scan", [&] {
      for (size_t i = 0; i < block.size(); ++i) ruleset.program().scan_only(prepared[i].event, worker.match);
    });
    stages.time("match", [&] {
      for (size_t i = 0; i < block.size(); ++i) {
        prepared[i].matched = true;
        ruleset.program().match(prepared[i].event, worker.match, prepared[i].trail);
      }
    });
    // Deciding and formatting alternate: an alert is valid until the next decision.
    for (size_t i = 0; i < block.size(); ++i) {
      const engine::Decision* decision = nullptr;
      stages.time("correlate", [&] { decision = &engine.decide(prepared[i]); });
      if (decision->alert) stages.time("format", [&] { writer->alert(out, decision->alert_data); });
      if (out.size() > 65536) out.clear();
    }
    events += block.size();
  }
  stages.time("format", [] {});
  stages.print(events);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: gander_replay_stages HOME compat|mended FILE\n";
    return 2;
  }
  cli::RulesetArguments arguments;
  arguments.home = argv[1];
  arguments.compat = std::string(argv[2]) == "compat" ? model::Compat::Ossec43 : model::Compat::Mended;
  const Result<cli::Session> session = cli::open_session(arguments, "UTC", "testhost", config::Scope::Analysis);
  if (!session || !session->ruleset) {
    std::cerr << "the ruleset does not load\n";
    return 2;
  }
  return run(*session, arguments.compat, argv[3]);
}
