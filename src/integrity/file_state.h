// FileState: what is remembered of one watched file, and the sum text that OSSEC's messages carry of it.
//
// Owns:    plain values.
// Threads: values.
// Fails:   unpack() says nothing when the bytes are not a state (docs/formats/integrity-db.md).
// OSSEC:   sum_text() is `SIZE:MODE:UID:GID:MD5:SHA1:SHA256`, attributes that are not checked are `0` or `xxx`.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/sections.h"

namespace gander::integrity {

using Check = config::WatchedPaths::Check;

struct Digests {
  std::array<uint8_t, 16> md5{};
  std::array<uint8_t, 20> sha1{};
  std::array<uint8_t, 32> sha256{};
  unsigned present = 0;  // Check::Md5 | Check::Sha1 | Check::Sha256

  bool operator==(const Digests&) const = default;
};

// What tells that a file's content cannot have changed. Of a link: the file it leads to.
struct Stamp {
  uint64_t device = 0;
  uint64_t inode = 0;
  uint64_t size = 0;
  int64_t modified_ns = 0;
  int64_t changed_ns = 0;

  bool operator==(const Stamp&) const = default;
};

struct FileState {
  enum Flag : uint8_t {
    Gone = 1,      // compat only: reported deleted, the entry stays
    Unstable = 2,  // kept changing while it was read
  };

  uint8_t flags = 0;
  unsigned checks = 0;  // Check bits that it was made with
  uint64_t size = 0;    // these four of the entry itself, links are not followed
  uint32_t mode = 0;
  uint32_t uid = 0;
  uint32_t gid = 0;
  int64_t entry_changed_ns = 0;  // ctime of the entry itself
  Stamp stamp;
  int64_t read_ns = 0;  // when its content was read
  Digests digests;
  std::string attributes;  // extended attributes, ACLs, capabilities, labels, inode flags: a line each

  bool has(Flag flag) const { return (flags & flag) != 0; }
  bool operator==(const FileState&) const = default;
};

std::string pack(const FileState& state);
std::optional<FileState> unpack(std::string_view bytes);

void append_hex(std::string& out, const uint8_t* bytes, size_t count);
std::string sum_text(const FileState& state);

// Whether something that both were checked for differs: what makes an event.
bool differs(const FileState& before, const FileState& after);

// A path as one line of text: control characters (and a path that looks so encoded) become `/%/` and percent signs.
// Reversible; every other path stays as it is.
std::string encode_path(std::string_view path);
std::string decode_path(std::string_view text);
// The path without control characters, as event texts show it.
std::string shown_path(std::string_view path);

}  // namespace gander::integrity
