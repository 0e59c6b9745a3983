// Small values that the store's types share.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace gander::store {

// How far a source has been judged; only the source understands the bytes.
struct SourcePlace {
  std::string source;
  std::string place;

  bool operator==(const SourcePlace&) const = default;
};

// One column of the loss ledger of one source ("lines", "analysed", "repeats", "refused"; the roles choose the words).
struct SourceCount {
  std::string source;
  std::string name;
  uint64_t value = 0;

  bool operator==(const SourceCount&) const = default;
};

// A place in the spool: before the frame at `offset` of segment `segment`.
struct SpoolPlace {
  uint64_t segment = 0;
  uint64_t offset = 0;

  auto operator<=>(const SpoolPlace&) const = default;
};

}  // namespace gander::store
