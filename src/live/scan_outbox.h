// ScanOutbox: what the scanner's thread has to tell, until the analysis has kept it.
//
// Each source ("integrity", "rootcheck") counts its records; the number behind the last one is the place that travels
// with a batch, so an analysis that was killed says with the places it kept what is to be sent again.
//
// Owns:    parcels that are not kept.
// Threads: put() and wait_kept() by the scanner's thread, the rest by the one that holds the link.
// Cost:    one copy of each message; whoever waits for each parcel holds one in memory.
// Fails:   cannot; while there is no analysis, parcels wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/descriptor.h"
#include "base/mutex.h"
#include "collect/record.h"
#include "live/link.h"

namespace gander::live {

struct ScanLine {
  char queue = '8';  // 8 integrity, 9 root checks
  std::string text;
  std::string who = {};  // model::Actor::json(), or empty
};

class ScanOutbox {
 public:
  static constexpr size_t kMostLines = 512;
  static constexpr size_t kMostBytes = size_t{4} << 20;

  ScanOutbox();

  // A ticket for wait_kept(). More than kMostLines or kMostBytes are several batches.
  uint64_t put(const std::string& source, std::vector<ScanLine> lines);
  // False: `stop` was set first.
  bool wait_kept(uint64_t ticket, const std::atomic<bool>& stop);

  // An analysis is there, with what it has kept. Parcels that it knows are done, the others are sent again.
  void attach(const std::vector<collect::KeptPlace>& places, base::Instant now);
  void detach();
  void send_to(Link& link);
  void kept(uint64_t number);
  // Readable since ring(), put() or attach(), until hush().
  int descriptor() const { return bell_.get(); }
  void ring() const;
  void hush() const;
  uint64_t waiting() const;

 private:
  struct Parcel {
    uint64_t number = 0;
    std::string source;
    uint64_t first = 0;  // of the source's records
    std::vector<ScanLine> lines;
    bool sent = false;
  };
  struct Source {
    std::string generation;  // of the counter: when it began
    uint64_t next = 0;
  };
  void put_parcel(const std::string& source, std::vector<ScanLine> lines) GANDER_REQUIRES(mutex_);
  std::string encoded(const Parcel& parcel) GANDER_REQUIRES(mutex_);

  base::Descriptor bell_;
  mutable base::Mutex mutex_;
  base::CondVar kept_changed_;
  std::deque<Parcel> parcels_ GANDER_GUARDED_BY(mutex_);
  std::map<std::string, Source> sources_ GANDER_GUARDED_BY(mutex_);
  uint64_t last_number_ GANDER_GUARDED_BY(mutex_) = 0;
  uint64_t kept_ GANDER_GUARDED_BY(mutex_) = 0;
  bool attached_ GANDER_GUARDED_BY(mutex_) = false;
};

}  // namespace gander::live
