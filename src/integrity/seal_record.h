// The seal of a baseline as bytes and back.
//
// Threads: functions of their arguments.
// Fails:   read_seal() says no to bytes of another length.
// Source:  docs/formats/integrity-db.md.
#pragma once

#include <cstring>
#include <string>
#include <string_view>

#include "integrity/row_seal.h"

namespace gander::integrity {

// What a seal covers, as stored in meta "seal": sequence, sum and count of rows, number and tag of the last history
// row.
struct Seal {
  uint64_t sequence = 0;
  TagSum rows;
  TagSum metas;
  uint64_t history = 0;
  Tag head{};
  Tag tag{};
};

template <class T>
std::string_view raw(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

inline Tag to_tag(std::string_view bytes) {
  Tag out{};
  if (bytes.size() == out.size()) std::memcpy(out.data(), bytes.data(), out.size());
  return out;
}

inline Tag tag_of_seal(RowSeal& seal, const Seal& s) {
  return seal.tag('S', {raw(s.sequence), s.rows.bytes(), s.metas.bytes(), raw(s.history), view_of(s.head)});
}

inline std::string write_seal(const Seal& s) {
  return std::string(raw(s.sequence)) + s.rows.bytes() + s.metas.bytes() + std::string(raw(s.history)) +
         std::string(view_of(s.head)) + std::string(view_of(s.tag));
}

inline bool read_seal(std::string_view bytes, Seal& out) {
  constexpr size_t kSum = 24;
  if (bytes.size() != 8 + kSum * 2 + 8 + 16 + 16) return false;
  std::memcpy(&out.sequence, bytes.data(), 8);
  out.rows = TagSum::from(bytes.substr(8, kSum));
  out.metas = TagSum::from(bytes.substr(8 + kSum, kSum));
  std::memcpy(&out.history, bytes.data() + 8 + 2 * kSum, 8);
  out.head = to_tag(bytes.substr(16 + 2 * kSum, 16));
  out.tag = to_tag(bytes.substr(32 + 2 * kSum, 16));
  return true;
}

}  // namespace gander::integrity
