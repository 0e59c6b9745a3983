// feed_file: the bytes of a file, or of standard input for "-", piece by piece.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::collect {

// Plain, .gz and .zst files alike (told by their first bytes). What was read before an error has been given to `take`.
Result<void> feed_file(const std::string& path, const std::function<void(std::string_view)>& take);

}  // namespace gander::collect
