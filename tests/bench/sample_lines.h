// Log lines that every benchmark uses: one of each frequent kind.
#pragma once

#include <span>
#include <string_view>

namespace gander::bench {

std::span<const std::string_view> sample_lines();

}  // namespace gander::bench
