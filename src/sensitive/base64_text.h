// Base64 and what can be told of the randomness of a text.
//
// Threads: functions of their arguments.
#pragma once

#include <cstdint>
#include <string_view>

namespace gander::sensitive {

// Decodes the start of `text` (either alphabet) into at most `room` bytes; ends at the first byte of neither.
size_t decode_base64(std::string_view text, char* out, size_t room) noexcept;
// Bits a byte (Shannon) of the first 256 bytes.
double entropy(std::string_view text) noexcept;
// CRC-32 (IEEE 802.3).
uint32_t crc32(std::string_view text) noexcept;

}  // namespace gander::sensitive
