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
  // What is due, in the order in which it was first heard of.
  std::vector<Scanner::Dirty> take(Time now);
  // When something will be due; nothing: nothing waits.
  std::optional<Time> next() const;
  size_t size() const { return waiting_.size(); }
  uint64_t events() const { return events_; }
  // Whether so much waited that trees were taken instead of names; asking forgets it.
  bool took_trees() { return std::exchange(took_trees_, false); }

 private:
  struct Waiting {
    Scanner::Dirty dirty;
    uint64_t number = 0;
    bool is_directory = false;  // one that went: what was below it is looked for by its own name
    Time first;
    Time due;
  };
  void put(std::string path, Scanner::Dirty::Reach reach, std::optional<Actor> actor, Time now,
           std::chrono::milliseconds quiet, std::chrono::milliseconds most);
  void collapse(const std::string& directory, Time now);
  void collapse_all(Time now);

  std::unordered_map<std::string, Waiting> waiting_;
  std::unordered_map<std::string, size_t> names_in_;  // directory: names that wait
  std::multimap<Time, std::string> due_;              // may be early; checked again then
  uint64_t number_ = 0;
  uint64_t events_ = 0;
  bool took_trees_ = false;
};

}  // namespace gander::integrity
