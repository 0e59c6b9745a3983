// Subject: a text to be searched, with what is known of its encoding, so that it is looked at once and not per pattern.
#pragma once

#include <cstdint>
#include <string_view>

namespace gander::text {

enum class Encoding : uint8_t {
  Ascii,    // every byte below 0x80
  Utf8,     // valid UTF-8 with at least one byte above 0x7f (PCRE2's notion: no surrogates, at most U+10FFFF)
  Invalid,  // anything else
};

Encoding encoding_of(std::string_view bytes) noexcept;

struct Subject {
  std::string_view bytes;
  Encoding encoding = Encoding::Ascii;

  static Subject of(std::string_view bytes) noexcept { return {bytes, encoding_of(bytes)}; }
};

}  // namespace gander::text
