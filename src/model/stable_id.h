// StableId: names an alert for good: equal for a repeat, wherever it turns up (store, mail, response, cluster).
//
// Threads: a value.
// Source:  docs/decisions/0002-live-host.md; made by store::StableIdMaker.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace gander::model {

struct StableId {
  std::array<uint8_t, 16> bytes{};

  bool operator==(const StableId&) const = default;
  // An alert that has none (read back from a log) has all bytes 0.
  bool is_set() const { return *this != StableId{}; }
  // 32 digits.
  std::string hex() const {
    constexpr char kHex[] = "0123456789abcdef";
    std::string out;
    for (const uint8_t b : bytes) out += {kHex[b >> 4], kHex[b & 15]};
    return out;
  }
};

}  // namespace gander::model
