// RowSeal: keyed tags of the rows of the baseline, so that an edited row is found (HMAC-SHA-256, 128 bits kept).
//
// Owns:    the key inside OpenSSL's contexts.
// Threads: one thread at a time; one for each.
// Cost:    about a microsecond a tag.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::integrity {

using Tag = std::array<uint8_t, 16>;
using SealKey = std::array<uint8_t, 32>;

// What the file of the key holds beside it: how far the baseline had come, so that an older copy of it is told.
struct SealAnchor {
  SealKey key{};
  uint64_t sequence = 0;
  Tag seal{};
};

// Reads `path`, or makes it (mode 0600) with a new key. Fails with I021.
enum class KeyFile { Found, Made };
Result<KeyFile> read_or_make_key(const std::string& path, SealAnchor& anchor);
Result<void> write_key(const std::string& path, const SealAnchor& anchor);

class RowSeal {
 public:
  explicit RowSeal(const SealKey& key);
  ~RowSeal();
  RowSeal(const RowSeal&) = delete;
  RowSeal& operator=(const RowSeal&) = delete;

  // Of parts that are told apart by their lengths.
  Tag tag(char kind, std::initializer_list<std::string_view> parts);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// A sum of tags that does not depend on their order: rows are added and taken out one by one.
class TagSum {
 public:
  void add(const Tag& tag);
  void subtract(const Tag& tag);
  std::string bytes() const;
  static TagSum from(std::string_view bytes);
  bool operator==(const TagSum&) const = default;

 private:
  std::array<uint64_t, 2> sum_{};  // low, high
  uint64_t count_ = 0;
};

inline std::string_view view_of(const Tag& tag) {
  return {reinterpret_cast<const char*>(tag.data()), tag.size()};
}

}  // namespace gander::integrity
