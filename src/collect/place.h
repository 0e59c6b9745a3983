// FileMark and FilePlace: what was consumed of a followed file, as bytes that outlive the process.
//
// A file is known by device, inode and two fingerprints: of its first bytes (it is the same file) and of the bytes just
// before the offset (it was not written anew). `serial` counts the files a source went through, so that an inode used
// again is a new origin.
//
// Threads: values.
// Fails:   decode() gives nothing for bytes that are no place (of a later version, damaged).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gander::collect {

struct FileId {
  uint64_t device = 0;
  uint64_t inode = 0;
  auto operator<=>(const FileId&) const = default;
};

struct Fingerprint {
  uint32_t size = 0;  // bytes it covers; 0: covers nothing, fits everything
  uint64_t hash = 0;
  bool operator==(const Fingerprint&) const = default;
};

struct FileMark {
  static constexpr uint32_t kHead = 256;
  static constexpr uint32_t kTail = 64;

  std::string path;  // as records name it
  FileId id;
  uint64_t serial = 0;
  uint64_t offset = 0;
  uint64_t end = 0;  // not 0: read no further (a copy that was made before the file was truncated)
  Fingerprint head;
  Fingerprint tail;
  bool left = false;   // rotated away, and its successor is being read
  std::string memory;  // of its cutter
  bool operator==(const FileMark&) const = default;
};

struct FilePlace {
  uint64_t next_serial = 1;
  std::vector<FileMark> files;  // oldest first; none: the file was missing when it was first looked for
  bool operator==(const FilePlace&) const = default;

  std::string encode() const;
  static std::optional<FilePlace> decode(std::string_view bytes);
};

// Numbers and texts in a row, for places.
class PlaceWriter {
 public:
  void number(uint64_t n);
  void text(std::string_view t);
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class PlaceReader {
 public:
  explicit PlaceReader(std::string_view bytes) : rest_(bytes) {}
  uint64_t number();
  std::string text();
  // Everything was there, and nothing is left.
  bool ended_well() const { return good_ && rest_.empty(); }
  bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace gander::collect
