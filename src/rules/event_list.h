// EventList: the events that one composite rule (or all rules over one sid) may count, oldest first, with indexes that
// find by age, by mark and by key what a walk from the newest event to the oldest would find.
//
// Events are named by their numbers in the global memory, which owns their texts.
//
// Threads: one thread.
// Cost:    pushing O(indexes); stops O(log n); walking a key's chain: its entries, and those that share its bucket.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/event_copy.h"
#include "rules/ring.h"

namespace gander::rules {

using EventNumber = uint64_t;  // 1 is the first event remembered; 0: none

// The newest event older than a moment: the minima of time, looking back from the newest event, are enough to know.
class AgeStops {
 public:
  void push(EventNumber event, int64_t time);
  void forget_through(EventNumber event);
  // The newest event with a time before `moment`; 0: none.
  EventNumber newest_before(int64_t moment) const;

 private:
  struct Minimum {
    EventNumber event = 0;
    int64_t time = 0;
  };
  Ring<Minimum> minima_;  // times strictly rising
};

// The newest event with a mark of at least a level: the maxima of marks, looking back, are enough. Marks only rise.
class MarkStops {
 public:
  void mark(EventNumber event, int level);
  // 0: none. Events that have left the list may be named.
  EventNumber newest_marked(int level) const;

 private:
  struct Maximum {
    EventNumber event = 0;
    int level = 0;
  };
  std::vector<Maximum> maxima_;  // oldest first, levels strictly falling
};

// Chains of list entries with equal keys, newest first.
class KeyChains {
 public:
  static constexpr uint64_t kNoKey = 0;  // hash of an entry that misses a value

  explicit KeyChains(ComparedBits key) : key_(key) {}

  ComparedBits key() const { return key_; }
  // The list's entry at the end of the ring was pushed.
  void push(uint64_t hash);
  void pop_front() { links_.pop_front(); }
  // Positions of entries with this hash: first(), then next() of each; 0: no more.
  uint64_t first(uint64_t hash) const;
  uint64_t next(uint64_t position) const { return find(links_.at(position).previous, links_.at(position).hash); }

 private:
  struct Link {
    uint64_t hash = 0;
    uint64_t previous = 0;  // position in the same bucket
  };
  uint64_t find(uint64_t position, uint64_t hash) const;
  void rebuild();

  ComparedBits key_;
  Ring<Link> links_;  // positions as in the list
  std::vector<uint64_t> buckets_;
};

class EventList {
 public:
  struct Entry {
    EventNumber event = 0;
    int weight = 1;  // how many entries of OSSEC's list it stands for
  };

  // The chains for this key, made when they are not there; before the first push.
  size_t add_chains(ComparedBits key);

  // `hashes` by chain.
  void push(EventNumber event, int64_t time, int mark, int weight, const std::vector<uint64_t>& hashes);
  // Takes `weight` of OSSEC's entries from the old end.
  void pop_oldest(int weight);
  void pop_front();
  bool empty() const { return entries_.empty(); }
  bool holds(EventNumber event) const { return !entries_.empty() && entries_.at(entries_.begin()).event <= event; }
  int64_t weight() const { return weight_; }

  const Ring<Entry>& entries() const { return entries_; }
  const KeyChains& chains(size_t i) const { return chains_[i]; }
  size_t chain_count() const { return chains_.size(); }
  const AgeStops& ages() const { return ages_; }
  const MarkStops& marks() const { return marks_; }
  MarkStops& marks() { return marks_; }

 private:
  Ring<Entry> entries_;
  std::vector<KeyChains> chains_;
  AgeStops ages_;
  MarkStops marks_;
  int64_t weight_ = 0;
};

}  // namespace gander::rules
