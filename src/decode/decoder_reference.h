// What the generated reference says of decoder files: elements and diagnostics.
//
// Threads: constants.
#pragma once

#include <span>
#include <string_view>

#include "config/codes.h"

namespace gander::decode {

struct ElementHelp {
  std::string_view name;
  std::string_view attributes;  // empty = none
  std::string_view help;
};

// The elements of a <decoder>.
std::span<const ElementHelp> decoder_elements();
std::span<const config::CodeMeaning> decode_codes();

}  // namespace gander::decode
