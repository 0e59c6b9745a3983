#include "integrity/file_state.h"

#include <charconv>
#include <cstring>

#include "base/json_text.h"

namespace gander::integrity {
namespace {

constexpr uint8_t kForm = 1;
constexpr std::string_view kEncoded = "/%/";

template <class T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));  // little endian on every system we build for; the header says so
  out.append(bytes, sizeof(T));
}

class Bytes {
 public:
  explicit Bytes(std::string_view rest) : rest_(rest) {}

  template <class T>
  void take(T& value) {
    if (rest_.size() < sizeof(T)) {
      bad_ = true;
      return;
    }
    std::memcpy(&value, rest_.data(), sizeof(T));
    rest_.remove_prefix(sizeof(T));
  }
  template <size_t N>
  void take(std::array<uint8_t, N>& value) {
    if (rest_.size() < N) {
      bad_ = true;
      return;
    }
    std::memcpy(value.data(), rest_.data(), N);
    rest_.remove_prefix(N);
  }
  std::string_view rest() const { return rest_; }
  bool bad() const { return bad_; }

 private:
  std::string_view rest_;
  bool bad_ = false;
};

template <size_t N>
void put(std::string& out, const std::array<uint8_t, N>& bytes) {
  out.append(reinterpret_cast<const char*>(bytes.data()), N);
}

template <size_t N>
void append_digest(std::string& out, const FileState& s, unsigned check, const std::array<uint8_t, N>& bytes) {
  if ((s.checks & s.digests.present & check) == 0) {
    out += "xxx";
  } else {
    append_hex(out, bytes.data(), N);
  }
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

std::string pack(const FileState& s) {
  std::string out;
  out.reserve(176 + s.attributes.size());
  put(out, kForm);
  put(out, s.flags);
  put(out, static_cast<uint16_t>(s.checks));
  put(out, static_cast<uint8_t>(s.digests.present));
  put(out, s.size);
  put(out, s.mode);
  put(out, s.uid);
  put(out, s.gid);
  put(out, s.entry_changed_ns);
  put(out, s.stamp.device);
  put(out, s.stamp.inode);
  put(out, s.stamp.size);
  put(out, s.stamp.modified_ns);
  put(out, s.stamp.changed_ns);
  put(out, s.read_ns);
  if (s.digests.present & Check::Md5) put(out, s.digests.md5);
  if (s.digests.present & Check::Sha1) put(out, s.digests.sha1);
  if (s.digests.present & Check::Sha256) put(out, s.digests.sha256);
  out += s.attributes;
  return out;
}

std::optional<FileState> unpack(std::string_view bytes) {
  FileState s;
  Bytes in(bytes);
  uint8_t form = 0;
  uint16_t checks = 0;
  uint8_t present = 0;
  in.take(form);
  in.take(s.flags);
  in.take(checks);
  in.take(present);
  in.take(s.size);
  in.take(s.mode);
  in.take(s.uid);
  in.take(s.gid);
  in.take(s.entry_changed_ns);
  in.take(s.stamp.device);
  in.take(s.stamp.inode);
  in.take(s.stamp.size);
  in.take(s.stamp.modified_ns);
  in.take(s.stamp.changed_ns);
  in.take(s.read_ns);
  if (present & Check::Md5) in.take(s.digests.md5);
  if (present & Check::Sha1) in.take(s.digests.sha1);
  if (present & Check::Sha256) in.take(s.digests.sha256);
  if (in.bad() || form != kForm || present > config::WatchedPaths::kSum) return std::nullopt;
  s.checks = checks;
  s.digests.present = present;
  s.attributes = in.rest();
  return s;
}

void append_hex(std::string& out, const uint8_t* bytes, size_t count) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (size_t i = 0; i < count; ++i) out.append(1, kHex[bytes[i] >> 4]).append(1, kHex[bytes[i] & 15]);
}

std::string sum_text(const FileState& s) {
  std::string out;
  out.reserve(160);
  const auto number = [&](unsigned check, uint64_t value) {
    base::append_number(out, s.checks & check ? value : 0);
    out += ':';
  };
  number(Check::Size, s.size);
  number(Check::Perm, s.mode);
  number(Check::Owner, s.uid);
  number(Check::Group, s.gid);
  append_digest(out, s, Check::Md5, s.digests.md5);
  out += ':';
  append_digest(out, s, Check::Sha1, s.digests.sha1);
  out += ':';
  append_digest(out, s, Check::Sha256, s.digests.sha256);
  return out;
}

bool differs(const FileState& before, const FileState& after) {
  const unsigned both = before.checks & after.checks;
  const unsigned read = both & before.digests.present & after.digests.present;
  return ((both & Check::Size) && before.size != after.size) || ((both & Check::Perm) && before.mode != after.mode) ||
         ((both & Check::Owner) && before.uid != after.uid) || ((both & Check::Group) && before.gid != after.gid) ||
         ((read & Check::Md5) && before.digests.md5 != after.digests.md5) ||
         ((read & Check::Sha1) && before.digests.sha1 != after.digests.sha1) ||
         ((read & Check::Sha256) && before.digests.sha256 != after.digests.sha256);
}

std::string encode_path(std::string_view path) {
  bool plain = !path.starts_with(kEncoded);
  for (const char c : path) plain = plain && !is_control(c);
  if (plain) return std::string(path);
  std::string out(kEncoded);
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : path) {
    if (is_control(c) || c == '%') {
      const auto byte = static_cast<unsigned char>(c);
      out.append(1, '%').append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    } else {
      out += c;
    }
  }
  return out;
}

std::string decode_path(std::string_view text) {
  if (!text.starts_with(kEncoded)) return std::string(text);
  text.remove_prefix(kEncoded.size());
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    if (text[i] == '%' && i + 2 < text.size() + 0 &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string shown_path(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (const char c : path) {
    if (!is_control(c)) out += c;
  }
  return out;
}

}  // namespace gander::integrity
