// WindowStore: remembered events in the windows of composite rules, one window per composite and key.
//
// An entry is one event, kept once; a node is its place in one window. An entry leaves with its last node, a window
// with its last entry. Windows are ordered by time, then arrival; they leave by time (expire()), by being counted
// (drop_window(), drop_through()), because newer ones matter more (the caller trims to KeyedComposite::keep), or by a
// cap, the oldest arrival first.
//
// Owns:    copies of the events. Text of an entry that left stays readable until the next begin_event().
// Threads: one thread.
// Cost:    every operation O(1), or O(what it removes), and each node is removed once; joining walks back over entries
//          of a later time (none in an ordered stream). Memory: at most `entry_cap` entries with `byte_cap` bytes of
//          text, plus one node per composite fed, and at most 1 KiB for each place of an entry that left.
// Fails:   cannot. Keys are hashed with a seed of this store's own and always compared whole.
#pragma once

#include <cstdint>
#include <vector>

#include "rules/keyed_plan.h"

namespace gander::rules {

class WindowStore {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  WindowStore(const KeyedPlan& plan, size_t entry_cap, size_t byte_cap);

  // What left before this call may be used again.
  void begin_event();

  // Hash of the event's key, the same for all composites with this key; 0 when a value is missing.
  uint64_t hash_key(const model::Event& event, ComparedBits key) const { return hash_values(event, key, seed_); }
  // The window of this composite for the event's key; kNone: there is none.
  // `event`: a model::Event or an EventCopy.
  template <class Event>
  uint32_t find(uint32_t composite, uint64_t hash, const Event& event) const;

  // Brings the windows with these hashes near the processor, in steps over all of them so that the waiting overlaps;
  // the vector is used up.
  void foresee(std::vector<uint64_t>& hashes);
  static uint64_t window_hash(uint64_t key_hash, uint32_t composite);

  // A new entry; it must join() a window before the next call of anything else. May evict older ones.
  uint32_t add_entry(const model::Event& event);
  // The entry joins the composite's window for its key (made when `window` is kNone); returns the window.
  uint32_t join(uint32_t composite, uint64_t hash, uint32_t window, uint32_t entry);

  // The entries of another store join the windows of the composites that go on here (by old number; kNone: none does).
  void take_over(WindowStore& before, const std::vector<uint32_t>& composite_now);

  void drop_node(uint32_t node);
  void drop_window(uint32_t window);
  // Drops this node and those before it in its window.
  void drop_through(uint32_t node);
  // Drops entries of the composite that are older than its timeframe at `now`, at most `most` of them.
  void expire(uint32_t composite, int64_t now, size_t most);

  uint32_t count(uint32_t window) const { return windows_[window].count; }
  uint32_t newest(uint32_t window) const { return windows_[window].newest; }
  uint32_t oldest(uint32_t window) const { return windows_[window].oldest; }
  uint32_t older(uint32_t node) const { return nodes_[node].older; }
  const EventCopy& event(uint32_t node) const { return entries_[nodes_[node].entry].event; }
  uint32_t composite(uint32_t node) const { return windows_[nodes_[node].window].composite; }
  // The nodes of one entry: this one, then next_place() of it until kNone.
  uint32_t first_place(uint32_t node) const { return entries_[nodes_[node].entry].first; }
  uint32_t next_place(uint32_t node) const { return nodes_[node].next_place; }

  uint64_t evicted() const { return evicted_; }
  size_t entries() const { return live_; }
  size_t windows() const { return windows_.size() - free_windows_.size(); }

 private:
  struct Entry {
    EventCopy event;
    uint32_t first = kNone;  // a node of it
    uint32_t older = kNone;  // by arrival
    uint32_t newer = kNone;
  };
  struct Node {
    uint32_t entry = kNone;
    uint32_t window = kNone;
    uint32_t older = kNone;  // in the window
    uint32_t newer = kNone;
    uint32_t earlier = kNone;  // of the same composite, by arrival
    uint32_t later = kNone;
    uint32_t previous_place = kNone;  // of the same entry
    uint32_t next_place = kNone;
  };
  struct Window {
    uint64_t hash = 0;
    uint32_t composite = 0;
    uint32_t count = 0;
    uint32_t oldest = kNone;
    uint32_t newest = kNone;
    uint32_t next = kNone;  // in its bucket
  };
  struct Arrivals {  // nodes of one composite
    uint32_t first = kNone;
    uint32_t last = kNone;
  };

  void fetch_entry(uint32_t entry) const;
  uint32_t new_entry();
  void admit(uint32_t entry);
  uint32_t make_window(uint32_t composite, uint64_t hash);
  void free_window(uint32_t window);
  void grow_buckets();
  void link_in_window(uint32_t node, Window& window);
  void unlink_from_window(const Node& node, Window& window);
  void unlink_arrival(const Node& node, Arrivals& arrivals);
  void append_arrival(uint32_t node, Arrivals& arrivals);
  void unlink_place(const Node& node);
  void free_entry(uint32_t entry);
  void make_room(size_t bytes);
  size_t bucket_of(uint64_t hash) const { return static_cast<size_t>(hash) & (buckets_.size() - 1); }

  const KeyedPlan& plan_;
  size_t entry_cap_;
  size_t byte_cap_;
  uint64_t seed_;

  std::vector<Entry> entries_;
  std::vector<Node> nodes_;
  std::vector<Window> windows_;
  std::vector<uint32_t> buckets_;
  std::vector<Arrivals> arrivals_;
  std::vector<uint32_t> free_entries_;
  std::vector<uint32_t> free_nodes_;
  std::vector<uint32_t> free_windows_;
  std::vector<uint32_t> coming_;  // windows, in foresee()
  std::vector<uint32_t> left_;    // entries that left since begin_event()
  uint32_t oldest_entry_ = kNone;
  uint32_t newest_entry_ = kNone;
  size_t live_ = 0;
  size_t bytes_ = 0;
  uint64_t evicted_ = 0;
};

}  // namespace gander::rules
