#include "rules/key_hash.h"

#include <xxhash.h>

#include <bit>
#include <cstring>
#include <random>
#include <string>

namespace gander::rules {
namespace {

// Joins values so that no two lists of values give the same text.
class Joined {
 public:
  void add(std::string_view value) {
    const uint64_t size = value.size();
    put(&size, sizeof size);
    put(value.data(), value.size());
  }
  std::string_view text() const { return long_.empty() ? std::string_view(short_.data(), used_) : long_; }

 private:
  void put(const void* bytes, size_t size) {
    if (long_.empty() && used_ + size <= short_.size()) {
      std::memcpy(short_.data() + used_, bytes, size);
      used_ += size;
      return;
    }
    if (long_.empty()) long_.assign(short_.data(), used_);
    long_.append(static_cast<const char*>(bytes), size);
  }

  std::array<char, 256> short_;  // not cleared: every event of every composite comes by
  size_t used_ = 0;
  std::string long_;
};

}  // namespace

KeyHasher::KeyHasher() {
  std::random_device device;
  for (size_t at = 0; at < secret_.size(); at += sizeof(unsigned)) {
    const unsigned drawn = device();
    std::memcpy(secret_.data() + at, &drawn, sizeof drawn);
  }
}

KeyHash KeyHasher::of_text(std::string_view text) const {
  const XXH128_hash_t hash = XXH3_128bits_withSecret(text.data(), text.size(), secret_.data(), secret_.size());
  return {hash.low64 | 1, hash.high64};
}

KeyHash KeyHasher::operator()(const model::Event& event, ComparedBits key) const {
  if (!key) return {1, 1};
  const unsigned values = key & (kCategoryBit - 1U);
  if (!(key & kCategoryBit) && (values & (values - 1)) == 0) {
    const std::string_view value = compared_value(event, static_cast<ComparedBit>(values));
    return value.data() ? of_text(value) : KeyHash{};
  }
  Joined joined;
  if (key & kCategoryBit) {
    const char category = static_cast<char>(event.category);
    joined.add({&category, 1});
  }
  for (unsigned rest = values; rest; rest &= rest - 1) {
    const std::string_view value = compared_value(event, bit_at(static_cast<size_t>(std::countr_zero(rest))));
    if (!value.data()) return {};
    joined.add(value);
  }
  return of_text(joined.text());
}

}  // namespace gander::rules
