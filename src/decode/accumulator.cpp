#include "decode/accumulator.h"

namespace gander::decode {
namespace {

using model::Field;

constexpr std::array kAccumulated = {Field::DstUser, Field::SrcUser, Field::DstIp, Field::SrcIp,
                                     Field::DstPort, Field::SrcPort, Field::Data};

}  // namespace

Accumulator::Entry& Accumulator::entry_for(int64_t now) {
  const auto known = by_key_.find(key_);
  if (known != by_key_.end()) {
    entries_.splice(entries_.begin(), entries_, known->second);
    Entry& entry = entries_.front();
    if (now - entry.time > kSeconds) {
      for (std::string& value : entry.values) value.clear();
    }
    return entry;
  }
  forget_old(now);
  entries_.push_front({key_, now, {}});
  by_key_.emplace(entries_.front().key, entries_.begin());
  return entries_.front();
}

// Old entries stand at the end; a clock that steps back can leave some there for longer, within the bound.
void Accumulator::forget_old(int64_t now) {
  const auto drop_last = [&] {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  };
  while (!entries_.empty() && now - entries_.back().time > kSeconds) drop_last();
  while (!entries_.empty() && entries_.size() >= most_entries_) {
    drop_last();
    ++evicted_;
  }
}

void Accumulator::update(model::Event& event) {
  static_assert(kAccumulated.size() == kFields);
  if (!event.decoder || !event.has(Field::Id)) return;
  key_.clear();
  key_.append(event.hostname).append(" ").append(event.decoder->name).append(" ").append(event.field(Field::Id));
  if (key_.size() > kLongestKey) return;
  const int64_t now = base::unix_seconds(event.time);
  Entry& entry = entry_for(now);
  for (size_t i = 0; i < kFields; ++i) {
    const std::string_view own = event.field(kAccumulated[i]);
    std::string& kept = entry.values[i];
    if (own.empty()) {
      if (kept.empty()) continue;
      event.set(kAccumulated[i], event.keep(kept));
      // The event was ASCII by itself; what it is given need not be.
      if (event.encoding == text::Encoding::Ascii && text::encoding_of(kept) != text::Encoding::Ascii)
        event.encoding = text::Encoding::Utf8;
    } else if ((kept.empty() || latest_counts_) && own.size() <= kLongestValue) {
      kept = own;
    }
  }
  entry.time = now;
}

}  // namespace gander::decode
