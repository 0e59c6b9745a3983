// ActorLookup: who stands behind a process id, from /proc, at the moment an event is read.
//
// Owns:    what it found in the last seconds, at most 1024 processes: one that has ended by now may be known from
// before. Threads: one thread. Cost:    five small files of /proc for a process that is not known; names of users are
// read once a minute. Fails:   what cannot be read stays empty.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "integrity/change.h"

namespace gander::integrity {

class ActorLookup {
 public:
  // `pidfd`: tells whether the id still means the same process; -1 = none.
  Actor find(int64_t pid, int pidfd, int64_t now_ms);
  // Ids seen before may mean others now.
  void start_batch() { fresh_.clear(); }

 private:
  struct Known {
    Actor actor;
    int64_t seen_ms = 0;
  };
  const std::string& user_name(int64_t uid, int64_t now_ms);

  std::unordered_map<int64_t, Known> known_;
  std::unordered_map<int64_t, const Known*> fresh_;  // of this batch
  std::unordered_map<int64_t, std::string> users_;
  int64_t users_read_ms_ = 0;
};

}  // namespace gander::integrity
