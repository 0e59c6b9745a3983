// ResponseState: what the executor must still know after a crash or a reboot: blocks in force, requests that were
// answered, how often a source came back.
//
// One folder: `state`, a file of lines that only grows and is written afresh when most of it is history, and `lock`,
// held as long as the object lives. A line torn by a crash is left out; a file that is none of ours is set aside.
//
// Owns:    two descriptors and the maps.
// Threads: one thread.
// Cost:    one short write a change; sync() is an fdatasync. Memory is bounded by `most` and by who
// puts
//          entries.
// Fails:   open() with V002 (held by another), V003 (cannot be read or written). Later failures of writing are
// remembered:
//          failing() says so, and repair() writes all of it afresh.
// Source:  docs/formats/responses.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "respond/moment.h"

namespace gander::respond {

// Asked: its script has not been started; Started: it was; Failed: it ended badly; Undoing: the undoing has been asked
// for.
enum class Phase { Asked, Started, Failed, Undoing };

struct StateEntry {
  std::string key;
  Phase phase = Phase::Asked;
  std::string response;
  std::string executable;
  std::string stable_id;
  std::vector<std::string> words;   // behind "add" or "delete"
  std::chrono::seconds timeout{0};  // 0: nothing to undo
  int offences = 0;
  int tries = 0;  // undoings that failed
  base::Instant added{};
  base::Instant due{};                  // by the wall clock when it was written
  std::chrono::microseconds up_due{0};  // by the clock of boot `boot`
  std::string boot;

  bool operator==(const StateEntry&) const = default;
};

class ResponseState {
 public:
  static constexpr size_t kMostRemembered = 65536;
  static constexpr std::chrono::hours kSeenFor{24};
  static constexpr std::chrono::hours kOffendersFor{24 * 30};

  // `most`: answered requests, and offenders, that are remembered; of more the older half is forgotten.
  explicit ResponseState(std::string folder, size_t most = kMostRemembered) : folder_(std::move(folder)), most_(most) {}
  ResponseState(const ResponseState&) = delete;
  ResponseState& operator=(const ResponseState&) = delete;
  ~ResponseState();

  // `notes`: what was wrong with the file, for the log.
  Result<void> open(base::Instant now, std::vector<std::string>& notes);

  const std::map<std::string, StateEntry, std::less<>>& entries() const { return entries_; }
  const StateEntry* find(std::string_view key) const;
  void put(StateEntry entry);
  void erase(std::string_view key);

  bool seen(std::string_view id) const { return seen_.contains(id); }
  void note_seen(std::string_view id, base::Instant now);

  int offences(std::string_view key) const;
  void set_offences(std::string_view key, int count, base::Instant now);

  void sync();
  bool failing() const { return !failure_.empty(); }
  const std::string& failure() const { return failure_; }
  void repair();

 private:
  struct Counted {
    int count = 0;
    base::Instant last{};
  };

  Result<void> lock();
  bool load(std::string_view text);
  bool apply(const std::vector<std::string>& fields);
  bool apply_entry(const std::vector<std::string>& fields);
  void append(const std::vector<std::string>& fields);
  void forget_old(base::Instant now);
  std::string whole() const;
  bool rewrite();

  std::string folder_;
  size_t most_;
  int lock_ = -1;
  int file_ = -1;
  size_t lines_ = 0;  // in the file
  std::string failure_;
  std::map<std::string, StateEntry, std::less<>> entries_;
  std::map<std::string, base::Instant, std::less<>> seen_;
  std::map<std::string, Counted, std::less<>> offenders_;
};

}  // namespace gander::respond
