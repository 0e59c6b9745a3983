#include "store/spool_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>

#include "base/file.h"
#include "store/posix_file.h"
#include "store/spool.h"

namespace gander::store {
namespace {

constexpr size_t kPlaceSize = 24;

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, CloseDir> dir(::opendir(folder.c_str()));
  if (!dir) return names;
  while (const dirent* const entry = ::readdir(dir.get())) names.emplace_back(entry->d_name);
  return names;
}

}  // namespace

std::string spool_folder(const std::string& home) {
  return base::join(home, "queue/alerts/spool");
}

std::string segment_name(uint64_t segment) {
  std::string digits = std::to_string(segment);
  if (digits.size() < 10) digits.insert(0, 10 - digits.size(), '0');
  return "queue/alerts/spool/" + digits;
}

std::vector<uint64_t> segments_of(const std::string& home) {
  std::vector<uint64_t> segments;
  for (const std::string& name : names_in(spool_folder(home))) {
    uint64_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size() && name.size() >= 10) segments.push_back(number);
  }
  std::sort(segments.begin(), segments.end());
  return segments;
}

std::string reader_file(const std::string& home, const std::string& name) {
  return spool_folder(home) + "/readers/" + name;
}

std::vector<ReaderPlace> reader_places(const std::string& home) {
  std::vector<ReaderPlace> places;
  for (const std::string& name : names_in(spool_folder(home) + "/readers")) {
    if (name.front() == '.') continue;
    const Result<SpoolPlace> place = read_place_file(reader_file(home, name));
    places.push_back({name, place ? *place : SpoolPlace{}});
  }
  return places;
}

Result<SpoolPlace> read_place_file(const std::string& path) {
  const Result<PosixFile> file = PosixFile::open_read(path);
  if (!file) return tl::unexpected(file.error());
  std::string bytes;
  const Result<void> read = file->read_at(0, kPlaceSize, bytes);
  if (!read) return tl::unexpected(read.error());
  uint64_t words[3] = {};
  if (bytes.size() == kPlaceSize) std::memcpy(words, bytes.data(), kPlaceSize);
  if (bytes.size() != kPlaceSize || words[2] != XXH3_64bits(bytes.data(), 16)) {
    return fail("A204", "'" + path + "' holds no place in the spool", {path});
  }
  return SpoolPlace{words[0], words[1]};
}

Result<void> write_place_file(const std::string& path, const SpoolPlace& place) {
  const Result<PosixFile> file = PosixFile::open_write(path);
  if (!file) return tl::unexpected(file.error());
  uint64_t words[3] = {place.segment, place.offset, 0};
  words[2] = XXH3_64bits(words, 16);
  return file->write_at(0, {reinterpret_cast<const char*>(words), sizeof words}, {}, "reader.place");
}

}  // namespace gander::store
