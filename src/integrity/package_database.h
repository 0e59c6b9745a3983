// PackageDatabase: which package owns a file and what it should hold, as dpkg recorded it when it was unpacked.
//
// Owns:    hashes of paths and their MD5 sums in memory (about 40 bytes a file).
// Threads: immutable after load().
// Fails:   I001 when there is no such database. Packages without sums explain only links and removed files.
// Source:  /var/lib/dpkg: info/*.list, info/*.md5sums, status (Conffiles).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"

namespace gander::integrity {

class PackageDatabase {
 public:
  // `folder`: /var/lib/dpkg.
  static Result<PackageDatabase> load(const std::string& folder);

  struct File {
    std::string_view package;
    std::string_view version;
    std::optional<std::array<uint8_t, 16>> md5;
  };
  std::optional<File> find(std::string_view path) const;

  // Which paths belonged to packages, for a later day: numbers of paths, sorted, as bytes.
  std::string owned() const;
  static std::vector<uint64_t> parse_owned(std::string_view bytes);
  static bool holds(const std::vector<uint64_t>& owned, std::string_view path);

 private:
  struct Entry {
    uint32_t package = 0;
    bool has_md5 = false;
    std::array<uint8_t, 16> md5{};
  };
  struct Package {
    std::string name;
    std::string version;
  };
  static uint64_t number_of(std::string_view path);
  void read_status(const std::string& text);
  void read_list(const std::string& text, uint32_t package);
  void read_sums(const std::string& text, uint32_t package);
  uint32_t package_number(const std::string& name);
  void set_md5(std::string_view path, std::string_view hex, uint32_t package);

  std::vector<Package> packages_;
  std::unordered_map<std::string, uint32_t> numbers_;
  std::unordered_map<uint64_t, Entry> files_;
};

}  // namespace gander::integrity
