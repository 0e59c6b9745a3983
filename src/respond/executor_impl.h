// Executor::Impl: the parts of the executor and what they know of each other. executor.cpp answers requests,
// executor_jobs.cpp runs scripts and undoes what they did.
//
// Owns:    everything of an Executor. One thread.
#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "respond/executor.h"
#include "respond/name_lookup.h"
#include "respond/response_state.h"
#include "respond/script_runner.h"

namespace gander::respond {

using Up = std::chrono::microseconds;

enum class Action { Add, Delete };

struct Job {
  std::string key;
  Action action = Action::Add;
  uint64_t generation = 0;  // of the entry it belongs to
  std::string executable;
  std::vector<std::string> words;
};

// The IP word of a script's arguments.
inline std::string source_of(const std::vector<std::string>& words) {
  return words.size() > 1 ? words[1] : "-";
}

constexpr std::chrono::seconds kFreshFor{600};  // an event that asks for something without a time-out

struct Executor::Impl {
  Impl(ExecutorOptions o, ResponseList r, Guard& g, Notices n)
      : options(std::move(o)),
        responses(std::move(r)),
        guard(g),
        notices(std::move(n)),
        state(options.home + "/queue/responses"),
        lookup(runner, guard.allow_list(),
               options.compat == model::Compat::Mended ? options.lookup_program : std::string(),
               [this](const std::string& text) { log(text); }) {}

  // ---- talking

  void log(const std::string& text) const {
    if (notices.log) notices.log(text);
  }
  void log_once(const std::string& about, const std::string& text) {
    constexpr size_t kMostTold = 1024;
    if (told.size() < kMostTold && told.insert(about).second) log(text);
  }
  void announce() const {
    if (responses.disabled) {
      log("ossec-execd(1350): INFO: Active response disabled. Exiting.");
      return;
    }
    for (size_t i = 0; i < responses.repeated_offenders.size(); ++i) {
      log("ossec-execd: INFO: Adding offenders timeout: " + std::to_string(responses.repeated_offenders[i].count()) +
          " (for #" + std::to_string(i + 1) + ")");
    }
  }

  // ---- entries and their timers

  void keep(StateEntry entry) {
    drop_timer(entry.key);
    if (entry.timeout.count() > 0 && entry.phase != Phase::Undoing) timers.emplace(entry.up_due, entry.key);
    state.put(std::move(entry));
  }
  void drop_timer(const std::string& key) {
    if (const StateEntry* old = state.find(key)) timers.erase({old->up_due, key});
  }
  void forget(const std::string& key) {
    drop_timer(key);
    generations.erase(key);
    state.erase(key);
  }
  void set_due(StateEntry& entry, std::chrono::seconds in, Moment now) const {
    entry.due = now.wall + in;
    entry.up_due = now.up + in;
    entry.boot = options.boot_id;
  }

  // ---- jobs

  void enqueue(const StateEntry& entry, Action action) {
    jobs.push_back({entry.key, action, generations[entry.key], entry.executable, entry.words});
  }
  // False: it was not waiting any more.
  bool cancel_add(const std::string& key) {
    const auto job =
        std::find_if(jobs.begin(), jobs.end(), [&](const Job& j) { return j.key == key && j.action == Action::Add; });
    if (job == jobs.end()) return false;
    jobs.erase(job);
    return true;
  }
  void pump(Moment now);
  void start(Job job, Moment now);
  void started(const Job& job);
  void ended(const ScriptEnd& end, Moment now);
  void tell_end(const Job& job, const ScriptEnd& end);
  void add_ended(const Job& job, bool good);
  void delete_ended(const Job& job, bool good, Moment now);

  // ---- requests

  const ResponseEntry* find(const std::string& name, Outcome& why);
  bool usable(const ResponseEntry& entry);
  bool too_old(const ResponseEntry& entry, const ResponseRequest& request, Moment now) const;
  void tell_guarded(const std::string& about, const std::string& text, Moment now);
  bool guarded(const ResponseEntry& entry, const ResponseRequest& request, Moment now);
  Outcome run_once(const ResponseEntry& entry, const ResponseRequest& request, Moment now);
  Outcome block(const ResponseEntry& entry, const ResponseRequest& request, Moment now);
  StateEntry entry_for(const ResponseEntry& entry, const ResponseRequest& request, Moment now) const;
  std::chrono::seconds next_timeout(const ResponseEntry& entry, StateEntry& block, Moment now);
  void undo(const std::string& key, Moment now);
  template <class Wanted>
  size_t undo_where(const Wanted& wanted, Moment now) {
    std::vector<std::string> keys;
    for (const auto& [key, e] : state.entries()) {
      if (e.timeout.count() > 0 && e.phase != Phase::Undoing && wanted(e)) keys.push_back(key);
    }
    for (const std::string& key : keys) undo(key, now);
    state.sync();
    pump(now);
    return keys.size();
  }
  void undo_due(Moment now);
  void take_up(Moment now);
  void take_up_entry(StateEntry entry, Moment now);

  ExecutorOptions options;
  ResponseList responses;
  Guard& guard;
  Notices notices;
  ResponseState state;
  ScriptRunner runner;
  NameLookup lookup;
  std::deque<Job> jobs;                         // waiting
  std::map<uint64_t, Job> running;              // by id of the runner
  std::set<std::string, std::less<>> busy;      // keys of running jobs: one script at a time for each
  std::map<std::string, uint64_t> generations;  // of keys: a job that is late finds that its entry is another
  uint64_t last_generation = 0;
  std::set<std::pair<Up, std::string>> timers;
  std::set<std::string, std::less<>> told;
  std::map<std::string, Up> guard_told;
  uint64_t last_id = 0;
  std::optional<Up> repair_at;
  bool stopping = false;
};

}  // namespace gander::respond
