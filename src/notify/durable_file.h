// Files that are on the disk when the function returns.
//
// Threads: functions of their arguments.
// Cost:    waits for the disk.
// Fails:   I002, and then no new file is left.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace gander::notify {

// A new file (mode 0640); one of that name is written over.
Result<void> write_durably(const std::string& path, std::string_view content);
// A reader sees the old or the new content, never half.
Result<void> replace_durably(const std::string& path, std::string_view content);
// Makes names in the folder durable.
void sync_folder(const std::string& folder);

}  // namespace gander::notify
