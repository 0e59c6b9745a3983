#include "text/subject.h"

#include <cstring>

#include "base/utf8.h"

namespace gander::text {
namespace {

size_t ascii_prefix(std::string_view s) noexcept {
  constexpr uint64_t kHigh = 0x8080808080808080ULL;
  size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    uint64_t word = 0;
    std::memcpy(&word, s.data() + i, 8);
    if (word & kHigh) break;
  }
  while (i < s.size() && static_cast<unsigned char>(s[i]) < 0x80) ++i;
  return i;
}

}  // namespace

Encoding encoding_of(std::string_view bytes) noexcept {
  size_t i = ascii_prefix(bytes);
  if (i == bytes.size()) return Encoding::Ascii;
  while (i < bytes.size()) {
    if (static_cast<unsigned char>(bytes[i]) < 0x80) {
      i += ascii_prefix(bytes.substr(i));
      continue;
    }
    const size_t length = base::utf8_at(bytes, i).length;
    if (length == 0) return Encoding::Invalid;
    i += length;
  }
  return Encoding::Utf8;
}

}  // namespace gander::text
