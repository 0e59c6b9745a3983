#include "rules/event_pool.h"

#include <algorithm>
#include <utility>

namespace gander::rules {
namespace {

constexpr size_t kKeptBuffer = 1024;
constexpr size_t kDeadAllowed = 1024;   // beside as many as are alive
constexpr size_t kAhead = 8;            // events, or places
constexpr size_t kEvictedShare = 4096;  // one in so many leaves at once

}  // namespace

EventPool::EventPool(std::vector<int64_t> ages, Caps caps)
    : caps_{std::max<size_t>(caps.events, 1), caps.bytes}, queues_(ages.size()) {
  for (size_t i = 0; i < ages.size(); ++i) queues_[i].age = ages[i];
}

void EventPool::begin_event() {
  for (const uint32_t place : left_) {
    if (life_[place].bytes > kKeptBuffer) events_[place].copy.trim(kKeptBuffer);
    free_.push() = place;
  }
  left_.clear();
  // The places that come next are known, and were last looked at long ago.
  if (free_.size() < kAhead) return;
  prefetch_place(free_.at(free_.begin() + 2));
  events_[free_.front()].copy.prefetch();
}

HeldEvent EventPool::add(const model::Event& event, ComparedBits wanted, uint32_t queue,
                         const std::vector<uint32_t>* fed) {
  make_room(event.full_log.size());
  const uint32_t place = free_place();
  events_[place].copy.assign(event, wanted, EventCopy::LogText::Skip);
  return admit(place, queue, fed);
}

uint32_t EventPool::free_place() {
  if (!free_.empty()) {
    const uint32_t place = free_.front();
    free_.pop_front();
    return place;
  }
  events_.emplace_back();
  life_.emplace_back();
  return static_cast<uint32_t>(events_.size() - 1);
}

HeldEvent EventPool::admit(uint32_t place, uint32_t queue, const std::vector<uint32_t>* fed) {
  if (++arrivals_ == 0) ++arrivals_;
  const auto bytes = static_cast<uint32_t>(events_[place].copy.capacity());
  life_[place] = {arrivals_, 0, queue, bytes};
  events_[place].fed = fed;
  ++alive_;
  bytes_ += bytes;
  Queue& q = queues_[queue];
  if (q.waiting.size() > 2 * q.alive + kDeadAllowed) drop_dead(q);
  const HeldEvent held{events_[place].copy.time(), place, arrivals_};
  q.waiting.push() = held;
  ++q.alive;
  return held;
}

void EventPool::release(HeldEvent held) {
  if (alive(held) && --life_[held.place].holders == 0) forget(held.place);
}

void EventPool::forget(uint32_t place) {
  Life& life = life_[place];
  life.arrival = 0;
  --alive_;
  bytes_ -= life.bytes;
  --queues_[life.queue].alive;
  left_.push_back(place);
}

// Some at once when there are many, so that the places that are used next are known in time.
void EventPool::make_room(size_t bytes) {
  const size_t at_once = std::clamp<size_t>(alive_ / kEvictedShare, 1, 2 * kAhead);
  while (alive_ > 0 && (alive_ >= caps_.events || bytes_ + bytes > caps_.bytes)) evict_oldest(at_once);
}

void EventPool::evict_oldest(size_t count) {
  while (count > 0 && alive_ > 0) {
    const auto [oldest, next] = oldest_queues();
    Ring<HeldEvent>& waiting = oldest->waiting;
    do {
      const HeldEvent held = waiting.front();
      waiting.pop_front();
      forget(held.place);
      first_kept_ = held.arrival + 1;
      ++evicted_;
      drop_dead_heads(*oldest);
    } while (--count > 0 && !waiting.empty() && (!next || arrived_before(*oldest, *next)));
  }
}

bool EventPool::arrived_before(const Queue& a, const Queue& b) {
  return static_cast<int32_t>(a.waiting.front().arrival - b.waiting.front().arrival) < 0;
}

// Those whose first events arrived before all others; the second may be missing.
std::pair<EventPool::Queue*, EventPool::Queue*> EventPool::oldest_queues() {
  Queue* oldest = nullptr;
  Queue* next = nullptr;
  for (Queue& queue : queues_) {
    drop_dead_heads(queue);
    if (queue.waiting.empty()) continue;
    if (!oldest || arrived_before(queue, *oldest)) {
      next = std::exchange(oldest, &queue);
    } else if (!next || arrived_before(queue, *next)) {
      next = &queue;
    }
  }
  return {oldest, next};
}

void EventPool::drop_dead_heads(Queue& queue) {
  while (!queue.waiting.empty() && !alive(queue.waiting.front())) queue.waiting.pop_front();
  if (queue.waiting.size() > kAhead) prefetch(queue.waiting.at(queue.waiting.begin() + kAhead));
}

void EventPool::drop_dead(Queue& queue) {
  for (size_t rest = queue.waiting.size(); rest > 0; --rest) {
    const HeldEvent held = queue.waiting.front();
    queue.waiting.pop_front();
    if (alive(held)) queue.waiting.push() = held;
  }
}

// One dated ahead of `now` would hold up those that arrived behind it: it goes to the end of the queue.
void EventPool::expire(uint32_t index, int64_t now, size_t most) {
  Queue& queue = queues_[index];
  for (; most > 0 && !queue.waiting.empty(); --most) {
    const HeldEvent first = queue.waiting.front();
    const int64_t age = now - first.time;
    const bool ahead = age < 0 && queue.waiting.size() > 1;
    if (age <= queue.age && !ahead) return;
    queue.waiting.pop_front();
    if (queue.waiting.size() > kAhead) prefetch(queue.waiting.at(queue.waiting.begin() + kAhead));
    if (!alive(first)) continue;
    if (ahead) {
      queue.waiting.push() = first;
    } else {
      forget(first.place);
    }
  }
}

std::vector<HeldEvent> EventPool::take_over(EventPool& before,
                                            const std::function<Fate(const std::vector<uint32_t>& fed)>& fate) {
  std::vector<std::pair<uint32_t, uint32_t>> by_age;  // arrivals since, place
  for (uint32_t place = 0; place < before.life_.size(); ++place) {
    if (before.life_[place].arrival) by_age.emplace_back(before.arrivals_ - before.life_[place].arrival, place);
  }
  std::sort(by_age.rbegin(), by_age.rend());
  std::vector<HeldEvent> now(before.life_.size());
  for (const auto& [age, old] : by_age) {
    const Fate its = fate(*before.events_[old].fed);
    if (!its.fed) continue;
    make_room(before.events_[old].copy.capacity());
    const uint32_t place = free_place();
    events_[place].copy = std::move(before.events_[old].copy);
    now[old] = admit(place, its.queue, its.fed);
  }
  return now;
}

}  // namespace gander::rules
