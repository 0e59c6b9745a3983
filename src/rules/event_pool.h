// EventPool: the events that windows of composite rules hold, each kept once however many windows hold it.
//
// An event leaves when the last window lets it go, when it is older than every window that could hold it asks for
// (expire()), or because of a cap, the oldest arrival first. Whoever still names it then is told by alive().
//
// Owns:    copies of the events. The text of one that left stays readable until the next begin_event().
// Threads: one thread.
// Cost:    every operation O(1) amortised, and none looks at another event than the one named: with a million of them,
//          each look is a wait for memory. At most `events` events with `bytes` bytes of text, 16 bytes for each in a
//          queue (as many again for some that left), and at most 1 KiB for each place of an event that left.
// Fails:   cannot.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "rules/event_copy.h"
#include "rules/ring.h"

namespace gander::rules {

// One event of the pool. `arrival` numbers the events; after 2^32 of them it begins anew.
struct HeldEvent {
  int64_t time = 0;
  uint32_t place = 0;
  uint32_t arrival = 0;

  bool operator==(const HeldEvent&) const = default;
};

class EventPool {
 public:
  struct Caps {
    size_t events = 0;
    size_t bytes = 0;
  };
  // Events of one queue live equally long: `ages` seconds, by queue.
  EventPool(std::vector<int64_t> ages, Caps caps);

  // What left before this call may be used again.
  void begin_event();

  // `fed`: composites that count the event; must outlive it here. Nobody holds it yet. May evict older ones.
  HeldEvent add(const model::Event& event, ComparedBits wanted, uint32_t queue, const std::vector<uint32_t>* fed);
  void hold(HeldEvent held) { ++life_[held.place].holders; }
  void release(HeldEvent held);
  bool alive(HeldEvent held) const { return life_[held.place].arrival == held.arrival; }
  // False: it may have left because of a cap; alive() knows. A look at no memory.
  bool arrived_lately(HeldEvent held) const { return static_cast<int32_t>(held.arrival - first_kept_) >= 0; }

  const EventCopy& event(HeldEvent held) const { return events_[held.place].copy; }
  const std::vector<uint32_t>& fed(HeldEvent held) const { return *events_[held.place].fed; }
  // Tells the processor that release() of it is near, or a look at the event.
  void prefetch(HeldEvent held) const { __builtin_prefetch(&life_[held.place], 1); }
  void prefetch_event(HeldEvent held) const { prefetch_place(held.place); }

  // Lets go what is too old at `now`, at most `most` events.
  void expire(uint32_t queue, int64_t now, size_t most);
  size_t queues() const { return queues_.size(); }

  // What becomes of an event of another pool; `fed` null: it is left behind.
  struct Fate {
    uint32_t queue = 0;
    const std::vector<uint32_t>* fed = nullptr;
  };
  // Moves the events of another pool here, in the order in which they arrived; nobody holds them yet. `fate`: by the
  // composites that counted it. Gives each one's name here, by its place there; `arrival` 0: left behind.
  std::vector<HeldEvent> take_over(EventPool& before,
                                   const std::function<Fate(const std::vector<uint32_t>& fed)>& fate);

  uint64_t evicted() const { return evicted_; }

 private:
  struct alignas(64) Kept {
    EventCopy copy;
    const std::vector<uint32_t>* fed = nullptr;
  };
  struct Life {
    uint32_t arrival = 0;  // 0: nobody is here
    uint32_t holders = 0;
    uint32_t queue = 0;
    uint32_t bytes = 0;
  };
  struct Queue {
    int64_t age = 0;
    Ring<HeldEvent> waiting;  // by arrival; those that left stay until they are met, or are too many
    size_t alive = 0;
  };

  HeldEvent admit(uint32_t place, uint32_t queue, const std::vector<uint32_t>* fed);
  uint32_t free_place();
  void prefetch_place(uint32_t place) const {
    const auto* const kept = reinterpret_cast<const std::byte*>(&events_[place]);
    for (size_t at = 0; at < sizeof(Kept); at += alignof(Kept)) __builtin_prefetch(kept + at, 1);
  }
  void forget(uint32_t place);
  void make_room(size_t bytes);
  void evict_oldest(size_t count);
  static bool arrived_before(const Queue& a, const Queue& b);
  std::pair<Queue*, Queue*> oldest_queues();
  void drop_dead_heads(Queue& queue);
  void drop_dead(Queue& queue);

  Caps caps_;
  std::vector<Kept> events_;
  std::vector<Life> life_;  // apart: most looks need no more
  std::vector<Queue> queues_;
  Ring<uint32_t> free_;
  std::vector<uint32_t> left_;  // since begin_event()
  uint32_t arrivals_ = 0;
  uint32_t first_kept_ = 1;  // arrival behind that of the last one that a cap took
  size_t alive_ = 0;
  size_t bytes_ = 0;
  uint64_t evicted_ = 0;
};

}  // namespace gander::rules
