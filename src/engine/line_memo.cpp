#include "engine/line_memo.h"

#include <xxhash.h>

namespace gander::engine {
namespace {

constexpr uint32_t kRound = 4096;         // lines after which the hits are looked at
constexpr uint32_t kFewestHits = 256;     // of a round: with fewer, a pause
constexpr uint32_t kPause = 16 * kRound;  // lines

uint64_t hash_of(const model::Event& event) {
  const uint64_t program =
      XXH3_64bits(event.program_name.data() ? event.program_name.data() : "", event.program_name.size());
  const uint64_t hash = XXH3_64bits_withSeed(event.log.data(), event.log.size(), program);
  return hash == 0 ? 1 : hash;
}

}  // namespace

bool LineMemo::looks_again() {
  if (pause_ > 0) {
    --pause_;
    return false;
  }
  if (++asked_ < kRound) return true;
  if (known_ < kFewestHits) pause_ = kPause;
  asked_ = known_ = 0;
  return true;
}

bool LineMemo::recall(model::Event& event, Trail& trail, TrailKept& kept) {
  hash_ = 0;
  if (event.log.size() > kLongestText || event.log.empty() || !looks_again()) return false;
  if (slots_.empty()) {
    sets_.resize(kSets);
    slots_.resize(kSlots);
  }
  hash_ = hash_of(event);
  const size_t set = hash_ & (kSets - 1);
  for (size_t way = 0; way < kWays; ++way) {
    if (sets_[set].hashes[way] != hash_) continue;
    const Slot& slot = slots_[set * kWays + way];
    if (!holds(slot, event)) return false;
    give(slot, event, trail, kept);
    return true;
  }
  return false;
}

bool LineMemo::holds(const Slot& slot, const model::Event& event) {
  return slot.log == event.log && slot.program == event.program_name &&
         slot.has_program == (event.program_name.data() != nullptr);
}

void LineMemo::give(const Slot& slot, model::Event& event, Trail& trail, TrailKept& kept) {
  ++known_;
  event.decoder = slot.decoder;
  event.category = slot.category;
  for (const Part& part : slot.fields) {
    event.fields[part.field] = event.log.substr(part.begin, part.size);
  }
  for (const auto& [name, part] : slot.named) event.named.push_back({name, event.log.substr(part.begin, part.size)});
  kept = slot.trail_kept;
  if (kept == TrailKept::Yes) trail = slot.trail;
}

bool LineMemo::part_of(std::string_view value, std::string_view log, Part& part) {
  // Pointers of different arrays are compared as numbers.
  const auto begin = reinterpret_cast<uintptr_t>(value.data());
  const auto log_begin = reinterpret_cast<uintptr_t>(log.data());
  if (begin < log_begin || begin + value.size() > log_begin + log.size()) return false;
  part.begin = static_cast<uint32_t>(begin - log_begin);
  part.size = static_cast<uint32_t>(value.size());
  return true;
}

bool LineMemo::copy_fields(const model::Event& event, Slot& slot) {
  // What plug-ins and the JSON decoder fill in can lie, or be named, elsewhere.
  const bool ordered = event.decoder && event.decoder->has_order;
  slot.fields.clear();
  slot.named.clear();
  for (size_t i = 0; i < model::kFieldCount; ++i) {
    if (!event.fields[i].data()) continue;
    if (!ordered) return false;
    Part part;
    part.field = static_cast<uint8_t>(i);
    if (!part_of(event.fields[i], event.log, part)) return false;
    slot.fields.push_back(part);
  }
  // It is made anew each time, which costs less than keeping a copy.
  if (event.plain_url.data()) return false;
  for (const model::NamedField& field : event.named) {
    Part part;
    if (!ordered || !part_of(field.value, event.log, part)) return false;
    slot.named.emplace_back(field.name, part);
  }
  return true;
}

void LineMemo::keep(const model::Event& event, const Trail& trail, TrailKept kept) {
  if (hash_ == 0 || event.decided_elsewhere || !event.notes.empty()) return;
  Set& set = sets_[hash_ & (kSets - 1)];
  uint64_t& hash = set.hashes[set.oldest];
  Slot& slot = slots_[(hash_ & (kSets - 1)) * kWays + set.oldest];
  set.oldest = (set.oldest + 1) % kWays;
  hash = 0;
  if (!copy_fields(event, slot)) return;
  slot.has_program = event.program_name.data() != nullptr;
  slot.program = event.program_name;
  slot.log = event.log;
  slot.decoder = event.decoder;
  slot.category = event.category;
  slot.trail_kept = kept;
  slot.trail.clear();
  if (kept == TrailKept::Yes) slot.trail = trail;
  hash = hash_;
}

}  // namespace gander::engine
