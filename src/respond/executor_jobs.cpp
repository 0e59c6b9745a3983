// The half of the executor that runs scripts, and undoes what they did.
#include <algorithm>

#include "respond/executor_impl.h"

namespace gander::respond {
namespace {

using model::Compat;

constexpr int kMostTries = 4;
constexpr std::chrono::seconds kRetryAfter[kMostTries] = {std::chrono::seconds(0), std::chrono::seconds(30),
                                                          std::chrono::seconds(120), std::chrono::seconds(600)};

}  // namespace

// ---- jobs

void Executor::Impl::pump(Moment now) {
  for (auto job = jobs.begin(); job != jobs.end() && running.size() < options.most_running;) {
    if (busy.contains(job->key)) {
      ++job;
      continue;
    }
    Job next = std::move(*job);
    jobs.erase(job);
    start(std::move(next), now);
    job = jobs.begin();
  }
}

void Executor::Impl::start(Job job, Moment now) {
  const std::string folder = options.home + "/active-response/bin";
  const std::string path = folder + "/" + job.executable;
  std::vector<std::string> argv = {path, job.action == Action::Add ? "add" : "delete"};
  argv.insert(argv.end(), job.words.begin(), job.words.end());
  const uint64_t id = ++last_id;
  if (const auto error = runner.start(id, argv, options.home, Output::Discard, now.up, options.script_time)) {
    log("ossec-execd(1312): ERROR: Error executing '" + path + "': " + *error);
    if (job.action == Action::Add)
      add_ended(job, false);
    else
      delete_ended(job, false, now);
    return;
  }
  busy.insert(job.key);
  if (job.action == Action::Add) started(job);
  running.emplace(id, std::move(job));
}

void Executor::Impl::started(const Job& job) {
  const StateEntry* entry = state.find(job.key);
  if (!entry || generations[job.key] != job.generation) return;
  if (entry->timeout.count() == 0) {
    forget(job.key);
    return;
  }
  StateEntry changed = *entry;
  changed.phase = Phase::Started;
  keep(std::move(changed));
}

void Executor::Impl::ended(const ScriptEnd& end, Moment now) {
  const auto found = running.find(end.id);
  if (found == running.end()) return;
  const Job job = std::move(found->second);
  running.erase(found);
  busy.erase(job.key);
  const bool good = end.how == ScriptEnd::How::Exited && end.status == 0;
  if (!good) tell_end(job, end);
  if (job.action == Action::Add)
    add_ended(job, good);
  else
    delete_ended(job, good, now);
}

void Executor::Impl::tell_end(const Job& job, const ScriptEnd& end) {
  std::string how = "ended with status " + std::to_string(end.status);
  if (end.how == ScriptEnd::How::Signalled) how = "was ended by signal " + std::to_string(end.status);
  if (end.how == ScriptEnd::How::TimedOut)
    how = "did not end within " + std::to_string(options.script_time.count()) + " s and was killed";
  log_once("end " + job.executable + " " + std::to_string(static_cast<int>(end.how)),
           "gander-responder: WARN: Response script '" + job.executable + "' " + how + " (" +
               (job.action == Action::Add ? "add" : "delete") + " " + source_of(job.words) + "; said once).");
}

void Executor::Impl::add_ended(const Job& job, bool good) {
  const StateEntry* entry = state.find(job.key);
  if (!entry || generations[job.key] != job.generation) return;
  if (entry->timeout.count() == 0) {
    forget(job.key);
  } else if (!good && entry->phase != Phase::Undoing) {
    StateEntry changed = *entry;
    changed.phase = Phase::Failed;
    keep(std::move(changed));
  }
}

void Executor::Impl::delete_ended(const Job& job, bool good, Moment now) {
  const StateEntry* entry = state.find(job.key);
  if (!entry || generations[job.key] != job.generation) return;
  const bool last = entry->tries + 1 >= kMostTries && !stopping;
  if (good || options.compat == Compat::Ossec43 || last) {
    if (!good && last) {
      log("gander-responder: ERROR: '" + job.executable + "' could not undo what it did to '" + source_of(job.words) +
          "'; giving up after " + std::to_string(kMostTries) + " attempts.");
    }
    forget(job.key);
    return;
  }
  // Tried again later; at a stop, by the next start.
  StateEntry changed = *entry;
  changed.phase = Phase::Started;
  if (!stopping) ++changed.tries;
  set_due(changed, stopping ? std::chrono::seconds(0) : kRetryAfter[changed.tries], now);
  keep(std::move(changed));
}

// ---- undoing

void Executor::Impl::undo(const std::string& key, Moment now) {
  const StateEntry* entry = state.find(key);
  if (!entry || entry->phase == Phase::Undoing) return;
  if (entry->phase == Phase::Asked && cancel_add(key)) {
    forget(key);
    return;
  }
  StateEntry changed = *entry;
  drop_timer(key);
  set_due(changed, std::chrono::seconds(0), now);
  changed.phase = Phase::Undoing;
  enqueue(changed, Action::Delete);
  keep(std::move(changed));
}

void Executor::Impl::undo_due(Moment now) {
  if (stopping) return;
  while (!timers.empty() && timers.begin()->first <= now.up) {
    const std::string key = timers.begin()->second;
    timers.erase(timers.begin());
    undo(key, now);
  }
}

// What an earlier process left.
void Executor::Impl::take_up(Moment now) {
  std::vector<StateEntry> left;
  for (const auto& [key, entry] : state.entries()) left.push_back(entry);
  for (StateEntry& entry : left) take_up_entry(std::move(entry), now);
}

void Executor::Impl::take_up_entry(StateEntry entry, Moment now) {
  const bool same_boot = !options.boot_id.empty() && entry.boot == options.boot_id;
  const bool rebooted = !options.boot_id.empty() && !same_boot;
  if (entry.timeout.count() == 0) {
    // Asked for and never started.
    if (now.wall - entry.added > kFreshFor || now.wall < entry.added - kFreshFor) {
      forget(entry.key);
    } else {
      enqueue(entry, Action::Add);
    }
    return;
  }
  if (!same_boot) {
    const Up left = std::clamp<Up>(entry.due - now.wall, Up(0), entry.timeout);
    entry.due = now.wall + left;
    entry.up_due = now.up + left;
    entry.boot = options.boot_id;
  }
  const bool over = entry.up_due <= now.up;
  if (over || entry.phase == Phase::Undoing) {
    entry.phase = Phase::Started;
    const std::string key = entry.key;
    keep(std::move(entry));
    undo(key, now);
    return;
  }
  // Rules of the firewall do not outlive a reboot.
  if (rebooted) entry.phase = Phase::Asked;
  if (entry.phase == Phase::Asked) enqueue(entry, Action::Add);
  keep(std::move(entry));
}

}  // namespace gander::respond
