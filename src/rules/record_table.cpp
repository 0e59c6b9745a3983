#include "rules/record_table.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <new>

namespace gander::rules {
namespace {

constexpr int kFirstBucketBits = 10;
constexpr std::align_val_t kLine{64};

static_assert(sizeof(KeyRecord) == 64 && sizeof(RecordedEvent) == 16);

}  // namespace

// Asked some twenty times for an event.
size_t KeyRecord::window(uint16_t composite) const {
#if defined(__SSE2__)
  static_assert(offsetof(KeyRecord, window_of) + sizeof(__m128i) <= sizeof(KeyRecord));
  const __m128i numbers = _mm_loadu_si128(reinterpret_cast<const __m128i*>(window_of.data()));
  const __m128i equal = _mm_cmpeq_epi16(numbers, _mm_set1_epi16(static_cast<int16_t>(composite)));
  const auto bytes = static_cast<unsigned>(_mm_movemask_epi8(equal)) & ((1U << (2 * windows)) - 1);
  return bytes ? static_cast<size_t>(std::countr_zero(bytes)) / 2 : windows;
#else
  return static_cast<size_t>(std::find(window_of.begin(), window_of.begin() + windows, composite) - window_of.begin());
#endif
}

size_t KeyRecord::free_window(unsigned taken) const {
  if (windows < kMostWindows) return windows;
  size_t i = 0;
  while (i < kMostWindows && (count[i] != 0 || (taken >> i & 1))) ++i;
  return i;
}

void RecordTable::FreeMemory::operator()(std::byte* memory) const {
  ::operator delete(memory, kLine);
}

RecordTable::RecordTable() : buckets_(size_t{1} << kFirstBucketBits, kNone), shift_(64 - kFirstBucketBits) {}

uint32_t RecordTable::first_of(uint32_t record, uint16_t kind, KeyHash key) const {
  while (record != kNone) {
    const KeyRecord& r = at(record);
    if (r.kind == kind && r.key == key) return record;
    record = r.next;
  }
  return kNone;
}

uint32_t RecordTable::make(uint16_t kind, KeyHash key) {
  if (records_ >= buckets_.size()) double_buckets();
  const uint32_t record = take(0);
  uint32_t& bucket = buckets_[bucket_of(kind, key)];
  KeyRecord& made = at(record);
  made = {};
  made.key = key;
  made.kind = kind;
  made.next = bucket;
  bucket = record;
  ++records_;
  ++version_;
  return record;
}

void RecordTable::drop(uint32_t record) {
  *link_to(record) = at(record).next;
  --records_;
  ++version_;
  give_back(record);
}

uint32_t* RecordTable::link_to(uint32_t record) {
  uint32_t* link = &buckets_[bucket_of(at(record).kind, at(record).key)];
  while (*link != record) link = &at(*link).next;
  return link;
}

uint32_t RecordTable::take(uint32_t log2_units) {
  Size& size = sizes_[log2_units];
  if (size.free != kNone) {
    const uint32_t record = size.free;
    size.free = at(record).next;
    return record;
  }
  if (size.chunk == kNone || chunks_[size.chunk].used == kChunkUnits) size.chunk = add_chunk(log2_units);
  Chunk& chunk = chunks_[size.chunk];
  const auto record = static_cast<uint32_t>(size.chunk * kChunkUnits + chunk.used);
  chunk.used += 1U << log2_units;
  new (address(record)) KeyRecord;
  return record;
}

uint32_t RecordTable::add_chunk(uint32_t log2_units) {
  constexpr size_t kBytes = kUnit * kChunkUnits;
  auto* const memory = static_cast<std::byte*>(::operator new(kBytes, kLine));
  chunks_.push_back({std::unique_ptr<std::byte, FreeMemory>(memory), log2_units, 0});
  return static_cast<uint32_t>(chunks_.size() - 1);
}

void RecordTable::give_back(uint32_t record) {
  KeyRecord& r = at(record);
  Size& size = sizes_[r.log2_units];
  r.kind = KeyRecord::kNoKind;
  r.next = size.free;
  size.free = record;
}

uint32_t RecordTable::grow(uint32_t record) {
  const uint32_t log2_units = at(record).log2_units + 1U;
  const uint32_t larger = take(log2_units);
  const KeyRecord& before = at(record);
  KeyRecord& now = at(larger);
  now = before;
  now.log2_units = static_cast<uint8_t>(log2_units);
  std::copy(before.events().begin(), before.events().end(), now.events().begin());
  *link_to(record) = larger;
  ++version_;
  give_back(record);
  return larger;
}

void RecordTable::insert(uint32_t record, RecordedEvent event) {
  KeyRecord& r = at(record);
  ++r.size;
  const std::span<RecordedEvent> events = r.events();
  size_t i = events.size() - 1;
  for (; i > 0 && events[i - 1].time > event.time; --i) events[i] = events[i - 1];
  events[i] = event;
}

void RecordTable::double_buckets() {
  std::vector<uint32_t> before(buckets_.size() * 2, kNone);
  before.swap(buckets_);
  --shift_;
  for (uint32_t record : before) {
    while (record != kNone) {
      KeyRecord& r = at(record);
      uint32_t& bucket = buckets_[bucket_of(r.kind, r.key)];
      const uint32_t next = r.next;
      r.next = bucket;
      bucket = record;
      record = next;
    }
  }
}

// Each step touches what the step before has fetched.
std::span<const uint32_t> RecordTable::foresee(std::span<const Coming> coming) {
  constexpr size_t kLine = 64;
  for (const Coming& c : coming) __builtin_prefetch(&buckets_[bucket_of(c.kind, c.key)]);
  coming_.clear();
  for (const Coming& c : coming) {
    const uint32_t record = buckets_[bucket_of(c.kind, c.key)];
    if (record == kNone) continue;
    __builtin_prefetch(address(record), 1);
    __builtin_prefetch(address(record) + kLine, 1);
    coming_.push_back(record);
  }
  // Another one of the bucket, and the end of a longer one.
  for (const uint32_t record : coming_) {
    const KeyRecord& r = at(record);
    if (r.next != kNone) __builtin_prefetch(address(r.next), 1);
    if (r.log2_units > 0) __builtin_prefetch(r.events().data() + r.size, 1);
  }
  return coming_;
}

}  // namespace gander::rules
