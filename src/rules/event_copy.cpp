#include "rules/event_copy.h"

#include <xxhash.h>

#include <bit>
#include <random>

#include "base/views.h"

namespace gander::rules {
namespace {

using model::Field;

constexpr std::array<Field, 6> kFieldOfBit = {Field::SrcIp,   Field::DstUser, Field::Id,
                                              Field::SrcPort, Field::DstPort, Field::Url};

std::string_view agent_of(std::string_view location) {
  return location.starts_with('(') ? location.substr(0, location.find("->")) : location;
}

template <class ValueOf>
uint64_t hash_of(ComparedBits bits, model::Category category, uint64_t seed, const ValueOf& value_of) {
  uint64_t hash = seed + bits;
  if (bits & kCategoryBit) hash += static_cast<uint64_t>(category) << 32;
  for (unsigned rest = bits & (kCategoryBit - 1U); rest; rest &= rest - 1) {
    const std::string_view value = value_of(bit_at(static_cast<size_t>(std::countr_zero(rest))));
    if (!value.data()) return 0;
    hash = XXH3_64bits_withSeed(value.data(), value.size(), hash);
  }
  return hash ? hash : 1;
}

bool equal_values(std::string_view a, std::string_view b) {
  return a.data() && b.data() && a == b;
}

}  // namespace

std::string_view compared_value(const model::Event& event, ComparedBit bit) {
  if (bit == kLocationBit) return event.hostname;
  if (bit == kAgentBit) return agent_of(event.hostname);
  return event.field(kFieldOfBit[static_cast<size_t>(std::countr_zero(static_cast<unsigned>(bit)))]);
}

uint64_t hash_values(const model::Event& event, ComparedBits bits, uint64_t seed) {
  return hash_of(bits, event.category, seed, [&](ComparedBit bit) { return compared_value(event, bit); });
}

uint64_t EventCopy::hash(ComparedBits bits, uint64_t seed) const {
  return hash_of(bits, category_, seed, [&](ComparedBit bit) { return value(bit); });
}

uint64_t draw_hash_seed() {
  std::random_device device;
  return (uint64_t{device()} << 32) | device();
}

void EventCopy::assign(const model::Event& event, ComparedBits wanted, LogText log_text) {
  time_ = base::unix_seconds(event.time);
  category_ = event.category;
  bytes_.assign(event.full_log);
  full_log_size_ = static_cast<uint32_t>(event.full_log.size());
  if (wanted & kAgentBit) wanted |= kLocationBit;
  for (size_t i = 0; i < kStoredTexts; ++i) {
    values_[i] = wanted & bit_at(i) ? keep(compared_value(event, bit_at(i)), event.full_log) : Piece{};
  }
  log_ = log_text == LogText::Keep ? keep(event.log, event.full_log) : Piece{};
  log_encoding_ = event.log_encoding;
}

EventCopy::Piece EventCopy::keep(std::string_view text, std::string_view full_log) {
  if (!text.data()) return {};
  if (base::lies_in(text, full_log)) {
    return {static_cast<uint32_t>(text.data() - full_log.data()), static_cast<uint32_t>(text.size())};
  }
  const Piece p{static_cast<uint32_t>(bytes_.size()), static_cast<uint32_t>(text.size())};
  bytes_.append(text);
  return p;
}

void EventCopy::trim(size_t most) {
  if (bytes_.capacity() > most) std::string().swap(bytes_);
}

std::string_view EventCopy::value(ComparedBit bit) const {
  if (bit == kAgentBit) return agent_of(value(kLocationBit));
  return piece(values_[static_cast<size_t>(std::countr_zero(static_cast<unsigned>(bit)))]);
}

bool EventCopy::same(const model::Event& event, ComparedBits bits) const {
  if ((bits & kCategoryBit) && event.category != category_) return false;
  for (unsigned rest = bits & (kCategoryBit - 1U); rest; rest &= rest - 1) {
    const ComparedBit bit = bit_at(static_cast<size_t>(std::countr_zero(rest)));
    if (!equal_values(value(bit), compared_value(event, bit))) return false;
  }
  return true;
}

bool EventCopy::same(const EventCopy& other, ComparedBits bits) const {
  if ((bits & kCategoryBit) && other.category_ != category_) return false;
  for (unsigned rest = bits & (kCategoryBit - 1U); rest; rest &= rest - 1) {
    const ComparedBit bit = bit_at(static_cast<size_t>(std::countr_zero(rest)));
    if (!equal_values(value(bit), other.value(bit))) return false;
  }
  return true;
}

ComparedBits EventCopy::agreement(const model::Event& event, ComparedBits bits) const {
  unsigned agreed = event.category == category_ ? bits & kCategoryBit : 0U;
  for (unsigned rest = bits & (kCategoryBit - 1U); rest; rest &= rest - 1) {
    const ComparedBit bit = bit_at(static_cast<size_t>(std::countr_zero(rest)));
    const std::string_view mine = value(bit);
    const std::string_view its = compared_value(event, bit);
    if (!mine.data() == !its.data() && mine == its) agreed |= bit;
  }
  return static_cast<ComparedBits>(agreed);
}

}  // namespace gander::rules
