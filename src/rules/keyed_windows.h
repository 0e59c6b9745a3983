// KeyedWindows: the windows of composite rules, one for each composite and key, and the events in them.
//
// A window holds the newest events that can matter to its rule (KeyedComposite::keep); more are let go when their
// record is full, those of rules with different values at once. It leaves by time, by being counted, or by a cap on
// events.
//
// Owns:    the events (EventPool) and the records (RecordTable). Text of an event that left stays readable until the
//          next begin_event().
// Threads: one thread.
// Cost:    an event: one look-up for each distinct key that counts it; searching: the events of the key's record.
// Fails:   cannot.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "rules/event_pool.h"
#include "rules/key_hash.h"
#include "rules/keyed_plan.h"
#include "rules/record_table.h"

namespace gander::rules {

class KeyedWindows {
 public:
  // `plan` must outlive the windows.
  KeyedWindows(const KeyedPlan& plan, EventPool::Caps caps);

  // What left before may be used again; what is too old at `now` leaves little by little. `now` never runs ahead of
  // an event still to come by more than its writer's clock does.
  void begin_event(int64_t now);

  // The key of one event, and its records as far as they are known. hash.none(): it lacks a value of the key.
  struct Key {
    uint16_t kind = 0;
    uint16_t tell = 0;      // of its different values
    bool complete = false;  // it has all of these
    KeyHash hash;
    uint32_t first = RecordTable::kNone;
    uint64_t version = 0;  // of the table, when `first` was looked up
  };
  Key key(const model::Event& event, uint16_t kind) const;

  struct Window {
    uint32_t record = RecordTable::kNone;
    size_t number = 0;

    explicit operator bool() const { return record != RecordTable::kNone; }
  };
  Window find(uint32_t composite, Key& key) const;
  uint32_t count_at_most(Window window) const { return table_.at(window.record).count[window.number]; }
  // Calls counted(RecordedEvent) for its events, the newest first, until it says false.
  template <class Counted>
  void each(Window window, const Counted& counted) const;

  // The event of a rule, to be held by join(); may evict older ones.
  HeldEvent add(const model::Event& event, const Rule& rule);
  // The event joins the composites' windows for this key. Once for each event and kind of key.
  void join(std::span<const uint32_t> composites, Key& key, HeldEvent held);
  // All of its events leave the window, or those up to this one, or this one. The window may be gone then.
  void empty(Window window);
  void empty_through(Window window, HeldEvent last);
  void remove(Window window, HeldEvent held);

  const EventCopy& event(HeldEvent held) const { return pool_.event(held); }
  // Tells the processor that these will be looked at.
  void prefetch(std::span<const RecordedEvent> events) const;
  const std::vector<uint32_t>& fed(HeldEvent held) const { return pool_.fed(held); }

  // Brings the windows of events to come near the processor; the vector is used up.
  void foresee(std::vector<RecordTable::Coming>& coming);
  size_t records() const { return table_.records(); }

  // The windows of composites that go on here (by old number; kNoComposite: it does not).
  void take_over(KeyedWindows& before, const std::vector<uint32_t>& composite_now);

  uint64_t evicted() const { return pool_.evicted(); }

 private:
  struct Part {
    uint32_t record = RecordTable::kNone;
    unsigned windows = 0;
  };

  const KeyedComposite& composite_of(const KeyRecord& record, size_t window) const {
    return plan_.composites[plan_.key_kinds[record.kind].composites[record.window_of[window]]];
  }
  uint32_t make_record(std::span<const uint32_t> composites, const Key& key);
  void join_new(std::span<const uint32_t> composites, Key& key, HeldEvent held);
  bool join_known(std::span<const uint32_t> composites, Key& key, HeldEvent held);
  Part& part(uint32_t record);
  Window place_for(uint32_t composite, Key& key);
  uint32_t first(Key& key) const;
  void put(Part part, HeldEvent held, uint16_t tell);
  void trim(Window window);
  void empty_first(Window window, size_t count);
  template <class Meant>
  void remove_first(Window window, const Meant& meant);
  uint32_t make_room(uint32_t record);
  void tidy(uint32_t record);
  bool matters(const KeyRecord& record, size_t window, size_t event) const;
  void let_go(uint32_t record);
  void drop(uint32_t record);
  bool over(const KeyRecord& record) const;
  void sweep(size_t most);
  void move(const KeyedWindows& before, const KeyRecord& record, const std::vector<uint32_t>& composite_now,
            const std::vector<HeldEvent>& moved);

  const KeyedPlan& plan_;
  KeyHasher hasher_;
  EventPool pool_;
  RecordTable table_;
  int64_t now_ = INT64_MIN / 2;
  std::vector<uint32_t> doomed_;
  uint64_t events_ = 0;
  uint32_t next_expired_ = 0;
  std::vector<Part> parts_;                     // in join()
  std::set<std::vector<uint32_t>> fed_before_;  // of events that another object handed over
};

template <class Counted>
void KeyedWindows::each(Window window, const Counted& counted) const {
  const std::span<const RecordedEvent> events = table_.at(window.record).events();
  for (size_t i = events.size(); i-- > 0;) {
    if (!(events[i].windows >> window.number & 1)) continue;
    if (pool_.alive(events[i].held()) && !counted(events[i])) return;
  }
}

}  // namespace gander::rules
