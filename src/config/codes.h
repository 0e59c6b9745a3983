// The error codes of this module with one sentence each; the generated reference lists them.
#pragma once

#include <span>

#include "base/result.h"

namespace gander::config {

struct CodeMeaning {
  ErrorCode code;
  std::string_view meaning;
};

std::span<const CodeMeaning> config_codes();

}  // namespace gander::config
