// EventCopy: what correlation keeps of an event: its time, its full log and the values that composite rules compare.
//
// Owns:    its bytes, in one buffer that is used again by the next assign().
// Threads: one thread.
// Cost:    one copy of the full log; a value that lies inside the full log is only pointed to.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/event.h"
#include "rules/rule.h"

namespace gander::rules {

// Values that composite rules compare, as bits. The first kStoredTexts of them are kept as text.
enum ComparedBit : uint16_t {
  kSrcIpBit = 1,
  kUserBit = 2,
  kIdBit = 4,
  kSrcPortBit = 8,
  kDstPortBit = 16,
  kUrlBit = 32,
  kLocationBit = 64,
  kAgentBit = 128,  // of the location: "(name) ip" of an agent, else all of it
  kCategoryBit = 256,
};
constexpr size_t kStoredTexts = 7;
using ComparedBits = uint16_t;

constexpr ComparedBit bit_at(size_t i) {
  return static_cast<ComparedBit>(1U << i);
}

// The value behind one bit (not kCategoryBit); null data: the event does not carry it.
std::string_view compared_value(const model::Event& event, ComparedBit bit);

// Hash of the event's values, never 0; 0: it does not carry them all.
uint64_t hash_values(const model::Event& event, ComparedBits bits, uint64_t seed);
// A seed that nobody outside can foresee. Hashes only speed up comparisons: results never depend on it.
uint64_t draw_hash_seed();

class EventCopy {
 public:
  // Whether the log text is needed later; the full log is always kept.
  enum class LogText { Skip, Keep };

  void assign(const model::Event& event, ComparedBits wanted, LogText log_text);
  // Tells the processor that an assign() is near.
  void prefetch() const {
    constexpr size_t kLine = 64;
    for (size_t at = 0; at < std::min<size_t>(bytes_.capacity(), 3 * kLine); at += kLine) {
      __builtin_prefetch(bytes_.data() + at, 1);
    }
  }
  // Gives back a buffer that a long line made grow beyond `most` bytes.
  void trim(size_t most);

  int64_t time() const { return time_; }
  model::Category category() const { return category_; }
  std::string_view full_log() const { return std::string_view(bytes_).substr(0, full_log_size_); }
  text::Subject log() const { return {piece(log_), log_encoding_}; }
  std::string_view value(ComparedBit bit) const;
  // As hash_values() of the event.
  uint64_t hash(ComparedBits bits, uint64_t seed) const;
  size_t capacity() const { return bytes_.capacity(); }

  // Both carry the values and they are equal, for every bit of `bits`.
  bool same(const model::Event& event, ComparedBits bits) const;
  bool same(const EventCopy& other, ComparedBits bits) const;
  // Those of `bits` in which the event agrees with this copy (both without a value agree).
  ComparedBits agreement(const model::Event& event, ComparedBits bits) const;

 private:
  struct Piece {
    uint32_t begin = UINT32_MAX;  // absent
    uint32_t size = 0;
  };
  Piece keep(std::string_view text, std::string_view full_log);
  std::string_view piece(Piece p) const {
    return p.begin == UINT32_MAX ? std::string_view() : std::string_view(bytes_.data() + p.begin, p.size);
  }

  int64_t time_ = 0;
  std::string bytes_;  // the full log, then what does not lie in it
  std::array<Piece, kStoredTexts> values_;
  Piece log_;
  uint32_t full_log_size_ = 0;
  model::Category category_ = model::Category::Syslog;
  text::Encoding log_encoding_ = text::Encoding::Ascii;
};

}  // namespace gander::rules
