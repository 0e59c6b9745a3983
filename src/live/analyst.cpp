#include "live/analyst.h"

#include <algorithm>
#include <utility>

#include "decode/firewall_action.h"
#include "decode/header.h"

namespace gander::live {
namespace {

constexpr std::string_view kKeepAlive = "ossec-keepalive";
constexpr int kExcessRule = 11;

StatsLimits stats_limits(const Analyst::Setup& setup) {
  StatsLimits limits;
  limits.level = setup.config.global.stats;
  limits.most_difference = setup.internal.get("analysisd.stats_maxdiff");
  limits.least_difference = setup.internal.get("analysisd.stats_mindiff");
  limits.percent = setup.internal.get("analysisd.stats_percent_diff");
  return limits;
}

bool is_keep_alive(std::string_view location) {
  return location == kKeepAlive || (location.starts_with('(') && location.ends_with("->ossec-keepalive"));
}

}  // namespace

Analyst::Analyst(Setup setup, store::Journal& journal)
    : setup_(std::move(setup)),
      journal_(journal),
      state_(setup_.home, journal.batch(), setup_.log),
      stats_(
          stats_limits(setup_), setup_.engine.zone, setup_.engine.compat,
          [this](const std::string& name) { return state_.read(name); }, journal.batch()),
      made_([this](const std::string& name) { return state_.read(name); }, journal.batch()) {
  setup_.engine.normalise_firewall = setup_.internal.get("analysisd.log_fw") != 0;
  engine_ = std::make_unique<engine::Engine>(setup_.ruleset, setup_.engine, state_);
  make_writers();
}

Analyst::~Analyst() = default;

void Analyst::make_writers() {
  const model::Compat compat = setup_.engine.compat;
  const base::TimeZone& zone = setup_.engine.zone;
  worker_ = std::make_unique<engine::Worker>(compat);
  // A message outlives its event here.
  worker_->bytes = decode::LineBytes::Borrowed;
  made_.reload(setup_.ruleset->decoders());
  const auto say = [this](const std::string& text) { setup_.log("ossec-analysisd: " + text); };
  files_ = std::make_unique<FileEvents>(setup_.config, setup_.home, compat, zone, journal_.batch(), say);
  files_->reload(setup_.ruleset->decoders());
  decider_ = std::make_unique<respond::Decider>(setup_.config, compat);
  ids_ = std::make_unique<store::StableIdMaker>(setup_.ruleset_digest);
  journal_.set_ruleset(setup_.ruleset_digest);
  text_ = std::make_unique<output::TextWriter>(compat, zone, setup_.config.global.custom_alert_output.value_or(""));
  json_ = std::make_unique<output::JsonWriter>(compat, zone);
  archives_ = std::make_unique<output::ArchiveWriter>(compat, zone);
  records_ = std::make_unique<output::RecordWriter>(zone);
  excess_rule_ = {};
  excess_rule_.id = kExcessRule;
  excess_rule_.level = setup_.config.global.stats;
  excess_rule_.description = "Excessive number of events (above normal).";
  excess_rule_.group = "stats,";
  excess_rule_.mail = excess_rule_.level >= setup_.config.alerts.email_alert_level;
  excess_rule_.log = excess_rule_.level >= setup_.config.alerts.log_alert_level;
}

void Analyst::reload(Setup setup) {
  const std::shared_ptr<const engine::Ruleset> before = setup_.ruleset;
  setup_ = std::move(setup);
  setup_.engine.normalise_firewall = setup_.internal.get("analysisd.log_fw") != 0;
  stats_.reload(before->tree(), setup_.ruleset->tree());
  auto next = std::make_unique<engine::Engine>(setup_.ruleset, setup_.engine, state_);
  next->take_over(*engine_);
  engine_ = std::move(next);
  make_writers();
}

Verdict Analyst::judge(const Message& message) {
  if (received_ != message.received) {
    received_ = message.received;
    journal_.batch().set_day(journal_.day_of(message.received));
  }
  ++counters_.events;
  stats_.event(message.received, setup_.ruleset->tree());
  if (message.queue == '8' || message.queue == '9' || message.queue == '3') return made(message);
  engine_->prepare(message.text, message.location, message.time, *worker_, prepared_);
  const model::Event& event = prepared_.event;
  if (event.decoder) ++counters_.decoded;
  if (event.category == model::Category::Firewall && setup_.engine.normalise_firewall) {
    if (!decode::is_complete_firewall_event(event)) return Verdict::Refused;
    archives_->firewall(journal_.batch().log(store::LogKind::Firewall), event);
    stats_.firewall_event();
    ++counters_.firewall;
  }
  if (event.category == model::Category::Syslog && is_repeat()) return Verdict::Repeat;
  return decide(message);
}

// A text that the sources make themselves: whole as it is, without a header.
void Analyst::set_texts(const Message& message) {
  model::Event& event = prepared_.event;
  event.reset();
  event.time = message.time;
  decode::read_header(message.text, message.location, setup_.engine.own_host, event);
  event.log = event.full_log;
  event.log_encoding = event.encoding;
  event.program_name = {};
  event.hostname = event.location.starts_with('(') ? event.location : event.keep(setup_.engine.own_host);
}

Verdict Analyst::made(const Message& message) {
  set_texts(message);
  if (message.queue == '8') {
    ++counters_.syscheck;
    stats_.syscheck_event();
    if (!files_->make(message.text, message.who, prepared_.event)) return Verdict::Analysed;
  } else if (message.queue == '9') {
    ++counters_.rootcheck;
    made_.rootcheck(prepared_.event);
  } else {
    ++counters_.hostinfo;
    if (!made_.host_information(prepared_.event)) return Verdict::Refused;
  }
  engine_->prepare_made(*worker_, prepared_);
  return decide(message);
}

// Equal to one of the last three different texts; those that are dropped do not change them.
bool Analyst::is_repeat() {
  const std::string_view log = prepared_.event.full_log;
  for (const std::string& last : last_logs_) {
    if (last.size() == log.size() && last == log && !log.empty()) return true;
  }
  last_logs_[next_log_] = log;
  next_log_ = (next_log_ + 1) % last_logs_.size();
  return false;
}

Verdict Analyst::decide(const Message& message) {
  test_statistics(message);
  const engine::Decision& decision = engine_->decide(prepared_);
  for (const std::string& note : prepared_.event.notes) setup_.log(note);
  prepared_.event.notes.clear();
  if (decision.rule) stats_.rule_matched(*decision.rule);
  if (decision.fired && !decider_->idle()) {
    // The alert is on disk before a script looks for it, so its number is known first.
    ask_responses(message, decision, number_ + 1);
  }
  if (decision.alert) {
    model::Alert alert = decision.alert_data;
    alert.number = ++number_;
    write_alert(message, alert);
    archive(&alert);
  } else {
    archive(nullptr);
  }
  return Verdict::Analysed;
}

void Analyst::test_statistics(const Message& message) {
  const std::optional<std::string> excess = stats_.analysed();
  if (!excess) return;
  // The other fields are those of the event that was one too many.
  model::Event& event = prepared_.event;
  const std::string_view log = std::exchange(event.full_log, *excess);
  model::Alert alert{++number_, &excess_rule_, &event, {}, 0};
  if (excess_rule_.log) {
    write_alert(message, alert);
  } else {
    --number_;
  }
  event.full_log = log;
}

std::string_view Analyst::place_of(const Message& message) {
  place_.assign(message.origin).push_back('@');
  base::append_number(place_, message.at);
  place_.push_back('#');
  base::append_number(place_, message.index);
  return place_;
}

void Analyst::write_alert(const Message& message, const model::Alert& alert) {
  store::Batch& batch = journal_.batch();
  if (alert.rule != &excess_rule_) stats_.alerted();
  ++counters_.alerts;
  text_->alert(batch.log(store::LogKind::Alerts), alert);
  if (setup_.config.global.jsonout_output) json_->alert(batch.log(store::LogKind::AlertsJson), alert);
  output::RecordExtras extras;
  extras.stored_time = message.received;
  records_->alert(batch.open_record(), alert, extras);
  batch.identify_record(message.source, place_of(message), alert.rule->id);
}

void Analyst::ask_responses(const Message& message, const engine::Decision& decision, uint64_t number) {
  const model::Event& event = prepared_.event;
  const std::string id = std::to_string(base::unix_seconds(event.time)) + "." + std::to_string(number);
  const std::string stable = ids_->of(message.source, place_of(message), decision.rule->info.id).hex();
  const auto answers = decision.rule->no_active_response ? respond::RuleAnswers::Never : respond::RuleAnswers::Yes;
  const respond::Decider::Answer& answer =
      decider_->decide(respond::occasion_of(decision.rule->info, answers, event, id, stable));
  for (const std::string& line : answer.log) setup_.log(line);
  for (const respond::ResponseRequest& request : answer.requests) {
    journal_.batch().response(respond::encode(request));
    ++counters_.responses;
  }
  // An alert that is only used for a response takes a number too.
  if (!answer.requests.empty() && !decision.alert) ++number_;
}

void Analyst::archive(const model::Alert* alert) {
  const config::Global& global = setup_.config.global;
  const model::Event& event = prepared_.event;
  store::Batch& batch = journal_.batch();
  if (global.logall && !is_keep_alive(event.location)) {
    archives_->event(batch.log(store::LogKind::Archives), event);
    ++counters_.archives;
  }
  if (global.logall_json) json_->archive(batch.log(store::LogKind::ArchivesJson), event, alert);
}

void Analyst::batch_kept() {
  files_->kept();
}

void Analyst::finish_batch() {
  made_.flush();
  files_->flush();
}

}  // namespace gander::live
