// NameLookup: keeps the addresses of the names on the allow list, asked for by a child (getent), so that a slow name
// server holds up nobody. A name that cannot be resolved keeps the addresses it had.
//
// Owns:    what it is waiting for. Borrows the runner and the list.
// Threads: one thread.
// Fails:   a name that was never resolved is told to the log once.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "respond/allow_list.h"
#include "respond/script_runner.h"

namespace gander::respond {

class NameLookup {
 public:
  static constexpr std::chrono::minutes kEvery{10};
  static constexpr std::chrono::seconds kPatience{10};
  static constexpr uint64_t kIds = uint64_t{1} << 63;  // ids of its children

  using Log = std::function<void(const std::string&)>;

  NameLookup(ScriptRunner& runner, AllowList& list, std::string program, Log log)
      : runner_(runner), list_(list), program_(std::move(program)), log_(std::move(log)) {}

  // Every name has been asked for once, successfully or not.
  bool ready() const { return rounds_ > 0 || program_.empty() || list_.names().empty(); }
  // The list is another one: ask for all of it.
  void restart();
  // A round is under way.
  bool busy() const { return asking_.has_value(); }
  void poll(ScriptRunner::Up now);
  void take(const ScriptEnd& end, ScriptRunner::Up now);
  std::optional<ScriptRunner::Up> next() const;

 private:
  void ask(ScriptRunner::Up now);
  void failed(const std::string& name);

  ScriptRunner& runner_;
  AllowList& list_;
  std::string program_;
  Log log_;
  std::optional<size_t> asking_;  // index of the name
  std::string asked_;             // the name itself: the list may have been replaced since
  ScriptRunner::Up due_{};
  size_t rounds_ = 0;
  std::set<std::string> resolved_;
  std::set<std::string> told_;
};

// Addresses at the beginnings of lines, as `getent ahosts` prints them.
std::vector<text::Address> addresses_in(std::string_view output);

}  // namespace gander::respond
