#include "live/analysis_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_text.h"

namespace gander::live {
namespace {

constexpr uint64_t kMegabyte = 1'000'000;

bool sends_batches(Role role) {
  return role == Role::Collector || role == Role::Responder || role == Role::Scanner;
}

}  // namespace

AnalysisProcess::AnalysisProcess(HostSettings settings, base::Descriptor supervisor)
    : Process(Role::Analysis, std::move(settings), std::move(supervisor)) {}

Analyst::Setup AnalysisProcess::setup(HostConfig config, LoadedRuleset loaded) {
  Analyst::Setup out;
  out.home = settings().home;
  out.config = std::move(config.config);
  out.internal = std::move(config.internal);
  out.ruleset = std::move(loaded.ruleset);
  out.engine = std::move(loaded.engine);
  out.ruleset_digest = std::move(loaded.digest);
  out.log = [this](const std::string& text) { log(Severity::Note, text); };
  return out;
}

bool AnalysisProcess::start() {
  HostConfig config = load_config(settings());
  LoadedRuleset loaded;
  if (!config.diagnostics.has_errors()) loaded = load_ruleset(settings(), config, &names_);
  if (!loaded.ruleset) {
    log(Severity::Error, errors_of(config.diagnostics));
    return false;
  }
  store::JournalOptions options;
  options.home = settings().home;
  options.zone = settings().zone;
  options.now = moment_now().wall;
  options.json = config.config.global.jsonout_output;
  options.json_archives = config.config.global.logall_json;
  options.chain = config.internal.get("alerts.chain") != 0;
  options.spool_cap = static_cast<uint64_t>(config.internal.get("spool.max_mb")) * kMegabyte;
  auto journal = store::Journal::open(std::move(options));
  if (!journal) {
    log(Severity::Error, journal.error().message);
    return false;
  }
  journal_ = std::move(*journal);
  tell_notes();
  unanswered_.assign(journal_->responses().begin(), journal_->responses().end());
  analyst_ = std::make_unique<Analyst>(setup(std::move(config), std::move(loaded)), *journal_);
  return true;
}

void AnalysisProcess::tell_notes() {
  for (const std::string& note : journal_->take_notes()) log(Severity::Warning, note);
}

void AnalysisProcess::add_descriptors(std::vector<pollfd>& wanted) {
  for (const Source& s : sources_) {
    pollfd p = of_link(s.link);
    // While nothing can be committed the sources wait.
    if (!may_read()) p.events &= static_cast<short>(~POLLIN);
    wanted.push_back(p);
  }
  if (side_.busy()) wanted.push_back(readable(side_.descriptor()));
}

void AnalysisProcess::peer(Role role, base::Descriptor socket) {
  if (role == Role::Notifier) names_.connect(std::move(socket));
  if (!sends_batches(role)) return;
  sources_.push_back(Source{role, Link(std::move(socket))});
}

// A source that takes the place of a dead one is given its places only when all that the dead one sent is kept.
void AnalysisProcess::serve_new_sources() {
  for (Source& source : sources_) {
    if (source.served) continue;
    const bool first = std::none_of(sources_.begin(), sources_.end(), [&](const Source& s) {
      return &s != &source && s.role == source.role && s.served;
    });
    if (!first || side_.busy() || journal_->pending()) continue;
    std::vector<collect::KeptPlace> places;
    for (const store::SourcePlace& p : journal_->places()) places.push_back({p.source, p.place});
    source.link.send(Frame::Places, encode(places));
    source.served = true;
    // What its predecessor did not take it is asked for again; it knows what was answered.
    if (source.role == Role::Responder) asked_ = 0;
  }
}

std::optional<collect::Steady> AnalysisProcess::step(collect::Moment now) {
  end_side_work(now);
  housekeeping(now);
  if (retry_at_ && now.steady >= *retry_at_ && !side_.busy()) commit_sealed(now);
  if (may_read()) read_sources(now);
  if (!side_.busy() && !journal_->sealed() && !journal_->batch().empty()) {
    const bool late = batch_begin_ && now.steady - *batch_begin_ >= kLongestBatch;
    if (late || !something_waits() || journal_->batch().size() >= kLargeBatch) {
      seal();
      commit_sealed(now);
    }
  }
  // Ended links go once what they sent is kept.
  sources_.remove_if([this](const Source& s) {
    return s.link.state() == Link::State::Closed && !s.more && s.judged == s.told && journal_->batch().empty();
  });
  serve_new_sources();
  for (Source& s : sources_) s.link.flush();
  pass_responses();
  if (may_read() && something_waits()) return now.steady;
  if (side_.busy()) return std::nullopt;
  if (retry_at_) return retry_at_;
  if (!journal_->batch().empty()) return now.steady;
  return commits_since_sync_ ? std::optional(next_sync_) : std::optional(now.steady + std::chrono::seconds(60));
}

// Behind a batch that changes files of state nothing is judged before they stand there: they may be read again.
bool AnalysisProcess::may_read() const {
  if (retry_at_) return false;
  if (side_.busy() && side_commits_ && sealed_changes_state_) return false;
  return journal_->batch().size() < kLargeBatch;
}

bool AnalysisProcess::something_waits() const {
  return std::any_of(sources_.begin(), sources_.end(), [](const Source& s) { return s.more; });
}

void AnalysisProcess::read_sources(collect::Moment now) {
  for (Source& source : sources_) {
    if (!source.served) continue;
    if (journal_->batch().size() >= kLargeBatch) return;
    source.more = read(source, now);
  }
}

bool AnalysisProcess::read(Source& source, collect::Moment now) {
  return source.link.pump([&](Frame kind, std::string_view payload) {
    if (kind == Frame::Batch) judge(source, payload, now);
    if (kind == Frame::Event) judge_event(payload, now);
    if (kind == Frame::Taken) responses_taken(decode_number(payload).value_or(0));
    return journal_->batch().size() < kLargeBatch;
  });
}

base::Instant AnalysisProcess::time_of(const collect::Batch& batch, std::string_view text, base::Instant now) {
  if (batch.age == collect::Age::Fresh) return now;
  auto found = late_.find(batch.source);
  if (found == late_.end()) {
    decode::TimestampOptions options;
    options.zone = settings().zone;
    options.reference = now;
    found = late_.emplace(batch.source, decode::TimestampReader(options)).first;
  }
  return std::min(found->second.read(text), now);
}

void AnalysisProcess::judge(Source& source, std::string_view payload, collect::Moment now) {
  if (!decode(payload, view_)) {
    log(Severity::Error, fmt::format("a damaged batch of the {} was refused", role_name(source.role)));
    return;
  }
  const collect::Batch& batch = view_.batch;
  if (!batch_begin_) batch_begin_ = now.steady;
  if (batch.age == collect::Age::Fresh && !late_.empty()) {
    if (const auto late = late_.find(batch.source); late != late_.end()) late_.erase(late);
  }
  uint64_t verdicts[3] = {};
  Message m;
  m.received = now.wall;
  m.source = batch.source;
  m.origin = batch.origin;
  uint64_t before = UINT64_MAX;
  for (const collect::Record& r : view_.records) {
    m.queue = r.queue;
    m.location = r.location;
    m.text = r.text;
    m.who = r.who;
    m.time = time_of(batch, r.text, now.wall);
    m.index = r.at == before ? m.index + 1 : 0;
    m.at = before = r.at;
    ++verdicts[static_cast<size_t>(analyst_->judge(m))];
  }
  store::Batch& out = journal_->batch();
  out.place(batch.source, batch.place);
  const auto count = [&](std::string_view name, uint64_t more) {
    if (more > 0) out.count(batch.source, name, more);
  };
  const auto& [analysed, repeats, refused] = verdicts;
  count("in", batch.counts.refused + view_.records.size());
  count("analysed", analysed);
  count("repeats", repeats);
  count("refused", refused + batch.counts.refused);
  count("lines", batch.counts.lines);
  count("bytes", batch.counts.bytes);
  count("truncated", batch.counts.truncated);
  count("lost", batch.counts.lost);
  source.judged = batch.number;
}

// What a process of ours has to say to the rules, such as that the guard refused a response.
void AnalysisProcess::judge_event(std::string_view text, collect::Moment now) {
  if (!batch_begin_) batch_begin_ = now.steady;
  Message m;
  m.location = "gander";
  m.text = text;
  m.time = m.received = now.wall;
  m.source = "gander";
  m.at = static_cast<uint64_t>(now.wall.time_since_epoch().count());
  analyst_->judge(m);
}

// Needs: the side thread idle, nothing sealed.
void AnalysisProcess::seal() {
  analyst_->finish_batch();
  sealed_changes_state_ = journal_->batch().changes_state();
  journal_->seal();
  batch_begin_.reset();
  for (Source& s : sources_) s.sealed = s.judged;
}

void AnalysisProcess::commit_sealed(collect::Moment now) {
  retry_at_.reset();
  if (journal_->sealed_bytes() < kSmallBatch) return finish_commit(journal_->commit_sealed(), now);
  side_commits_ = true;
  side_.start([this] { side_done_ = journal_->commit_sealed(); });
}

void AnalysisProcess::end_side_work(collect::Moment now) {
  if (!side_.take()) return;
  if (std::exchange(side_commits_, false)) finish_commit(side_done_, now);
  if (!std::exchange(side_flushes_, false)) return;
  commits_since_sync_ = !side_flushed_;
  if (!side_flushed_) log(Severity::Error, side_flushed_.error().message);
  if (std::exchange(all_taken_, false) && unanswered_.empty()) journal_->responses_asked();
}

void AnalysisProcess::finish_commit(const Result<void>& done, collect::Moment now) {
  if (!done) {
    if (trouble_ != done.error().message) {
      trouble_ = done.error().message;
      log(Severity::Error, fmt::format("alerts wait in memory and sources wait: {}", trouble_));
    }
    retry_at_ = now.steady + kRetry;
    return;
  }
  if (!trouble_.empty()) log(Severity::Note, "alerts are written again");
  analyst_->batch_kept();
  trouble_.clear();
  commits_since_sync_ = true;
  tell_notes();
  const std::vector<std::string>& asked = journal_->responses();
  unanswered_.insert(unanswered_.end(), asked.begin(), asked.end());
  if (std::exchange(all_taken_, false) && unanswered_.empty()) journal_->responses_asked();
  for (Source& s : sources_) {
    if (s.sealed == s.told) continue;
    s.told = s.sealed;
    s.link.send(Frame::Committed, encode_number(s.told));
  }
}

// Everything judged so far, at once. False: it could not be written.
bool AnalysisProcess::commit_all(collect::Moment now) {
  side_.wait();
  end_side_work(now);
  for (int n = 0; n < 2 && journal_->pending(); ++n) {
    if (!journal_->sealed()) seal();
    retry_at_.reset();
    finish_commit(journal_->commit_sealed(), now);
    if (retry_at_) return false;
  }
  return true;
}

// The responder's link carries its command output towards us and requests towards it.
void AnalysisProcess::pass_responses() {
  const auto responder = std::find_if(sources_.begin(), sources_.end(), [](const Source& s) {
    return s.role == Role::Responder && s.served && s.link.state() == Link::State::Open;
  });
  if (responder == sources_.end()) return;
  for (; asked_ < unanswered_.size(); ++asked_) responder->link.send(Frame::Response, unanswered_[asked_]);
}

void AnalysisProcess::responses_taken(uint64_t number) {
  number = std::min<uint64_t>(number, asked_);
  unanswered_.erase(unanswered_.begin(), unanswered_.begin() + static_cast<std::ptrdiff_t>(number));
  asked_ -= number;
  if (!unanswered_.empty()) return;
  all_taken_ = side_.busy();
  if (!all_taken_) journal_->responses_asked();
}

// At midnight the files of the new day are begun even when nothing comes, so that the old day can be closed.
void AnalysisProcess::turn_day(collect::Moment now) {
  if (journal_->pending()) return;
  const store::Day today = store::Day::of(settings().zone.civil(now.wall));
  if (day_ && *day_ == today) return;
  if (day_) {
    if (const Result<void> begun = journal_->start_day(today); !begun) {
      log(Severity::Error, begun.error().message);
      return;
    }
  }
  day_ = today;
}

void AnalysisProcess::housekeeping(collect::Moment now) {
  if (now.steady < next_sync_ || side_.busy()) return;
  next_sync_ = now.steady + kSync;
  turn_day(now);
  if (!commits_since_sync_ || journal_->sealed()) return;
  side_flushes_ = true;
  side_.start([this] {
    side_flushed_ = journal_->sync();
    journal_->remove_passed_segments();
  });
}

std::string AnalysisProcess::reload() {
  HostConfig config = load_config(settings());
  if (config.diagnostics.has_errors()) return errors_of(config.diagnostics);
  LoadedRuleset loaded = load_ruleset(settings(), config, &names_);
  if (!loaded.ruleset) return errors_of(config.diagnostics);
  if (!commit_all(moment_now())) return "the disk is full; nothing is reloaded until alerts are written";
  analyst_->reload(setup(std::move(config), std::move(loaded)));
  return {};
}

bool AnalysisProcess::stop(collect::Moment now) {
  commit_all(now);
  // What could not be written is read again at the next start.
  if (const Result<void> closed = journal_->close(); !closed) log(Severity::Error, closed.error().message);
  return true;
}

std::string AnalysisProcess::status() {
  side_.wait();
  end_side_work(moment_now());
  const AnalystCounters& c = analyst_->counters();
  const engine::EngineCounters e = analyst_->engine_counters();
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.number("events", c.events);
  json.number("decoded", c.decoded);
  json.number("alerts", c.alerts);
  json.number("suppressed", e.suppressed);
  json.number("responses", c.responses);
  json.number("match_limit_hits", e.limit_hits);
  json.number("evicted", e.evicted);
  json.number("batches", journal_->sequence());
  json.string_if_any("trouble", trouble_);
  json.open_object("ledger");
  if (const auto counts = journal_->state().counts(); counts) {
    std::string_view source;
    for (const store::SourceCount& n : *counts) {
      if (n.source != source) {
        if (!source.empty()) json.close_object();
        json.open_object(n.source);
        source = n.source;
      }
      json.number(n.name, n.value);
    }
    if (!source.empty()) json.close_object();
  }
  json.close_object();
  json.close_object();
  return out;
}

}  // namespace gander::live
