#include "collect/source_set.h"

#include <algorithm>
#include <utility>

#include "collect/location_pattern.h"

namespace gander::collect {

SourceSet::Entry* SourceSet::find(const std::string& id) {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second;
}

SourceSet::Entry& SourceSet::add(std::unique_ptr<Source> source, const config::Localfile& block) {
  auto entry = std::make_unique<Entry>();
  entry->source = std::move(source);
  entry->block = block;
  by_id_[entry->source->id()] = entry.get();
  entries_.push_back(std::move(entry));
  return *entries_.back();
}

void SourceSet::remove(Entry& entry) {
  const auto erase_all = [&](auto& map) {
    std::erase_if(map, [&](const auto& item) { return item.second == &entry; });
  };
  erase_all(by_id_);
  erase_all(by_path_);
  erase_all(by_folder_);
  std::erase(ready_, &entry);
  due(entry, std::nullopt);
  if (const auto at = recent_at_.find(&entry); at != recent_at_.end()) {
    recent_.erase(at->second);
    recent_at_.erase(at);
  }
  std::erase_if(entries_, [&](const auto& e) { return e.get() == &entry; });
}

void SourceSet::name(Entry& entry, const std::string& path) {
  if (std::find(entry.paths.begin(), entry.paths.end(), path) != entry.paths.end()) return;
  entry.paths.push_back(path);
  by_path_.emplace(path, &entry);
  by_folder_.emplace(folder_of(path), &entry);
}

std::vector<SourceSet::Entry*> SourceSet::named(const std::string& path) const {
  std::vector<Entry*> found;
  for (auto [at, end] = by_path_.equal_range(path); at != end; ++at) found.push_back(at->second);
  return found;
}

std::vector<SourceSet::Entry*> SourceSet::in_folder(const std::string& folder) const {
  std::vector<Entry*> found;
  for (auto [at, end] = by_folder_.equal_range(folder); at != end; ++at) found.push_back(at->second);
  return found;
}

void SourceSet::queue(Entry& entry) {
  if (std::exchange(entry.queued, true)) return;
  ready_.push_back(&entry);
}

SourceSet::Entry* SourceSet::next() {
  if (ready_.empty()) return nullptr;
  Entry* const entry = ready_.front();
  ready_.pop_front();
  entry->queued = false;
  return entry;
}

void SourceSet::due(Entry& entry, std::optional<Steady> when) {
  if (entry.due == when) return;
  if (entry.due) timers_.erase({*entry.due, &entry});
  entry.due = when;
  if (when) timers_.emplace(*when, &entry);
}

void SourceSet::queue_due(Steady now) {
  while (!timers_.empty() && timers_.begin()->first <= now) {
    Entry& entry = *timers_.begin()->second;
    due(entry, std::nullopt);
    queue(entry);
  }
}

std::optional<Steady> SourceSet::first_due() const {
  return timers_.empty() ? std::nullopt : std::optional(timers_.begin()->first);
}

void SourceSet::queue_sweep(size_t most) {
  for (size_t i = 0; i < std::min(most, entries_.size()); ++i) {
    swept_ = (swept_ + 1) % entries_.size();
    queue(*entries_[swept_]);
  }
}

SourceSet::Entry* SourceSet::used(Entry& entry, size_t most) {
  if (const auto at = recent_at_.find(&entry); at != recent_at_.end()) {
    recent_.erase(at->second);
    recent_at_.erase(at);
  }
  if (entry.source->open_files() == 0) return nullptr;
  recent_.push_front(&entry);
  recent_at_[&entry] = recent_.begin();
  if (recent_.size() <= most) return nullptr;
  Entry* const oldest = recent_.back();
  recent_at_.erase(oldest);
  recent_.pop_back();
  return oldest;
}

}  // namespace gander::collect
