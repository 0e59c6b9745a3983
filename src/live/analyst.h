// Analyst: messages of every source through the engine, and what becomes of each: alerts, archives, statistics,
// responses, all put into the batch of the journal.
//
// The order of steps is OSSEC's: header and decoder, firewall log, repeats, statistics, rules, archives.
//
// Owns:    engine, statistics and memories. Borrows the journal; responses are asked for through it.
// Threads: one thread.
// Cost:    no allocation an event after warm-up but the growth of the batch.
// Fails:   cannot; whatever the bytes are, the message is analysed, a repeat, or refused (an incomplete firewall event,
//          a host information said before), and counted as that.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/internal_options.h"
#include "engine/engine.h"
#include "live/batch_state.h"
#include "live/file_events.h"
#include "live/hourly_stats.h"
#include "live/made_events.h"
#include "output/archive_writer.h"
#include "output/json_writer.h"
#include "output/record_writer.h"
#include "output/text_writer.h"
#include "respond/decider.h"
#include "store/journal.h"
#include "store/stable_id_maker.h"

namespace gander::live {

struct Message {
  char queue = '1';
  std::string_view location;
  std::string_view text;
  std::string_view who;      // of a changed file: model::Actor::json(), or nothing
  base::Instant time{};      // the event's: when it was received, or its own time stamp if it comes late
  base::Instant received{};  // now
  // Together they name the record for good.
  std::string_view source;
  std::string_view origin;  // file or journal within the source
  uint64_t at = 0;          // where it begins there
  uint32_t index = 0;       // among records that begin at the same place
};

enum class Verdict { Analysed, Repeat, Refused };

struct AnalystCounters {
  uint64_t events = 0;
  uint64_t decoded = 0;
  uint64_t alerts = 0;
  uint64_t archives = 0;
  uint64_t firewall = 0;
  uint64_t syscheck = 0;
  uint64_t rootcheck = 0;
  uint64_t hostinfo = 0;
  uint64_t responses = 0;
};

class Analyst {
 public:
  struct Setup {
    std::string home;
    config::Config config;
    config::InternalOptions internal;
    std::shared_ptr<const engine::Ruleset> ruleset;
    engine::EngineOptions engine;
    std::string ruleset_digest;
    std::function<void(const std::string&)> log;  // a line for the program's log, without time
  };

  Analyst(Setup setup, store::Journal& journal);
  ~Analyst();

  Verdict judge(const Message& message);
  // Behind the last message of a batch, before it is committed.
  void finish_batch();
  // Behind its commit.
  void batch_kept();
  // Another configuration and ruleset, with an empty batch: windows, timers and counts of rules that stay are kept.
  void reload(Setup setup);

  const AnalystCounters& counters() const { return counters_; }
  engine::EngineCounters engine_counters() const { return engine_->counters(); }

 private:
  std::string_view place_of(const Message& message);
  Verdict made(const Message& message);
  void set_texts(const Message& message);
  Verdict decide(const Message& message);
  bool is_repeat();
  void test_statistics(const Message& message);
  void write_alert(const Message& message, const model::Alert& alert);
  void ask_responses(const Message& message, const engine::Decision& decision, uint64_t number);
  void archive(const model::Alert* alert);
  void make_writers();

  Setup setup_;
  store::Journal& journal_;
  BatchState state_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::Worker> worker_;
  engine::Prepared prepared_;
  HourlyStats stats_;
  MadeEvents made_;
  std::unique_ptr<FileEvents> files_;
  std::unique_ptr<respond::Decider> decider_;
  std::unique_ptr<store::StableIdMaker> ids_;
  std::unique_ptr<output::TextWriter> text_;
  std::unique_ptr<output::JsonWriter> json_;
  std::unique_ptr<output::ArchiveWriter> archives_;
  std::unique_ptr<output::RecordWriter> records_;
  model::RuleInfo excess_rule_;
  std::array<std::string, 3> last_logs_;
  size_t next_log_ = 0;
  std::optional<base::Instant> received_;  // of the message before
  uint64_t number_ = 0;
  std::string place_;
  AnalystCounters counters_;
};

}  // namespace gander::live
