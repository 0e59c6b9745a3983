// RecordTable: one record for each key of composite rules: the events that share the key, by time, then arrival, and
// for each of them which of the record's windows count it.
//
// A record is one piece of memory of 128, 256, ... bytes. So a look at a key that was not looked at for long is one
// wait for memory, and one for its bucket, however many composites count by it; foresee() takes both away. A record has
// places for seven windows; a key that feeds more of them has several records. Records do not leave by themselves:
// sweep() shows them in turn to whoever knows which ones are over.
//
// Owns:    its memory, in chunks of 2 MiB that are used again, never given back. References to a record live until it
//          grows or is dropped.
// Threads: one thread.
// Cost:    find() and make() O(1); insert() O(1) for an event that is not of an earlier time than the last.
// Fails:   cannot.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "rules/event_pool.h"
#include "rules/key_hash.h"

namespace gander::rules {

// An event of a record. `windows`: bit i: the record's window i counts it. `tell`: of the values that the windows'
// rules want different; events with another one differ in them.
struct RecordedEvent {
  int64_t time : 40;
  uint64_t windows : 8;
  uint64_t tell : 16;
  uint32_t place;
  uint32_t arrival;

  HeldEvent held() const { return {time, place, arrival}; }
};

struct KeyRecord {
  static constexpr size_t kMostWindows = 7;
  static constexpr uint16_t kNoKind = UINT16_MAX;

  KeyHash key;
  int64_t until = INT64_MIN;  // when no window asks for any of the events any more
  uint32_t next = UINT32_MAX;
  uint32_t size = 0;
  uint16_t kind = kNoKind;  // of the key; kNoKind: nobody's memory
  uint8_t log2_units = 0;
  uint8_t windows = 0;
  std::array<uint16_t, kMostWindows> window_of{};  // number of the composite within its kind
  std::array<uint16_t, kMostWindows> count{};      // events that a window counts, at most

  std::span<RecordedEvent> events() { return {reinterpret_cast<RecordedEvent*>(this + 1), size}; }
  std::span<const RecordedEvent> events() const { return {reinterpret_cast<const RecordedEvent*>(this + 1), size}; }
  // `windows`: there is none.
  size_t window(uint16_t composite) const;
  // The number of a window that is free or counts nothing, not one of the bits `taken`; kMostWindows: there is none.
  size_t free_window(unsigned taken) const;
};

class RecordTable {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  RecordTable();

  KeyRecord& at(uint32_t record) { return *reinterpret_cast<KeyRecord*>(address(record)); }
  const KeyRecord& at(uint32_t record) const { return *reinterpret_cast<const KeyRecord*>(address(record)); }

  // A record of the key, then next() of it until kNone.
  uint32_t find(uint16_t kind, KeyHash key) const { return first_of(buckets_[bucket_of(kind, key)], kind, key); }
  uint32_t next(uint32_t record) const { return first_of(at(record).next, at(record).kind, at(record).key); }
  uint32_t make(uint16_t kind, KeyHash key);
  void drop(uint32_t record);

  bool full(uint32_t record) const { return at(record).size == room(at(record)); }
  static size_t room(const KeyRecord& record) {
    return ((kUnit << record.log2_units) - sizeof(KeyRecord)) / sizeof(RecordedEvent);
  }
  // Changes whenever a record comes, goes or moves; what find() gave is true as long as it does not.
  uint64_t version() const { return version_; }
  // Twice the memory; the record's new number.
  uint32_t grow(uint32_t record);
  // Behind all that are not of a later time. The record is not full.
  void insert(uint32_t record, RecordedEvent event);

  template <class Seen>
  void each(const Seen& seen) const;
  // Calls seen(record) for those that lie in the next `most` places of the memory; it changes nothing here.
  template <class Seen>
  void sweep(size_t most, const Seen& seen);
  // Tells the processor that drop() of it is near.
  void prefetch_bucket(uint32_t record) const {
    __builtin_prefetch(&buckets_[bucket_of(at(record).kind, at(record).key)]);
  }

  struct Coming {
    uint16_t kind = 0;
    KeyHash key;
  };
  // Brings the records of these keys near the processor, in steps over all of them so that the waiting overlaps; gives
  // those that are there.
  std::span<const uint32_t> foresee(std::span<const Coming> coming);

  size_t records() const { return records_; }

 private:
  static constexpr size_t kUnit = 128;
  static constexpr size_t kChunkUnits = 16384;
  static constexpr size_t kSizes = 15;  // units of a record: 1, 2, 4, ..., all of a chunk

  struct FreeMemory {
    void operator()(std::byte* memory) const;
  };
  struct Chunk {
    std::unique_ptr<std::byte, FreeMemory> memory;
    uint32_t log2_units = 0;  // of each record in it
    uint32_t used = 0;        // units
  };
  struct Size {
    uint32_t free = kNone;
    uint32_t chunk = kNone;  // with room
  };

  std::byte* address(uint32_t record) const {
    return chunks_[record / kChunkUnits].memory.get() + record % kChunkUnits * kUnit;
  }
  uint32_t first_of(uint32_t record, uint16_t kind, KeyHash key) const;
  uint32_t take(uint32_t log2_units);
  uint32_t add_chunk(uint32_t log2_units);
  void give_back(uint32_t record);
  uint32_t* link_to(uint32_t record);
  void double_buckets();
  size_t bucket_of(uint16_t kind, KeyHash key) const {
    return static_cast<size_t>((key.low + kind) * 0x9E3779B97F4A7C15ULL >> shift_);
  }

  std::vector<Chunk> chunks_;
  std::array<Size, kSizes> sizes_;
  std::vector<uint32_t> buckets_;
  int shift_ = 0;
  size_t records_ = 0;
  uint64_t version_ = 1;
  uint32_t swept_ = 0;  // the next place, as a record's number
  std::vector<uint32_t> coming_;
};

template <class Seen>
void RecordTable::each(const Seen& seen) const {
  for (uint32_t chunk = 0; chunk < chunks_.size(); ++chunk) {
    for (uint32_t unit = 0; unit < chunks_[chunk].used; unit += 1U << chunks_[chunk].log2_units) {
      const auto record = static_cast<uint32_t>(chunk * kChunkUnits + unit);
      if (at(record).kind != KeyRecord::kNoKind) seen(record);
    }
  }
}

template <class Seen>
void RecordTable::sweep(size_t most, const Seen& seen) {
  for (; most > 0 && !chunks_.empty(); --most) {
    const Chunk& chunk = chunks_[swept_ / kChunkUnits];
    if (swept_ % kChunkUnits >= chunk.used) {
      swept_ = (swept_ / kChunkUnits + 1) % static_cast<uint32_t>(chunks_.size()) * kChunkUnits;
      continue;
    }
    const uint32_t record = swept_;
    swept_ += 1U << chunk.log2_units;
    if (swept_ % kChunkUnits == 0) swept_ = swept_ / kChunkUnits % static_cast<uint32_t>(chunks_.size()) * kChunkUnits;
    if (at(record).kind != KeyRecord::kNoKind) seen(record);
  }
}

}  // namespace gander::rules
