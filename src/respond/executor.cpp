#include "respond/executor.h"

#include <algorithm>

#include "respond/executor_impl.h"
#include "respond/request_check.h"
#include "respond/timeouts.h"
#include "respond/words.h"

namespace gander::respond {
namespace {

using model::Compat;

constexpr size_t kMostWaiting = 1024;
constexpr std::chrono::seconds kRepairEvery{10};  // of a state file that cannot be written

}  // namespace

std::string_view words(Outcome outcome) {
  constexpr std::string_view kWords[] = {"started",
                                         "already in force, its time starts anew",
                                         "answered before",
                                         "the event is too old",
                                         "must not be blocked",
                                         "no such response",
                                         "its script is not here or not to be trusted",
                                         "an argument is missing or not what it should be",
                                         "meant for an agent",
                                         "active response is switched off",
                                         "too many blocks are in force"};
  return kWords[static_cast<size_t>(outcome)];
}

// ---- requests

bool Executor::Impl::usable(const ResponseEntry& entry) {
  const ScriptCheck script = check_script(options.home, entry.executable, options.compat);
  switch (script.found) {
    case ScriptCheck::Found::Good:
      return true;
    case ScriptCheck::Found::Missing:
      log_once("missing " + entry.executable, "ossec-execd: INFO: Active response command not present: '" +
                                                  script.path + "'. Not using it on this system.");
      return false;
    case ScriptCheck::Found::Outside:
      log_once("outside " + entry.executable, "ossec-execd: ERROR: Active response command '" + entry.executable +
                                                  "' vulnerable to directory transversal attack. Ignoring.");
      return false;
    default:
      log_once("trust " + entry.executable,
               "gander-responder: ERROR: Response script '" + script.path + "' is not run: " + script.why + ".");
      return false;
  }
}

// Two entries may have one name (scripts for several systems): the one that is here counts.
const ResponseEntry* Executor::Impl::find(const std::string& name, Outcome& why) {
  why = Outcome::Unknown;
  for (const ResponseEntry& entry : responses.entries) {
    if (entry.name != name) continue;
    why = Outcome::NotPresent;
    if (check_script(options.home, entry.executable, options.compat).found == ScriptCheck::Found::Good) return &entry;
  }
  if (why == Outcome::Unknown) {
    log_once("unknown " + name.substr(0, kMostName),
             "ossec-execd(1311): ERROR: Invalid command name '" + name.substr(0, kMostName) + "' provided.");
  }
  for (const ResponseEntry& entry : responses.entries) {
    if (entry.name == name) usable(entry);  // says why not
  }
  return nullptr;
}

bool Executor::Impl::too_old(const ResponseEntry& entry, const ResponseRequest& request, Moment now) const {
  if (request.alert_id.empty()) return false;
  const int64_t lasts = entry.timeout.count() > 0 ? entry.timeout.count() : kFreshFor.count();
  return base::unix_seconds(now.wall) - base::unix_seconds(request.event_time) > lasts;
}

// Once in ten minutes for each source: an attacker may write the gateway's address as often as he likes.
void Executor::Impl::tell_guarded(const std::string& about, const std::string& text, Moment now) {
  constexpr std::chrono::minutes kAgainAfter{10};
  constexpr size_t kMostSources = 1024;
  const auto last = guard_told.find(about);
  if (last != guard_told.end() && now.up - last->second < kAgainAfter) return;
  if (guard_told.size() >= kMostSources) guard_told.clear();
  guard_told[about] = now.up;
  log("gander-responder: WARN: " + text);
  if (notices.event) notices.event("gander: " + text);
}

bool Executor::Impl::guarded(const ResponseEntry& entry, const ResponseRequest& request, Moment now) {
  if (request.srcip.empty() || request.srcip == "-") return false;
  const auto refusal = guard.refusal(request.srcip);
  // As OSSEC, silent about sources that the administrator allowed.
  if (refusal && refusal->why == Refusal::Why::Host) {
    tell_guarded(entry.name + " " + request.srcip,
                 "Response '" + entry.name + "' to rule " + std::to_string(request.rule) + " was not run: '" +
                     request.srcip + "' is " + refusal->what + ".",
                 now);
  }
  return refusal.has_value();
}

StateEntry Executor::Impl::entry_for(const ResponseEntry& entry, const ResponseRequest& request, Moment now) const {
  StateEntry e;
  e.response = entry.name;
  e.executable = entry.executable;
  e.stable_id = request.stable_id;
  e.words = script_words(request, options.compat);
  e.added = now.wall;
  e.boot = options.boot_id;
  return e;
}

Outcome Executor::Impl::run_once(const ResponseEntry& entry, const ResponseRequest& request, Moment now) {
  StateEntry e = entry_for(entry, request, now);
  e.key =
      entry.executable + " #" + std::to_string(now.wall.time_since_epoch().count()) + "." + std::to_string(++last_id);
  set_due(e, std::chrono::seconds(0), now);
  enqueue(e, Action::Add);
  keep(std::move(e));
  return Outcome::Started;
}

// The longer the more often this source came back.
std::chrono::seconds Executor::Impl::next_timeout(const ResponseEntry& entry, StateEntry& block, Moment now) {
  if (responses.repeated_offenders.empty() || source_of(block.words) == "-") return entry.timeout;
  const int times = state.offences(block.key);
  state.set_offences(block.key, times + 1, now.wall);
  block.offences = times;
  return offender_timeout(responses, entry.timeout, times);
}

Outcome Executor::Impl::block(const ResponseEntry& entry, const ResponseRequest& request, Moment now) {
  StateEntry fresh = entry_for(entry, request, now);
  fresh.key = block_key(entry.executable, request, options.compat);
  const StateEntry* old = state.find(fresh.key);
  if (old && (old->phase == Phase::Asked || old->phase == Phase::Started)) {
    StateEntry renewed = *old;
    renewed.timeout = next_timeout(entry, renewed, now);
    set_due(renewed, renewed.timeout, now);
    // A shorter response must not end a longer one early.
    if (options.compat == Compat::Mended && old->up_due > renewed.up_due) {
      renewed.due = old->due;
      renewed.up_due = old->up_due;
      renewed.timeout = old->timeout;
    }
    keep(std::move(renewed));
    return Outcome::TimerSet;
  }
  if (!old && state.entries().size() >= options.most_pending) {
    log_once("full", "gander-responder: ERROR: " + std::to_string(options.most_pending) +
                         " blocks are in force; no more are added (said once).");
    return Outcome::Full;
  }
  if (old && old->phase == Phase::Failed) {
    fresh.timeout = old->timeout;
    fresh.offences = old->offences;
  } else {
    fresh.timeout = next_timeout(entry, fresh, now);
  }
  set_due(fresh, fresh.timeout, now);
  generations[fresh.key] = ++last_generation;
  enqueue(fresh, Action::Add);
  keep(std::move(fresh));
  return Outcome::Started;
}

// ---- the object

Executor::Executor(ExecutorOptions options, ResponseList responses, Guard& guard, Notices notices)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(responses), guard, std::move(notices))) {}

Executor::~Executor() = default;

Result<void> Executor::open(Moment now) {
  std::vector<std::string> notes;
  if (const Result<void> opened = impl_->state.open(now.wall, notes); !opened) return opened;
  for (const std::string& note : notes) impl_->log(note);
  if (const Result<void> opened = impl_->runner.open(); !opened) return opened;
  impl_->announce();
  impl_->take_up(now);
  poll(now);
  return {};
}

void Executor::set_responses(ResponseList responses) {
  impl_->responses = std::move(responses);
  impl_->told.clear();
  impl_->lookup.restart();
  impl_->announce();
}

const ResponseList& Executor::responses() const {
  return impl_->responses;
}

bool Executor::accepts() const {
  return impl_->jobs.size() < kMostWaiting && impl_->lookup.ready();
}

Outcome Executor::submit(const ResponseRequest& given, Moment now) {
  Impl& i = *impl_;
  if (i.stopping || i.responses.disabled) return Outcome::Disabled;
  if (given.target != Target::Here) return Outcome::NotHere;
  Outcome why{};
  const ResponseEntry* entry = i.find(given.response, why);
  if (!entry) return why;
  const auto request = checked(given, *entry, i.options.compat);
  if (!request) {
    i.log_once("arguments " + entry->name, "gander-responder: WARN: A request for response '" + entry->name +
                                               "' was refused: " + std::string(words(Outcome::Invalid)) +
                                               " (said once).");
    return Outcome::Invalid;
  }
  const std::string id = request->stable_id + " " + entry->name;
  if (!request->stable_id.empty() && i.state.seen(id)) return Outcome::SeenBefore;
  if (i.too_old(*entry, *request, now)) {
    i.log_once("old " + entry->name, "gander-responder: INFO: Response '" + entry->name + "' to alert " +
                                         request->alert_id +
                                         " was not run: the event is older than the response lasts (said once).");
    return Outcome::TooOld;
  }
  if (i.guarded(*entry, *request, now)) return Outcome::Guarded;
  const Outcome outcome =
      entry->timeout.count() > 0 ? i.block(*entry, *request, now) : i.run_once(*entry, *request, now);
  if (!request->stable_id.empty() && outcome != Outcome::Full) i.state.note_seen(id, now.wall);
  i.state.sync();
  i.pump(now);
  return outcome;
}

int Executor::descriptor() const {
  return impl_->runner.descriptor();
}

void Executor::poll(Moment now) {
  Impl& i = *impl_;
  for (const ScriptEnd& end : i.runner.poll(now.up)) {
    if (end.id >= NameLookup::kIds)
      i.lookup.take(end, now.up);
    else
      i.ended(end, now);
  }
  i.undo_due(now);
  i.lookup.poll(now.up);
  if (i.state.failing()) {
    i.log_once("state " + i.state.failure(),
               "gander-responder: ERROR: " + i.state.failure() + "; responses run, but a crash now would forget them.");
    if (!i.repair_at || *i.repair_at <= now.up) {
      i.state.repair();
      i.repair_at = now.up + kRepairEvery;
    }
  }
  i.pump(now);
}

std::optional<std::chrono::milliseconds> Executor::wait(Moment now) const {
  const Impl& i = *impl_;
  std::optional<Up> first = i.runner.next();
  const auto sooner = [&](std::optional<Up> at) {
    if (at) first = std::min(first.value_or(*at), *at);
  };
  sooner(i.lookup.next());
  if (!i.timers.empty() && !i.stopping) sooner(i.timers.begin()->first);
  if (i.state.failing()) sooner(i.repair_at.value_or(now.up));
  if (!first) return std::nullopt;
  return std::max(std::chrono::ceil<std::chrono::milliseconds>(*first - now.up), std::chrono::milliseconds(0));
}

void Executor::stop(Moment now) {
  Impl& i = *impl_;
  if (i.stopping) return;
  i.stopping = true;
  i.log("ossec-execd(1314): INFO: Shutdown received. Deleting responses.");
  std::vector<std::string> keys;
  for (const auto& [key, entry] : i.state.entries()) {
    if (entry.timeout.count() > 0) keys.push_back(key);
  }
  for (const std::string& key : keys) i.undo(key, now);
  i.state.sync();
  i.pump(now);
}

bool Executor::idle() const {
  return impl_->running.empty() && impl_->jobs.empty();
}

std::vector<PendingBlock> Executor::pending(Moment now) const {
  constexpr std::string_view kStates[] = {"waiting", "in force", "failed", "being undone"};
  std::vector<PendingBlock> out;
  for (const auto& [key, e] : impl_->state.entries()) {
    if (e.timeout.count() == 0) continue;
    const auto word = [&](size_t n) { return n < e.words.size() ? e.words[n] : std::string("-"); };
    out.push_back({e.response, e.executable, word(0), word(1), word(2), e.stable_id, word(3), e.added,
                   now.wall + (e.up_due - now.up), e.timeout, e.offences,
                   std::string(kStates[static_cast<size_t>(e.phase)])});
  }
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.due < b.due; });
  return out;
}

size_t Executor::undo(std::string_view what, Moment now) {
  if (what.empty()) return 0;
  const auto address = source_address(what);
  return impl_->undo_where(
      [&](const StateEntry& e) {
        const std::string source = source_of(e.words);
        const bool by_alert = e.words.size() > 2 && is_alert_id(what) && what == e.words[2];
        return what == "all" || what == e.stable_id || by_alert || (what != "-" && what == source) ||
               (address && address->text == source);
      },
      now);
}

size_t Executor::undo_of(std::string_view response, std::string_view srcip, std::string_view user, Moment now) {
  const auto address = source_address(srcip);
  const std::string source = address ? address->text : std::string(srcip);
  return impl_->undo_where(
      [&](const StateEntry& e) {
        return e.response == response && (source.empty() || source == source_of(e.words)) &&
               (user.empty() || (!e.words.empty() && user == e.words[0]));
      },
      now);
}

}  // namespace gander::respond
