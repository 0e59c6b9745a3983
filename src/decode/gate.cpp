#include "decode/gate.h"

#include <algorithm>
#include <cctype>

#include "decode/beginnings.h"

namespace gander::decode {
namespace {

// The one character of a set, its cases taken together; 0: there are several.
char only_character(const ByteSet& set) {
  if (set.count() > 2) return 0;
  size_t first = 0;
  while (!set[first]) ++first;
  if (set.count() == 2 && (std::isalpha(static_cast<int>(first)) == 0 || !set[first ^ 0x20U])) return 0;
  return static_cast<char>(first);
}

}  // namespace

Gate::Known Gate::known_of(const std::vector<std::bitset<128>>& places) {
  unsigned char bytes[sizeof(uint64_t)] = {};
  unsigned char mask[sizeof(uint64_t)] = {};
  for (size_t i = 0; i < std::min(places.size(), sizeof(uint64_t)); ++i) {
    const char c = only_character(places[i]);
    if (c == 0) continue;
    bytes[i] = static_cast<unsigned char>(c) | 0x20U;
    mask[i] = 0xff;
  }
  Known known;
  std::memcpy(&known.bytes, bytes, sizeof bytes);
  std::memcpy(&known.mask, mask, sizeof mask);
  return known;
}

Gate::Gate(text::Dialect dialect, std::string_view pattern) {
  const std::vector<Beginning> beginnings = beginnings_of(dialect, pattern);
  if (beginnings.empty()) {
    first_.set();
    return;
  }
  for (const Beginning& beginning : beginnings) {
    for (size_t byte = 0; byte < beginning.front().size(); ++byte) {
      if (beginning.front()[byte]) first_.set(byte);
    }
    known_.push_back(known_of(beginning));
  }
  // What lies outside ASCII may fold to a letter.
  for (size_t byte = 0x80; byte <= 0xff; ++byte) first_.set(byte);
  const bool tells = std::all_of(known_.begin(), known_.end(), [](const Known& k) { return k.mask != 0; });
  if (!tells) known_.clear();
}

}  // namespace gander::decode
