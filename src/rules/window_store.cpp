#include "rules/window_store.h"

#include <algorithm>
#include <utility>

namespace gander::rules {
namespace {

constexpr size_t kFirstBuckets = 1024;
constexpr size_t kKeptBuffer = 1024;

}  // namespace

WindowStore::WindowStore(const KeyedPlan& plan, size_t entry_cap, size_t byte_cap)
    : plan_(plan),
      entry_cap_(std::max<size_t>(entry_cap, 1)),
      byte_cap_(byte_cap),
      seed_(draw_hash_seed()),
      buckets_(kFirstBuckets, kNone),
      arrivals_(plan.composites.size()) {}

uint64_t WindowStore::window_hash(uint64_t key_hash, uint32_t composite) {
  uint64_t x = key_hash ^ ((composite + 1ULL) * 0x9E3779B97F4A7C15ULL);
  x ^= x >> 33;
  x *= 0xFF51AFD7ED558CCDULL;
  return x ^ (x >> 33);
}

// Each step touches what the step before has fetched.
void WindowStore::foresee(std::vector<uint64_t>& hashes) {
  for (const uint64_t hash : hashes) __builtin_prefetch(&buckets_[bucket_of(hash)]);
  coming_.clear();
  for (const uint64_t hash : hashes) {
    const uint32_t window = buckets_[bucket_of(hash)];
    if (window == kNone) continue;
    __builtin_prefetch(&windows_[window]);
    coming_.push_back(window);
  }
  hashes.clear();
  for (const uint32_t window : coming_) {
    __builtin_prefetch(&nodes_[windows_[window].newest], 1);
    __builtin_prefetch(&nodes_[windows_[window].oldest], 1);
  }
  for (const uint32_t window : coming_) {
    const Node& oldest = nodes_[windows_[window].oldest];
    fetch_entry(nodes_[windows_[window].newest].entry);
    fetch_entry(oldest.entry);
    for (const uint32_t beside : {oldest.earlier, oldest.later}) {
      if (beside != kNone) __builtin_prefetch(&nodes_[beside], 1);
    }
  }
  for (const uint32_t window : coming_) entries_[nodes_[windows_[window].newest].entry].event.prefetch();
}

void WindowStore::fetch_entry(uint32_t entry) const {
  const char* const begin = reinterpret_cast<const char*>(&entries_[entry]);
  constexpr size_t kLine = 64;
  for (size_t at = 0; at < sizeof(Entry); at += kLine) __builtin_prefetch(begin + at, 1);
}

void WindowStore::begin_event() {
  for (const uint32_t entry : left_) {
    entries_[entry].event.trim(kKeptBuffer);
    free_entries_.push_back(entry);
  }
  left_.clear();
}

template <class Event>
uint32_t WindowStore::find(uint32_t composite, uint64_t hash, const Event& event) const {
  const uint64_t wanted = window_hash(hash, composite);
  for (uint32_t w = buckets_[bucket_of(wanted)]; w != kNone; w = windows_[w].next) {
    const Window& window = windows_[w];
    if (window.hash != wanted || window.composite != composite) continue;
    if (entries_[nodes_[window.newest].entry].event.same(event, plan_.composites[composite].same)) return w;
  }
  return kNone;
}

template uint32_t WindowStore::find(uint32_t, uint64_t, const model::Event&) const;
template uint32_t WindowStore::find(uint32_t, uint64_t, const EventCopy&) const;

uint32_t WindowStore::add_entry(const model::Event& event) {
  make_room(event.full_log.size());
  const uint32_t index = new_entry();
  entries_[index].event.assign(event, plan_.compared, EventCopy::LogText::Skip);
  admit(index);
  return index;
}

uint32_t WindowStore::new_entry() {
  uint32_t index = static_cast<uint32_t>(entries_.size());
  if (free_entries_.empty()) {
    entries_.emplace_back();
  } else {
    index = free_entries_.back();
    free_entries_.pop_back();
  }
  return index;
}

void WindowStore::admit(uint32_t index) {
  Entry& entry = entries_[index];
  entry.first = kNone;
  entry.older = newest_entry_;
  entry.newer = kNone;
  (newest_entry_ == kNone ? oldest_entry_ : entries_[newest_entry_].newer) = index;
  newest_entry_ = index;
  ++live_;
  bytes_ += entry.event.capacity();
}

void WindowStore::take_over(WindowStore& before, const std::vector<uint32_t>& composite_now) {
  std::vector<std::pair<uint32_t, uint64_t>> joins;
  for (uint32_t old = before.oldest_entry_; old != kNone; old = before.entries_[old].newer) {
    EventCopy& event = before.entries_[old].event;
    joins.clear();
    for (uint32_t node = before.entries_[old].first; node != kNone; node = before.nodes_[node].next_place) {
      const uint32_t composite = composite_now[before.composite(node)];
      if (composite == kNone) continue;
      if (const uint64_t hash = event.hash(plan_.composites[composite].same, seed_))
        joins.emplace_back(composite, hash);
    }
    if (joins.empty()) continue;
    make_room(event.full_log().size());
    const uint32_t entry = new_entry();
    entries_[entry].event = std::move(event);
    admit(entry);
    for (const auto& [composite, hash] : joins) {
      const uint32_t window = join(composite, hash, find(composite, hash, entries_[entry].event), entry);
      if (windows_[window].count > plan_.composites[composite].keep) drop_node(windows_[window].oldest);
    }
  }
}

void WindowStore::make_room(size_t bytes) {
  while (live_ > 0 && (live_ >= entry_cap_ || bytes_ + bytes > byte_cap_)) {
    ++evicted_;
    const uint32_t entry = oldest_entry_;
    uint32_t node = entries_[entry].first;
    while (node != kNone) {
      const uint32_t next = nodes_[node].next_place;
      drop_node(node);
      node = next;
    }
  }
}

uint32_t WindowStore::join(uint32_t composite, uint64_t hash, uint32_t window, uint32_t entry) {
  if (window == kNone) window = make_window(composite, window_hash(hash, composite));
  uint32_t index = static_cast<uint32_t>(nodes_.size());
  if (free_nodes_.empty()) {
    nodes_.emplace_back();
  } else {
    index = free_nodes_.back();
    free_nodes_.pop_back();
  }
  Node& node = nodes_[index];
  node = Node{};
  node.entry = entry;
  node.window = window;
  node.next_place = entries_[entry].first;
  if (node.next_place != kNone) nodes_[node.next_place].previous_place = index;
  entries_[entry].first = index;
  link_in_window(index, windows_[window]);
  append_arrival(index, arrivals_[composite]);
  return window;
}

void WindowStore::drop_node(uint32_t index) {
  const Node node = nodes_[index];
  Window& window = windows_[node.window];
  unlink_from_window(node, window);
  unlink_arrival(node, arrivals_[window.composite]);
  unlink_place(node);
  free_nodes_.push_back(index);
  if (window.count == 0) free_window(node.window);
  if (entries_[node.entry].first == kNone) free_entry(node.entry);
}

void WindowStore::drop_window(uint32_t window) {
  drop_through(windows_[window].newest);
}

void WindowStore::drop_through(uint32_t last) {
  uint32_t node = windows_[nodes_[last].window].oldest;
  while (true) {
    const uint32_t next = nodes_[node].newer;
    drop_node(node);
    if (node == last) return;
    node = next;
  }
}

// A node dated ahead of `now` would hold up those that arrived behind it: it goes to the end of the queue.
void WindowStore::expire(uint32_t composite, int64_t now, size_t most) {
  Arrivals& arrivals = arrivals_[composite];
  for (size_t i = 0; i < most && arrivals.first != kNone; ++i) {
    const uint32_t first = arrivals.first;
    const int64_t age = now - event(first).time();
    if (age > plan_.composites[composite].timeframe) {
      drop_node(first);
    } else if (age < 0 && arrivals.last != first) {
      unlink_arrival(nodes_[first], arrivals);
      append_arrival(first, arrivals);
    } else {
      return;
    }
  }
}

uint32_t WindowStore::make_window(uint32_t composite, uint64_t hash) {
  if (windows() >= buckets_.size()) grow_buckets();
  uint32_t index = static_cast<uint32_t>(windows_.size());
  if (free_windows_.empty()) {
    windows_.emplace_back();
  } else {
    index = free_windows_.back();
    free_windows_.pop_back();
  }
  uint32_t& bucket = buckets_[bucket_of(hash)];
  windows_[index] = Window{hash, composite, 0, kNone, kNone, bucket};
  bucket = index;
  return index;
}

void WindowStore::free_window(uint32_t window) {
  uint32_t* link = &buckets_[bucket_of(windows_[window].hash)];
  while (*link != window) link = &windows_[*link].next;
  *link = windows_[window].next;
  free_windows_.push_back(window);
}

void WindowStore::grow_buckets() {
  std::vector<uint32_t> before(buckets_.size() * 2, kNone);
  before.swap(buckets_);
  for (uint32_t window : before) {
    while (window != kNone) {
      const uint32_t next = windows_[window].next;
      uint32_t& bucket = buckets_[bucket_of(windows_[window].hash)];
      windows_[window].next = bucket;
      bucket = window;
      window = next;
    }
  }
}

void WindowStore::link_in_window(uint32_t index, Window& window) {
  const int64_t time = event(index).time();
  uint32_t older = window.newest;
  uint32_t newer = kNone;
  while (older != kNone && event(older).time() > time) {
    newer = older;
    older = nodes_[older].older;
  }
  nodes_[index].older = older;
  nodes_[index].newer = newer;
  (older == kNone ? window.oldest : nodes_[older].newer) = index;
  (newer == kNone ? window.newest : nodes_[newer].older) = index;
  ++window.count;
}

void WindowStore::unlink_from_window(const Node& node, Window& window) {
  (node.older == kNone ? window.oldest : nodes_[node.older].newer) = node.newer;
  (node.newer == kNone ? window.newest : nodes_[node.newer].older) = node.older;
  --window.count;
}

void WindowStore::append_arrival(uint32_t index, Arrivals& arrivals) {
  nodes_[index].earlier = arrivals.last;
  nodes_[index].later = kNone;
  (arrivals.last == kNone ? arrivals.first : nodes_[arrivals.last].later) = index;
  arrivals.last = index;
}

void WindowStore::unlink_arrival(const Node& node, Arrivals& arrivals) {
  (node.earlier == kNone ? arrivals.first : nodes_[node.earlier].later) = node.later;
  (node.later == kNone ? arrivals.last : nodes_[node.later].earlier) = node.earlier;
}

void WindowStore::unlink_place(const Node& node) {
  (node.previous_place == kNone ? entries_[node.entry].first : nodes_[node.previous_place].next_place) =
      node.next_place;
  if (node.next_place != kNone) nodes_[node.next_place].previous_place = node.previous_place;
}

void WindowStore::free_entry(uint32_t index) {
  const Entry& entry = entries_[index];
  (entry.older == kNone ? oldest_entry_ : entries_[entry.older].newer) = entry.newer;
  (entry.newer == kNone ? newest_entry_ : entries_[entry.newer].older) = entry.older;
  --live_;
  bytes_ -= entry.event.capacity();
  left_.push_back(index);
}

}  // namespace gander::rules
