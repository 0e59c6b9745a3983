// Names in <location>: dates (strftime) and wildcards.
//
// Threads: functions of their arguments and the file system.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace gander::collect {

bool has_date(std::string_view location);
bool has_wildcard(std::string_view location);

// `location` at a time. Nothing when the name would be longer than 256 bytes or is empty.
std::optional<std::string> expand_date(const std::string& location, const base::TimeZone& zone, base::Instant time);
// The names after `last` up to `time`, oldest first, `last` left out; looks back a month at most. Nothing when `last`
// is no name of that time.
std::vector<std::string> dates_since(const std::string& location, const base::TimeZone& zone, base::Instant time,
                                     const std::string& last);

// What matches now, in the order of names.
std::vector<std::string> expand_wildcard(const std::string& pattern);
// Whether the folder of `pattern` is written without wildcards, and so changes of one folder are all there is to see.
bool has_plain_folder(std::string_view pattern);
bool matches_name(const std::string& pattern, const std::string& path);

std::string folder_of(const std::string& path);  // "." for a bare name, "/" for the root
std::string name_of(const std::string& path);

}  // namespace gander::collect
