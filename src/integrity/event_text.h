// Texts of file integrity events, and the sums that they are made of.
//
// Threads: functions of their arguments.
// Fails:   cannot; a sum that does not split has no fields.
// OSSEC:   to the byte (docs/formats/integrity-events.md); the line of permissions that 4.3 repeats from the event
// before
//          is the caller's to give.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gander::integrity {

// `SIZE:MODE:UID:GID:MD5:SHA1[:SHA256]`, or `-1`. Views into the text.
struct FileSum {
  static FileSum parse(std::string_view text);

  bool deleted = false;
  bool whole = false;                                        // it did split
  std::string_view size, mode, uid, gid, md5, sha1, sha256;  // sha256 null: six fields

  // Differs in a field where neither side is a placeholder.
  bool really_differs(const FileSum& other) const;
};

// Mode of the field: octal with exactly three digits, else decimal.
uint32_t mode_number(std::string_view field);
std::string permission_text(uint32_t mode);

std::string changed_text(std::string_view path, const FileSum& before, const FileSum& after,
                         std::string_view permissions_line, std::string_view difference);
// "Permissions changed from 'rw-r--r--' to …\n", or nothing when a side is not known or both are equal.
std::string permissions_line(const FileSum& before, const FileSum& after);
std::string new_text(std::string_view path, const FileSum& after);
std::string deleted_text(std::string_view path);
std::string returned_text(std::string_view path);

}  // namespace gander::integrity
