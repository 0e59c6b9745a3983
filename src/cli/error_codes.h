// Every error code of the program with one sentence, gathered from the modules.
#pragma once

#include <vector>

#include "config/codes.h"

namespace gander::cli {

using config::CodeMeaning;

// Sorted by code.
std::vector<CodeMeaning> all_error_codes();

}  // namespace gander::cli
