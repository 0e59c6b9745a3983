// CdbList: a look-up list in the public 32-bit constant database format; ListCatalogue: the declared ones.
//
// Owns:    the file's bytes. Every offset is checked: a damaged file gives "not found" and a diagnostic, never a crash.
// Threads: immutable after loading.
// Source:  the cdb format of D. J. Bernstein (docs/formats/cdb.md).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "base/result.h"

namespace gander::rules {

class CdbList {
 public:
  // Fails with L001 (unreadable) or L002 (not a cdb file: header out of range).
  static Result<CdbList> load(const std::string& path);
  static Result<CdbList> from_bytes(std::string bytes, const std::string& path);
  // Value of the first entry with this key, compared byte for byte.
  std::optional<std::string_view> find(std::string_view key) const;
  size_t size() const { return size_; }
  // Bytes of the longest key, so that hostile texts need not be looked up beginning by beginning.
  size_t longest_key() const { return longest_key_; }

 private:
  void count();

  std::string bytes_;
  size_t size_ = 0;
  size_t longest_key_ = 0;
};

// A text list ("key:value" a line) as a cdb file; `added` (may be null) is told every entry kept.
std::string compile_list(std::string_view text,
                         void (*added)(std::string_view key, std::string_view value, void*) = nullptr,
                         void* context = nullptr);

// Lists declared by the configuration, by resolved name without ".cdb" ("rules/blocked", "etc/z").
class ListCatalogue {
 public:
  struct Entry {
    std::string path;             // the .cdb file
    std::optional<CdbList> list;  // absent: it could not be opened
    int open_errno = 0;           // why
  };
  // Loads `path` (a missing or damaged file is a warning, and its look-ups then say so).
  void declare(const std::string& name, const std::string& path, Diagnostics& diagnostics);
  const Entry* find(std::string_view name) const;  // `name` or `name.cdb`
  const std::map<std::string, Entry, std::less<>>& entries() const { return entries_; }

 private:
  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace gander::rules
