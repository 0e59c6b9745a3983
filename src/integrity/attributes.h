// Attributes of a file beyond its mode: extended attributes (POSIX ACLs, capabilities, SELinux labels are such) and the
// flags of its file system (immutable, append only …), one `NAME=VALUE` a line, sorted.
//
// Threads: functions of their arguments.
// Cost:    one listing; a value is read only when there is one. Values over 256 bytes are kept as their SHA-256.
// Fails:   what cannot be read is left out (a file system without attributes has none).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gander::integrity {

// `fd`: an open file; or -1 and `path` (links are not followed). `flags`: stx_attributes of statx.
std::string read_attributes(int fd, const std::string& path, uint64_t flags);

// Sentences for what differs: "security.capability was 'x', now it is 'y'".
std::vector<std::string> attribute_changes(std::string_view before, std::string_view after);

}  // namespace gander::integrity
