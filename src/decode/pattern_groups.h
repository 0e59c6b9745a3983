// The number of capturing groups of a pattern. Internal to this folder.
#pragma once

#include "text/pattern.h"

namespace gander::decode {

int count_groups(const text::Pattern& pattern);

}  // namespace gander::decode
