// What log rotation left beside a file: the same file under another name, a copy of it, and files in between.
//
// Threads: functions of their arguments and the file system.
// Cost:    one pass over the folder's names; a stat for names that look rotated only as far as needed; opens at most a
// few.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collect/log_file.h"
#include "collect/place.h"

namespace gander::collect {

// The path in `path`'s folder where the file `id` is now; nothing when it is gone.
std::optional<std::string> find_by_inode(const std::string& path, FileId id);

// The same for a file that nobody holds open: its inode may belong to another by now, so what is there must be what
// `mark` says was read. Of a file that nothing was read of, only `path` or a rotated name of it is believed.
std::optional<std::string> find_moved(const std::string& path, const FileMark& mark);

// A rotated name of `path` ("app.log.1", "app.log-20240305", "app-20240305.log") whose content is what `mark` says,
// with more behind it or not: a copy made before the file was truncated. The newest one that fits.
std::optional<std::string> find_copy(const std::string& path, const FileMark& mark);

// Rotated files of `path` that are younger than `found` (a rotated name of it), oldest first: what was written while
// nobody looked. Compressed ones are not among them.
std::vector<std::string> find_younger(const std::string& path, const std::string& found);

// Whether `name` is `base` with what rotation adds: numbers, dates, ".old", ".bak".
bool is_rotated_name(std::string_view name, std::string_view base);

}  // namespace gander::collect
