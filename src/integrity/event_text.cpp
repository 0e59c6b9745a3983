#include "integrity/event_text.h"

#include <array>
#include <charconv>

#include "integrity/file_state.h"

namespace gander::integrity {
namespace {

constexpr size_t kMostPath = 756;
constexpr std::string_view kPlaceholder = "xxx";

std::string quoted_path(std::string_view path) {
  return "'" + shown_path(path).substr(0, kMostPath) + "'";
}

bool digest_differs(std::string_view a, std::string_view b) {
  return a != b && a != kPlaceholder && b != kPlaceholder && a.data() != nullptr && b.data() != nullptr;
}

void append_pair(std::string& out, std::string_view name, std::string_view was, std::string_view is) {
  if (!digest_differs(was, is)) return;
  out.append("Old ").append(name).append(" was: '").append(was).append("'\n");
  out.append("New ").append(name).append(" is : '").append(is).append("'\n");
}

void append_from_to(std::string& out, std::string_view lead, std::string_view was, std::string_view middle,
                    std::string_view is) {
  if (was == is) return;
  out.append(lead).append(was).append(middle).append(is).append("'\n");
}

}  // namespace

FileSum FileSum::parse(std::string_view text) {
  FileSum out;
  if (text == "-1") {
    out.deleted = true;
    return out;
  }
  std::array<std::string_view, 7> fields{};
  size_t count = 0;
  for (std::string_view rest = text; count < fields.size();) {
    const size_t colon = rest.find(':');
    fields[count++] = rest.substr(0, colon);
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  if (count < 6) return out;
  out.whole = true;
  out.size = fields[0];
  out.mode = fields[1];
  out.uid = fields[2];
  out.gid = fields[3];
  out.md5 = fields[4];
  out.sha1 = fields[5];
  if (count == 7) out.sha256 = fields[6];
  return out;
}

bool FileSum::really_differs(const FileSum& other) const {
  if (!whole || !other.whole) return true;
  return size != other.size || mode != other.mode || uid != other.uid || gid != other.gid ||
         digest_differs(md5, other.md5) || digest_differs(sha1, other.sha1) || digest_differs(sha256, other.sha256);
}

uint32_t mode_number(std::string_view field) {
  uint32_t mode = 0;
  std::from_chars(field.data(), field.data() + field.size(), mode, field.size() == 3 ? 8 : 10);
  return mode;
}

std::string permission_text(uint32_t mode) {
  const auto bit = [&](uint32_t mask, char c) { return (mode & mask) != 0 ? c : '-'; };
  std::string out;
  for (const uint32_t shift : {6U, 3U, 0U}) {
    out += bit(4U << shift, 'r');
    out += bit(2U << shift, 'w');
    out += bit(1U << shift, 'x');
  }
  if (mode & 04000) out[2] = 's';
  if (mode & 02000) out[5] = 's';
  if (mode & 01000) out[8] = 't';
  return out;
}

std::string permissions_line(const FileSum& before, const FileSum& after) {
  if (before.mode == after.mode) return {};
  const uint32_t was = mode_number(before.mode);
  const uint32_t is = mode_number(after.mode);
  if (was == 0 || is == 0) return {};
  return "Permissions changed from '" + permission_text(was) + "' to '" + permission_text(is) + "'\n";
}

std::string changed_text(std::string_view path, const FileSum& before, const FileSum& after,
                         std::string_view permissions, std::string_view difference) {
  std::string out = "Integrity checksum changed for: " + quoted_path(path) + "\n";
  // A sum that does not split (an agent's error text) has nothing to compare.
  if (!before.whole || !after.whole) return out;
  append_from_to(out, "Size changed from '", before.size, "' to '", after.size);
  out += permissions;
  append_from_to(out, "Ownership was '", before.uid, "', now it is '", after.uid);
  append_from_to(out, "Group ownership was '", before.gid, "', now it is '", after.gid);
  append_pair(out, "md5sum", before.md5, after.md5);
  append_pair(out, "sha1sum", before.sha1, after.sha1);
  append_pair(out, "sha256sum", before.sha256, after.sha256);
  if (!difference.empty()) out.append("What changed:\n").append(difference);
  return out;
}

std::string new_text(std::string_view path, const FileSum& after) {
  const auto shown = [&](std::string_view digest) { return after.whole ? digest : std::string_view("Unknown"); };
  std::string out = "New file " + quoted_path(path) + " added to the file system.\n";
  out.append("New sha1sum is : '").append(shown(after.sha1)).append("'\n");
  out.append("New md5sum is : '").append(shown(after.md5)).append("'\n");
  if (after.sha256.data() != nullptr) out.append("New sha256sum is : '").append(after.sha256).append("'\n");
  return out;
}

std::string deleted_text(std::string_view path) {
  return "File " + quoted_path(path) + " was deleted. Unable to retrieve checksum.";
}

std::string returned_text(std::string_view path) {
  return "File " + quoted_path(path) + " was re-added.";
}

}  // namespace gander::integrity
