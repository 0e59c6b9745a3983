// Views of text that share bytes.
#pragma once

#include <functional>
#include <string_view>

namespace gander::base {

// Whether `part` is a piece of `whole` itself, not only equal to one.
inline bool lies_in(std::string_view part, std::string_view whole) {
  const std::less_equal<const char*> not_behind;
  return not_behind(whole.data(), part.data()) && not_behind(part.data() + part.size(), whole.data() + whole.size());
}

}  // namespace gander::base
