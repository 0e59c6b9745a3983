// Small file helpers with errors that name the file.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace gander::base {

// The whole file. Fails with I001 (message: the path and the system's own words).
Result<std::string> read_file(const std::string& path);
// Writes through a temporary file in the same directory and a rename, so that a reader sees old or new, never half.
// Missing parent directories are made (mode 0770). Fails with I002.
Result<void> write_file_atomically(const std::string& path, std::string_view content);
bool exists(const std::string& path);
// `dir` + "/" + `name` unless `name` is absolute.
std::string join(const std::string& dir, const std::string& name);

}  // namespace gander::base
