#include "base/zone_file.h"

#include <algorithm>

namespace gander::base {

namespace {

constexpr size_t kHeader = 44;
constexpr size_t kMostEntries = 65536;
constexpr int32_t kMostOffset = 26 * 3600;

// A big-endian two's complement number of `size` bytes at `at`.
int64_t number_at(std::string_view bytes, size_t at, size_t size) {
  uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (size_t i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<int64_t>(value);
}

struct Header {
  char version = 0;
  size_t utc_flags = 0;
  size_t standard_flags = 0;
  size_t leaps = 0;
  size_t changes = 0;
  size_t types = 0;
  size_t letters = 0;

  size_t data_size(size_t time_size) const {
    return changes * (time_size + 1) + types * 6 + letters + leaps * (time_size + 4) + standard_flags + utc_flags;
  }
};

std::optional<Header> read_header(std::string_view bytes) {
  if (bytes.size() < kHeader || !bytes.starts_with("TZif")) return std::nullopt;
  Header h;
  h.version = bytes[4];
  size_t* const counts[] = {&h.utc_flags, &h.standard_flags, &h.leaps, &h.changes, &h.types, &h.letters};
  size_t at = 20;
  for (size_t* const count : counts) {
    const int64_t value = number_at(bytes, at, 4);
    if (value < 0 || value > static_cast<int64_t>(kMostEntries)) return std::nullopt;
    *count = static_cast<size_t>(value);
    at += 4;
  }
  if (h.types == 0) return std::nullopt;
  return h;
}

// The block of data that follows a header; `time_size` is 4 or 8.
std::optional<ZoneTable> read_block(std::string_view data, const Header& h, size_t time_size) {
  // Clocks that count leap seconds ("right/…") are not POSIX time; reading them as if they were would be wrong.
  if (data.size() < h.data_size(time_size) || h.leaps != 0) return std::nullopt;
  const size_t types_at = h.changes * (time_size + 1);
  std::vector<int32_t> type_offsets;
  for (size_t i = 0; i < h.types; ++i) {
    const int64_t offset = number_at(data, types_at + i * 6, 4);
    if (offset < -kMostOffset || offset > kMostOffset) return std::nullopt;
    type_offsets.push_back(static_cast<int32_t>(offset));
  }
  ZoneTable zone;
  zone.before = type_offsets.front();
  for (size_t i = 0; i < h.changes; ++i) {
    const int64_t when = number_at(data, i * time_size, time_size);
    const auto type = static_cast<unsigned char>(data[h.changes * time_size + i]);
    if (type >= h.types || (i > 0 && when <= zone.changes.back())) return std::nullopt;
    zone.changes.push_back(when);
    zone.offsets.push_back(type_offsets[type]);
  }
  return zone;
}

}  // namespace

int32_t ZoneTable::offset_at(int64_t unix_time) const {
  if (after && (changes.empty() || unix_time >= changes.back())) return after->offset_at(unix_time);
  const auto next = std::upper_bound(changes.begin(), changes.end(), unix_time);
  if (next == changes.begin()) return before;
  return offsets[static_cast<size_t>(next - changes.begin()) - 1];
}

std::optional<ZoneTable> parse_zone_file(std::string_view bytes) {
  const std::optional<Header> first = read_header(bytes);
  if (!first) return std::nullopt;
  bytes.remove_prefix(kHeader);
  if (first->version < '2') return read_block(bytes, *first, 4);

  // From version 2 on the same data follow again with 64-bit times, then the rule for the time after them.
  if (bytes.size() < first->data_size(4)) return std::nullopt;
  bytes.remove_prefix(first->data_size(4));
  const std::optional<Header> second = read_header(bytes);
  if (!second) return std::nullopt;
  bytes.remove_prefix(kHeader);
  std::optional<ZoneTable> zone = read_block(bytes, *second, 8);
  if (!zone) return std::nullopt;
  bytes.remove_prefix(second->data_size(8));
  if (bytes.empty() || bytes.front() != '\n') return zone;
  const size_t end = bytes.find('\n', 1);
  if (end == std::string_view::npos) return zone;
  const std::string_view footer = bytes.substr(1, end - 1);
  zone->after = PosixTz::parse(footer);
  if (!footer.empty() && !zone->after) return std::nullopt;
  return zone;
}

}  // namespace gander::base
