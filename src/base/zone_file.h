// ZoneTable: the offsets of one zone as a TZif file (RFC 8536, versions 1 to 4) gives them.
//
// Threads: immutable after parse_zone_file().
// Cost:    offset_at() is a binary search; after the last listed change, arithmetic.
// Fails:   parse_zone_file() gives nothing for bytes that are not such a file; no number in it is trusted.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/posix_tz.h"

namespace gander::base {

struct ZoneTable {
  std::vector<int64_t> changes;  // ascending
  std::vector<int32_t> offsets;  // from changes[i] on, seconds east of UTC
  int32_t before = 0;            // before the first change
  std::optional<PosixTz> after;  // after the last change

  int32_t offset_at(int64_t unix_time) const;
};

std::optional<ZoneTable> parse_zone_file(std::string_view bytes);

}  // namespace gander::base
