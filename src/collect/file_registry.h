// FileRegistry: which source reads which file, so that a file known under two names is read once.
//
// Owns:    marks of files that a source let go of (a bounded number), for one that finds them under their new name.
// Threads: one thread.
#pragma once

#include <deque>
#include <map>
#include <optional>

#include "collect/place.h"

namespace gander::collect {

class FileRegistry {
 public:
  // False when another source has it.
  bool take(FileId id, const void* owner) {
    const auto [at, fresh] = owners_.try_emplace(id, owner);
    return fresh || at->second == owner;
  }
  bool owned_by_other(FileId id, const void* owner) const {
    const auto at = owners_.find(id);
    return at != owners_.end() && at->second != owner;
  }
  void release(FileId id, const void* owner) {
    const auto at = owners_.find(id);
    if (at != owners_.end() && at->second == owner) owners_.erase(at);
  }
  // Released, and what was read of it is remembered.
  void let_go(const FileMark& mark, const void* owner) {
    release(mark.id, owner);
    released_.push_back(mark);
    if (released_.size() > kMostReleased) released_.pop_front();
  }
  std::optional<FileMark> claim(FileId id) {
    for (auto m = released_.begin(); m != released_.end(); ++m) {
      if (m->id != id) continue;
      FileMark mark = std::move(*m);
      released_.erase(m);
      return mark;
    }
    return std::nullopt;
  }

 private:
  static constexpr size_t kMostReleased = 1024;
  std::map<FileId, const void*> owners_;
  std::deque<FileMark> released_;
};

}  // namespace gander::collect
