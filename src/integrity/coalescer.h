// Coalescer: many events of one file become one look at it, when it has come to rest.
//
// Owns:    the names that wait, at most 65,536; beyond that directories, and then whole trees, stand for them: nothing
// is
//          forgotten, it is only looked for in more places.
// Threads: one thread.
// Cost:    a hash look-up an event.
// Fails:   cannot.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "integrity/scanner.h"
#include "integrity/watch_source.h"

namespace gander::integrity {

class Coalescer {
 public:
  using Time = std::chrono::steady_clock::time_point;

  void add(PathEvent event, Time now);
  // Everything below these paths, at once.
  void add_trees(const std::vector<std::string>& paths, Time now);
  // What is due, at most 4,096 of it, in the order in which it was first heard of.
  std::vector<Scanner::Dirty> take(Time now);
  // When something will be due; nothing: nothing waits.
  std::optional<Time> next() const;
  size_t size() const { return waiting_.size(); }
  uint64_t events() const { return events_; }
  // Whether so much waited that trees were taken instead of names; asking forgets it.
  bool took_trees() { return std::exchange(took_trees_, false); }

 private:
  struct Waiting {
    Scanner::Dirty dirty;  // its actor is not filled in
    std::shared_ptr<const Actor> actor;
    uint64_t number = 0;
    bool is_directory = false;  // one that went: what was below it is looked for by its own name
    Time first;
    Time due;
  };
  using Who = std::shared_ptr<const Actor>;
  void put(std::string path, Scanner::Dirty::Reach reach, Who actor, Time now, std::chrono::milliseconds quiet,
           std::chrono::milliseconds most);
  Who shared(std::optional<Actor> actor);
  void collapse(const std::string& directory, Time now);
  void collapse_all(Time now);

  std::unordered_map<std::string, Waiting> waiting_;
  std::unordered_map<int64_t, Who> actors_;  // by process: a storm of one is one copy, whatever its command line
  std::unordered_map<std::string, size_t> names_in_;  // directory: names that wait
  std::multimap<Time, std::string> due_;              // may be early; checked again then
  uint64_t number_ = 0;
  uint64_t events_ = 0;
  bool took_trees_ = false;
};

}  // namespace gander::integrity
