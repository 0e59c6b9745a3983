// Base64 and what can be told of the randomness of a text.
//
// Threads: functions of their arguments.
#pragma once

#include <cstdint>
#include <string_view>

namespace gander::sensitive {

// The six bits of a letter of either alphabet, or -1.
int base64_value(char c) noexcept;
// Decodes the start of `text` (either alphabet) into at most `room` bytes; ends at the first byte of neither.
size_t decode_base64(std::string_view text, char* out, size_t room) noexcept;
// The next base64 letter (`=` too) of a body that stands in lines, quotes or a list, its line ends also written \n and
// \r, at or behind `at`, which moves behind it; 0: the body ends here.
char next_letter(std::string_view text, size_t& at) noexcept;
// Bits a byte (Shannon) of the first 256 bytes.
double entropy(std::string_view text) noexcept;
// CRC-32 (IEEE 802.3).
uint32_t crc32(std::string_view text) noexcept;

}  // namespace gander::sensitive
