// Accumulator: fields of events with one id are filled in from earlier ones, for decoders with <accumulate>.
//
// Owns:    its entries, at most kMostEntries; behind that the one that was used least recently is forgotten.
// Threads: one thread.
// Cost:    one look-up for an event; time is the event's own.
// Fails:   cannot; a key of more than 255 bytes is not kept.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "model/compat.h"
#include "model/event.h"

namespace gander::decode {

class Accumulator {
 public:
  static constexpr size_t kMostEntries = 32768;
  static constexpr int64_t kSeconds = 120;  // an entry that is older is replaced
  static constexpr size_t kLongestKey = 255;
  static constexpr size_t kLongestValue = 80;  // longer values are not copied, either way

  // Compat::Ossec43 keeps an id's first value of a field, Compat::Mended its latest.
  explicit Accumulator(model::Compat compat, size_t most_entries = kMostEntries)
      : latest_counts_(compat == model::Compat::Mended), most_entries_(most_entries) {}

  // To be called for an event whose decoder accumulates; does nothing for an event without id.
  void update(model::Event& event);

  size_t size() const { return entries_.size(); }
  uint64_t evicted() const { return evicted_; }  // entries forgotten because there were too many

 private:
  static constexpr size_t kFields = 7;
  struct Entry {
    std::string key;
    int64_t time = 0;
    std::array<std::string, kFields> values;
  };

  Entry& entry_for(int64_t now);
  void forget_old(int64_t now);

  bool latest_counts_;
  size_t most_entries_;
  std::list<Entry> entries_;  // the one used last in front
  std::unordered_map<std::string_view, std::list<Entry>::iterator> by_key_;
  std::string key_;
  uint64_t evicted_ = 0;
};

}  // namespace gander::decode
