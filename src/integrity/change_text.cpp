#include "integrity/change_text.h"

#include "base/json_text.h"
#include "base/utf8.h"
#include "integrity/event_text.h"

namespace gander::integrity {
namespace {

std::string_view name_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::Baseline:
      return "baseline";
    case ChangeKind::New:
      return "new";
    case ChangeKind::Changed:
      return "changed";
    case ChangeKind::Attributes:
      return "attributes";
    case ChangeKind::Deleted:
      return "deleted";
  }
  return "changed";
}

template <size_t N>
void add_digest(base::JsonBuilder& json, std::string_view name, const FileState& s, unsigned check,
                const std::array<uint8_t, N>& bytes) {
  if ((s.checks & s.digests.present & check) == 0) return;
  std::string hex;
  append_hex(hex, bytes.data(), N);
  json.string(name, hex);
}

void add_state(base::JsonBuilder& json, std::string_view key, const FileState& s) {
  json.open_object(key);
  if (s.checks & Check::Size) json.number("size", s.size);
  if (s.checks & Check::Perm) json.number("mode", s.mode);
  if (s.checks & Check::Owner) json.number("uid", s.uid);
  if (s.checks & Check::Group) json.number("gid", s.gid);
  json.number("inode", s.stamp.inode);
  json.number("modified_ns", s.stamp.modified_ns);
  json.number("changed_ns", s.entry_changed_ns);
  add_digest(json, "md5", s, Check::Md5, s.digests.md5);
  add_digest(json, "sha1", s, Check::Sha1, s.digests.sha1);
  add_digest(json, "sha256", s, Check::Sha256, s.digests.sha256);
  json.string_if_any("attributes", s.attributes);
  if (s.has(FileState::Unstable)) json.string("state", "changed while it was read");
  json.close_object();
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const base::Utf8Char c = base::utf8_at(text, i);
    if (c.length == 0) return false;
    i += c.length;
  }
  return true;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const std::string_view piece = bytes.substr(i, 3);
    uint32_t value = 0;
    for (size_t k = 0; k < 3; ++k) {
      value = (value << 8) | (k < piece.size() ? static_cast<unsigned char>(piece[k]) : 0U);
    }
    for (size_t k = 0; k < 4; ++k) out += k <= piece.size() ? kDigits[(value >> (18 - 6 * k)) & 63] : '=';
  }
  return out;
}

std::string event_text(const Change& change) {
  const std::string before = sum_text(change.before);
  const std::string after = sum_text(change.after);
  const FileSum old_sum = FileSum::parse(before);
  const FileSum new_sum = FileSum::parse(after);
  switch (change.kind) {
    case ChangeKind::Baseline:
    case ChangeKind::New:
      return new_text(change.path, new_sum);
    case ChangeKind::Deleted:
      return deleted_text(change.path);
    default:
      return changed_text(change.path, old_sum, new_sum, permissions_line(old_sum, new_sum), change.difference);
  }
}

std::string change_json(const Change& change, base::Instant time) {
  std::string out;
  base::JsonBuilder json(out, base::DamagedUtf8::Replace);
  json.open_object();
  json.number("time", base::unix_seconds(time));
  json.string("event", name_of(change.kind));
  json.string("path", change.path);
  if (!is_utf8(change.path)) json.string("path_base64", base64(change.path));
  if (change.kind != ChangeKind::New && change.kind != ChangeKind::Baseline) add_state(json, "before", change.before);
  if (change.kind != ChangeKind::Deleted) add_state(json, "after", change.after);
  json.string_if_any("difference", change.difference);
  if (!change.sensitive.empty()) {
    json.open_array("sensitive");
    for (const std::string& line : change.sensitive) json.element(line);
    json.close_array();
  }
  if (change.actor) {
    json.open_object("actor");
    change.actor->members(json);
    json.close_object();
  }
  json.close_object();
  return out;
}

}  // namespace gander::integrity
