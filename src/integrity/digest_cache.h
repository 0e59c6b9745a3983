// DigestCache: digests of files that this scan has read, for links and hard links to them.
//
// Owns:    a fixed table (about 3 MB); a newer file takes the place of an older one with the same hash.
// Threads: locked inside.
// Cost:    a lock a question.
// Fails:   cannot; what is not there any more is read again.
#pragma once

#include <optional>
#include <vector>

#include "base/mutex.h"
#include "integrity/file_state.h"

namespace gander::integrity {

class DigestCache {
 public:
  DigestCache() : places_(kPlaces) {}

  // Digests for all of `checks` of a file whose metadata are exactly these.
  std::optional<Digests> find(const Stamp& stamp, unsigned checks) {
    const base::MutexLock lock(mutex_);
    const Place& place = places_[index(stamp)];
    if (place.stamp != stamp || (place.digests.present & checks) != checks) return std::nullopt;
    return place.digests;
  }
  void add(const Stamp& stamp, const Digests& digests) {
    const base::MutexLock lock(mutex_);
    places_[index(stamp)] = {stamp, digests};
  }

 private:
  struct Place {
    Stamp stamp;
    Digests digests;
  };
  static constexpr size_t kPlaces = 16384;
  static size_t index(const Stamp& stamp) { return (stamp.inode ^ (stamp.device * 31)) % kPlaces; }

  base::Mutex mutex_;
  std::vector<Place> places_ GANDER_GUARDED_BY(mutex_);
};

}  // namespace gander::integrity
