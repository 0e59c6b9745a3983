#include "rules/event_list.h"

#include <algorithm>

namespace gander::rules {

void AgeStops::push(EventNumber event, int64_t time) {
  while (!minima_.empty() && minima_.back().time >= time) minima_.pop_back();
  minima_.push() = {event, time};
}

void AgeStops::forget_through(EventNumber event) {
  while (!minima_.empty() && minima_.front().event <= event) minima_.pop_front();
}

EventNumber AgeStops::newest_before(int64_t moment) const {
  uint64_t low = minima_.begin();
  uint64_t high = minima_.end();
  while (low < high) {
    const uint64_t middle = low + (high - low) / 2;
    if (minima_.at(middle).time < moment) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low == minima_.begin() ? 0 : minima_.at(low - 1).event;
}

void MarkStops::mark(EventNumber event, int level) {
  if (level <= 0 || newest_marked(level) > event) return;
  std::erase_if(maxima_, [&](const Maximum& m) { return m.event <= event && m.level <= level; });
  const auto at = std::find_if(maxima_.begin(), maxima_.end(), [&](const Maximum& m) { return m.event > event; });
  maxima_.insert(at, {event, level});
}

EventNumber MarkStops::newest_marked(int level) const {
  for (auto m = maxima_.rbegin(); m != maxima_.rend(); ++m) {
    if (m->level >= level) return m->event;
  }
  return 0;
}

void KeyChains::push(uint64_t hash) {
  const size_t room = links_.room();
  Link& link = links_.push();
  link = {hash, 0};
  if (links_.room() != room) return rebuild();
  if (hash == kNoKey) return;
  uint64_t& bucket = buckets_[static_cast<size_t>(hash) & (buckets_.size() - 1)];
  link.previous = bucket;
  bucket = links_.end() - 1;
}

void KeyChains::rebuild() {
  buckets_.assign(links_.room(), 0);
  for (uint64_t p = links_.begin(); p != links_.end(); ++p) {
    Link& link = links_.at(p);
    if (link.hash == kNoKey) continue;
    uint64_t& bucket = buckets_[static_cast<size_t>(link.hash) & (buckets_.size() - 1)];
    link.previous = bucket;
    bucket = p;
  }
}

uint64_t KeyChains::first(uint64_t hash) const {
  return buckets_.empty() ? 0 : find(buckets_[static_cast<size_t>(hash) & (buckets_.size() - 1)], hash);
}

// Positions before the first one held belong to entries that have left: the chain ends there.
uint64_t KeyChains::find(uint64_t position, uint64_t hash) const {
  while (position >= links_.begin() && links_.at(position).hash != hash) position = links_.at(position).previous;
  return position >= links_.begin() ? position : 0;
}

size_t EventList::add_chains(ComparedBits key) {
  for (size_t i = 0; i < chains_.size(); ++i) {
    if (chains_[i].key() == key) return i;
  }
  chains_.emplace_back(key);
  return chains_.size() - 1;
}

void EventList::push(EventNumber event, int64_t time, int mark, int weight, const std::vector<uint64_t>& hashes) {
  entries_.push() = {event, weight};
  weight_ += weight;
  for (size_t i = 0; i < chains_.size(); ++i) chains_[i].push(hashes[i]);
  ages_.push(event, time);
  marks_.mark(event, mark);
}

void EventList::pop_oldest(int weight) {
  while (weight > 0 && !entries_.empty()) {
    Entry& oldest = entries_.front();
    const int taken = std::min(weight, oldest.weight);
    weight -= taken;
    weight_ -= taken;
    oldest.weight -= taken;
    if (oldest.weight == 0) pop_front();
  }
}

void EventList::pop_front() {
  ages_.forget_through(entries_.front().event);
  weight_ -= entries_.front().weight;
  entries_.pop_front();
  for (KeyChains& chains : chains_) chains.pop_front();
}

}  // namespace gander::rules
