// SourceSet: the sources by id, by path and by when they want their turn.
//
// Owns:    the sources.
// Threads: one thread.
// Cost:    logarithmic or constant in the number of sources for every call but the sweep, which takes a fixed number.
#pragma once

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "collect/source.h"

namespace gander::collect {

class SourceSet {
 public:
  struct Entry {
    std::unique_ptr<Source> source;
    config::Localfile block;
    bool configured = true;  // false: a reload left it out
    bool queued = false;
    bool polled = false;
    bool holds_files = false;
    std::optional<Steady> due;
    std::vector<std::string> paths;    // under which it is found
    std::vector<std::string> folders;  // that were asked to be watched
    int descriptor = -1;               // of its own, registered
  };

  Entry* find(const std::string& id);
  Entry& add(std::unique_ptr<Source> source, const config::Localfile& block);
  void remove(Entry& entry);
  size_t size() const { return entries_.size(); }
  const std::vector<std::unique_ptr<Entry>>& all() const { return entries_; }

  // Names of files, whatever spelling a folder has.
  void name(Entry& entry, const std::string& path);
  std::vector<Entry*> named(const std::string& path) const;
  std::vector<Entry*> in_folder(const std::string& folder) const;

  void queue(Entry& entry);
  size_t queued() const { return ready_.size(); }
  Entry* next();  // takes it out of the queue; null: none

  void due(Entry& entry, std::optional<Steady> when);
  void queue_due(Steady now);
  std::optional<Steady> first_due() const;

  // The next `most` of all, in turn.
  void queue_sweep(size_t most);

  // `entry` was used last; the one used longest ago is returned when more than `most` hold open files.
  Entry* used(Entry& entry, size_t most);

 private:
  std::vector<std::unique_ptr<Entry>> entries_;
  std::unordered_map<std::string, Entry*> by_id_;
  std::unordered_multimap<std::string, Entry*> by_path_;
  std::unordered_multimap<std::string, Entry*> by_folder_;
  std::deque<Entry*> ready_;
  std::set<std::pair<Steady, Entry*>> timers_;
  std::list<Entry*> recent_;  // latest first; those that hold files
  std::unordered_map<Entry*, std::list<Entry*>::iterator> recent_at_;
  size_t swept_ = 0;
};

}  // namespace gander::collect
